import { mayLookUp } from '../proof/limits.ts';
import { anotherTry } from '../slots/email.ts';
import { type FormVisit, type Step, toPerson, withChanged } from '../step.ts';
import { words } from '../words-en.ts';

/**
 * Looks up whose the address is, and whose the calling number is where the network vouches for it. Only a caller who is
 * known by their number is told that an address is nobody's.
 */
export async function identify(visit: FormVisit): Promise<Step> {
  const { turn, parts, state, form } = visit;
  const { incidents } = parts;
  const email = form.values.email ?? '';
  if (!incidents) return { state };
  const phone = turn.caller.isAttested ? turn.caller.phone : undefined;
  // Who opens an incident from a number that proves nothing learns nothing by it, so only the others are counted.
  const isCounted = form.is === 'status' || phone !== undefined;
  if (isCounted && !state.work?.isAgain && !(await mayLookUp(visit))) {
    if (form.is === 'status') return toPerson(state, 'not verified', words.noTickets);
    return { state: withChanged(state, { ...form, found: {} }) };
  }
  const [user, caller] = await Promise.all([
    incidents.userByEmail(email, turn.deadline),
    phone === undefined ? undefined : incidents.userByPhone(phone, turn.deadline),
  ]);
  if (caller && !user) {
    const { email: _, ...values } = form.values;
    const again: FormVisit = { ...visit, form: { ...form, values } };
    const step = anotherTry(again, { step: 'ask', rejected: [...form.email.rejected, email] });
    return { ...step, says: [words.notInSystem(email, form.unsaid.email), ...(step.says ?? [])] };
  }
  const found = user ? { sysId: user.sysId, name: user.name, mobile: user.mobile } : {};
  const next = withChanged(state, { ...form, found });
  if (!user || !caller || caller.sysId !== user.sysId) return { state: next };
  return { state: { ...next, verified: { email, sysId: user.sysId, name: user.name, by: 'caller id' } } };
}
