import { ended } from '../forms/ended.ts';
import { incidentOf } from '../forms/incident.ts';
import type { FormVisit, Step } from '../step.ts';
import { words } from '../words-en.ts';

/** Opens the incident, once for this wish, however often it is tried. */
export async function open(visit: FormVisit): Promise<Step> {
  const { turn, parts, form, state } = visit;
  if (!parts.incidents) return { state };
  const { number } = await parts.incidents.open(incidentOf(form, turn.conversationId), turn.deadline);
  return ended(visit, words.opened(number));
}
