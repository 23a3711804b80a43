import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { isQueryValue, type Search, sysId, type TableApi } from './table-api.ts';

/** Also one as `pat.o'neil@example.com`. */
const address = v.pipe(v.string(), v.trim(), v.maxLength(100), v.rfcEmail());

/** What is to be known of a user. */
export type Wanted<T> = Pick<Search<T>, 'fields' | 'row' | 'tryMs'>;

/**
 * The one active user with an e-mail address. Undefined when there is none, when there are several, and for what is no
 * address. It says whose the address is, not that whoever gave it is that person. Throws `NotTaken`.
 */
export async function findUser<T>(
  table: TableApi,
  email: string | undefined,
  wanted: Wanted<T>,
  deadline: Deadline,
): Promise<T | undefined> {
  const parsed = v.safeParse(address, email);
  if (!parsed.success || !isQueryValue(parsed.output)) return undefined;
  const where = { email: parsed.output, active: 'true' };
  const found = await table.find({ table: 'sys_user', where, limit: 2, ...wanted }, deadline);
  return found.length === 1 ? found[0] : undefined;
}

const named = { fields: ['sys_id'], row: v.object({ sys_id: sysId }) };

/** The same user by `sys_id`. */
export async function findCaller(table: TableApi, email: string | undefined, deadline: Deadline) {
  return (await findUser(table, email, named, deadline))?.sys_id;
}
