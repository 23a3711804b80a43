import type { Table } from '../../shared/core/table.ts';
import type { RunningClock } from './running-clock.ts';

/** Calls every method of the table's parts through `around`, which gets its full name and what it would do. */
export function wrapTable(
  table: Table,
  around: (name: string, does: () => Promise<unknown>) => Promise<unknown>,
): Table {
  const wrapped = Object.entries(table).map(([part, methods]) => [
    part,
    Object.fromEntries(
      Object.entries(methods as Record<string, (...args: unknown[]) => Promise<unknown>>).map(([method, run]) => [
        method,
        (...args: unknown[]) => around(`${part}.${method}`, () => run(...args)),
      ]),
    ),
  ]);
  return Object.fromEntries(wrapped);
}

/** A table whose requests take as long as the list says, over and over, so that requests cross in many ways. */
export function jitteryTable(table: Table, clock: RunningClock, latenciesMs: readonly number[]): Table {
  let next = 0;
  const wait = () => clock.sleep(latenciesMs[next++ % latenciesMs.length] ?? 0);
  return wrapTable(table, async (_, does) => {
    await wait();
    const result = await does();
    await wait();
    return result;
  });
}
