import { setTimeout as sleep } from 'node:timers/promises';
import type { Table } from '../../shared/core/table.ts';
import { wrapTable } from './jittery-table.ts';

/** The process is gone. */
class Died extends Error {
  override readonly name = 'Died';
}

/**
 * A table for one life of a process, which ends at the `diesAt`-th use of the table, before or after it took effect. From
 * then on nothing has an effect any more. `used` is told what was called.
 */
export function failingAt(table: Table, diesAt: number, when: 'before' | 'after', used: string[] = []): Table {
  let uses = 0;
  return wrapTable(table, async (name, does) => {
    used.push(name);
    const use = uses++;
    if (use > diesAt || (use === diesAt && when === 'before')) throw new Died();
    const result = await does();
    if (use === diesAt) throw new Died();
    return result;
  });
}

/** A table that takes a few milliseconds for each use, never the same, so that requests at the same time cross. */
export function unevenTable(table: Table): Table {
  let uses = 0;
  return wrapTable(table, async (_, does) => {
    await sleep((uses++ * 7) % 5);
    const result = await does();
    await sleep((uses * 3) % 4);
    return result;
  });
}
