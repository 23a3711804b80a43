import type { FormVisit } from '../step.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const addressOf = ({ form }: FormVisit): string => (form.values.email ?? '').toLowerCase();

/*
 * Everything is counted by what the caller gave, never by what was found: an address that is nobody's comes to its limit
 * after as many tries as one that is on file. Places are taken before anything is tried, so many calls at once get no more.
 */

/** Whether another address may be looked up for the calling number. A withheld number counts by its call. */
export async function mayLookUp({ turn, parts }: FormVisit): Promise<boolean> {
  const by = turn.caller.phone ?? turn.conversationId;
  const waitMs = await parts.rates.take(`helpdesk-look-up#${by}`, parts.limits.lookUpsPerHour, HOUR_MS, turn.nowMs);
  return waitMs === undefined;
}

/** Whether another code may be sent for the address. */
export async function maySend(visit: FormVisit): Promise<boolean> {
  const { parts, turn } = visit;
  const { codesPerHour, codesPerDay } = parts.limits;
  const address = addressOf(visit);
  const ofHour = await parts.rates.take(`helpdesk-code#${address}`, codesPerHour, HOUR_MS, turn.nowMs);
  if (ofHour !== undefined) return false;
  return (await parts.rates.take(`helpdesk-code-of-day#${address}`, codesPerDay, DAY_MS, turn.nowMs)) === undefined;
}

/** Whether another code or PIN may be checked for the address. */
export async function mayCheck(visit: FormVisit): Promise<boolean> {
  const { parts, turn } = visit;
  const key = `helpdesk-check#${addressOf(visit)}`;
  return (await parts.rates.take(key, parts.limits.checksPerDay, DAY_MS, turn.nowMs)) === undefined;
}
