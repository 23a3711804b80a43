import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { isQueryValue, sysId, type TableApi } from './table-api.ts';

/** An address as people have them; those that only a specification allows are nobody's here. */
const address = v.pipe(v.string(), v.trim(), v.maxLength(100), v.email());

const user = v.object({ sys_id: sysId });

/**
 * The one active user with an e-mail address. Undefined when there is none, when there are several, and for what is no
 * address. It says whose the address is, not that whoever gave it is that person. Throws `NotTaken`.
 */
export async function findCaller(
  table: TableApi,
  email: string | undefined,
  deadline: Deadline,
): Promise<string | undefined> {
  const parsed = v.safeParse(address, email);
  if (!parsed.success || !isQueryValue(parsed.output)) return undefined;
  const search = {
    table: 'sys_user',
    where: { email: parsed.output, active: 'true' },
    fields: ['sys_id'],
    limit: 2,
    row: user,
  };
  const found = await table.find(search, deadline);
  return found.length === 1 ? found[0]?.sys_id : undefined;
}
