import type { Table } from '../../shared/core/table.ts';

/** The process is gone. */
class Died extends Error {
  override readonly name = 'Died';
}

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * A table for one life of a process, which ends at the `diesAt`-th use of the table, before or after it took effect. From
 * then on nothing has an effect any more. `used` is told what was called.
 */
export function failingAt(table: Table, diesAt: number, when: 'before' | 'after', used: string[] = []): Table {
  let uses = 0;
  const part = (object: object, path: string): unknown =>
    new Proxy(object, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === 'function') {
          return async (...args: unknown[]) => {
            used.push(`${path}${String(name)}`);
            const use = uses++;
            if (use > diesAt || (use === diesAt && when === 'before')) throw new Died();
            const result = await (value as Method).apply(target, args);
            if (use === diesAt) throw new Died();
            return result;
          };
        }
        return part(Object(value), `${path}${String(name)}.`);
      },
    });
  return part(table, '') as Table;
}
