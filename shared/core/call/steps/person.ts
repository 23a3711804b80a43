import { agentLink } from '../../callers/agent-link.ts';
import { openCall } from '../../handover/open-call.ts';
import type { CallRecord } from '../../table.ts';
import { isOpen } from '../hours.ts';
import { knownOf } from '../known-of-caller.ts';
import { textsIn } from '../languages/index.ts';
import { legUrl } from '../leg-step.ts';
import { type PhoneDesk, phoneDesk } from '../phone-desk.ts';
import { languageOf, say } from '../speech.ts';
import type { Verb } from '../twiml.ts';
import { enqueue, type TaskAttributes } from '../waiting-line.ts';
import { ringAgent } from './agents.ts';
import { withoutPerson } from './onward.ts';
import { type Heard, learn, type Step, type StepCall } from './step.ts';
import { noteVisit, type Visit, visitOf } from './visit.ts';

/** Of a reason in somebody's own words. */
const LONGEST_REASON = 500;

/** What is told to whoever sees the call in line: a reason cut to size, and the key of what was said to the assistant. */
function toldOf({ context }: Pick<Visit, 'context'>, wish: CallRecord | undefined) {
  const known = knownOf(context, wish);
  const { sessionHistoryKey } = context?.facts ?? {};
  return { ...known, reason: known.reason?.slice(0, LONGEST_REASON), sessionHistoryKey };
}

type Known = ReturnType<typeof toldOf>;

/** Of a step, as much as a place in line needs. Without the time there is no link. */
interface Place extends Pick<StepCall, 'settings' | 'at'> {
  readonly nowMs: number | undefined;
}

/** What an agent sees of a call. The link shows the rest; it is good for 15 minutes from now. */
function attributesOf({ settings, at, nowMs }: Place, known: Partial<Known>): TaskAttributes {
  const { SESSION_SECRET, urls } = settings;
  const { handover, told } = at;
  const hasPage = SESSION_SECRET !== undefined && handover !== undefined && nowMs !== undefined;
  return {
    type: at.request === undefined ? 'inbound' : 'callback',
    handoverId: handover,
    handoverReason: told.HandoverReason,
    handoverError: told.HandoverError,
    sessionHistoryKey: told.SessionHistoryKey ?? known.sessionHistoryKey,
    handoverUrl: hasPage ? agentLink(urls, SESSION_SECRET, handover, nowMs) : undefined,
    topic: known.topic,
    reason: known.reason,
    name: known.name,
    language: known.language,
  };
}

/** Puts a call into line at a workflow, with what is known of it. Needs no table. */
export function inLine(
  call: Place,
  { workflowSid }: Extract<PhoneDesk, { is: 'workflow' }>,
  known: Partial<Known> = {},
): Verb {
  const { settings, nowMs } = call;
  const at = { ...call.at, waitingSinceMs: call.at.waitingSinceMs ?? nowMs };
  const line = {
    workflowSid,
    waitUrl: legUrl(settings.urls, at, 'hold'),
    action: legUrl(settings.urls, at, 'queue-ended'),
  };
  return enqueue(settings, line, attributesOf(call, known));
}

/** Leads a caller to a person: while people work into the line of a workflow, or to the phones of the desk. */
export const person: Step = async (start): Promise<Heard> => {
  const { settings, at: from, nowMs, tried, note } = start;
  const { request } = from;
  const [visit, wish] = await Promise.all([
    visitOf(start),
    request === undefined ? undefined : tried(({ calls }) => calls.read(request)),
  ]);
  if (request === undefined && !isOpen(settings.BUSINESS_HOURS, nowMs)) {
    note({ closed: true });
    await noteVisit(visit);
    return withoutPerson(visit.call, 'closed');
  }
  const known = toldOf(visit, wish);
  const desk = phoneDesk(settings, { topic: known.topic, placed: request !== undefined });
  const language = languageOf(known.language, from.language);
  await noteVisit(visit, (table, handoverId) => openCall(table, { handoverId, ...known }, nowMs));
  note({ desk: desk.is });
  if (desk.is === 'workflow') {
    await learn(start, { status: 'agent_ringing' });
    return [inLine({ ...visit.call, at: { ...visit.call.at, language } }, desk, known)];
  }
  const heard = await ringAgent({ ...visit.call, at: { ...visit.call.at, language, queue: desk.queue, agent: 0 } });
  return desk.numbers.length === 0 ? heard : [say(language, textsIn(language).oneMoment), ...heard];
};
