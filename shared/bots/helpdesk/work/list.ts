import { ended } from '../forms/ended.ts';
import { isVerified } from '../slots/proof.ts';
import type { FormVisit, Step } from '../step.ts';
import { words } from '../words-en.ts';

/** As much of a title is read out. */
const TITLE_LENGTH = 120;

/** Reads out the newest tickets of a caller who is verified. */
export async function list(visit: FormVisit): Promise<Step> {
  const { turn, parts, state } = visit;
  if (!parts.incidents || !state.verified || !isVerified(visit)) return { state };
  const { incidents, more } = await parts.incidents.newest(state.verified.sysId, turn.deadline);
  const said = incidents.map((one) => words.incident({ ...one, title: one.title.slice(0, TITLE_LENGTH) }, turn.nowMs));
  if (said.length === 0) return ended(visit, words.none);
  return ended(visit, ...said, ...(more > 0 ? [words.more(more)] : []));
}
