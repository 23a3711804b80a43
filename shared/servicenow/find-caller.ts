import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { isQueryValue, type Search, sysId, type TableApi } from './table-api.ts';

/** Also one as `pat.o'neil@example.com`. */
const address = v.pipe(v.string(), v.trim(), v.maxLength(100), v.rfcEmail());

/** What is to be known of a user. */
export type Wanted<T> = Pick<Search<T>, 'fields' | 'row' | 'tryMs'>;

/** The one active user of whom this is so. Undefined when there is none, or several. Throws `NotTaken`. */
export async function findUser<T>(
  table: TableApi,
  { where, oneOf }: Pick<Search<T>, 'where' | 'oneOf'>,
  wanted: Wanted<T>,
  deadline: Deadline,
): Promise<T | undefined> {
  const narrowed = { table: 'sys_user', where: { ...where, active: 'true' }, limit: 2, ...(oneOf && { oneOf }) };
  const found = await table.find({ ...narrowed, ...wanted }, deadline);
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The one active user with an e-mail address; undefined for what is no address, too. It says whose the address is, not that
 * whoever gave it is that person. Throws `NotTaken`.
 */
export async function findByEmail<T>(
  table: TableApi,
  email: string | undefined,
  wanted: Wanted<T>,
  deadline: Deadline,
): Promise<T | undefined> {
  const parsed = v.safeParse(address, email);
  if (!parsed.success || !isQueryValue(parsed.output)) return undefined;
  return findUser(table, { where: { email: parsed.output } }, wanted, deadline);
}

const named = { fields: ['sys_id'], row: v.object({ sys_id: sysId }) };

/** The same user by `sys_id`. */
export async function findCaller(table: TableApi, email: string | undefined, deadline: Deadline) {
  return (await findByEmail(table, email, named, deadline))?.sys_id;
}
