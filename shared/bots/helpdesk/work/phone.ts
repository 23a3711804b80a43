import { mayLookUp } from '../proof/limits.ts';
import { withoutAddress } from '../slots/email.ts';
import { type FormVisit, type Step, withChanged } from '../step.ts';

/** Looks for an address by the calling number, which the network vouches for. */
export async function byPhone(visit: FormVisit): Promise<Step> {
  const { turn, parts, state, form } = visit;
  const { phone = '' } = turn.caller;
  const may = state.work?.isAgain || (await mayLookUp(visit));
  const user = may ? await parts.incidents?.userByPhone(phone, turn.deadline) : undefined;
  // There are users without one.
  const email = user?.email.trim() || undefined;
  const next = { ...form, email: { ...form.email, phone: { email } } };
  if (email === undefined) return withoutAddress({ ...visit, form: next });
  return { state: withChanged(state, { ...next, email: { ...next.email, step: 'phone' } }) };
}
