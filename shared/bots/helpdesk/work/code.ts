import { evened } from '../proof/evened.ts';
import { maySend } from '../proof/limits.ts';
import { type FormVisit, type Step, toPerson } from '../step.ts';
import { words } from '../words-en.ts';

/**
 * Sends a code to the mobile phone on file, never to the calling number. Whether one was sent, and whether there is anybody
 * to send it to, cannot be told from what follows.
 */
export async function sendCode(visit: FormVisit): Promise<Step> {
  const { turn, parts, state, form } = visit;
  if (!state.work?.isAgain && !(await maySend(visit))) return toPerson(state, 'not verified', words.noTickets);
  const mobile = form.found?.mobile;
  const sent = mobile === undefined ? undefined : parts.codes?.send(mobile, turn.deadline);
  const outcome = await evened(turn.deadline, Promise.resolve(sent));
  if (outcome !== undefined && outcome !== 'sent') turn.note({ verify: outcome });
  return { state };
}
