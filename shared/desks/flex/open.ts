import { agentLink } from '../../core/callers/agent-link.ts';
import type { Clock } from '../../core/clock.ts';
import type { Deadline } from '../../core/deadline.ts';
import type { Line } from '../../core/handover/line.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import type { PublicUrls } from '../../core/public-urls.ts';
import type { HandoverRecord } from '../../core/table.ts';
import { addMissing } from '../../twilio/add-missing.ts';
import { eventsUrl } from '../../twilio/events-url.ts';
import type { FlexCalls } from '../../twilio/flex-calls.ts';
import { ticketOf } from '../../twilio/flex-ticket.ts';
import { taken } from '../../twilio/taken.ts';
import { conversationOf, doneOnce, listenOnce } from './client.ts';
import { customerOf, NOTE_AUTHOR } from './identities.ts';
import { messageAttributes, noteOf, taskAttributes } from './translate.ts';

/** Where chats go in Flex. */
export interface FlexPlaces {
  readonly workspaceSid: string;
  readonly workflowSid: string;
  readonly taskChannel: string;
  /** The desk's own queue for a topic: a TaskQueue, a Workflow, or a word that the workflow understands. */
  readonly queueFor: (topic: string | undefined) => string | undefined;
}

export interface OpenParts {
  readonly calls: FlexCalls;
  readonly places: FlexPlaces;
  readonly urls: PublicUrls;
  /** Signs links to the agent's page; without it there are none. */
  readonly linkSecret: string | undefined;
  readonly clock: Clock;
}

/** Whoever fails after the conversation is there must end it: nobody knows how far it came. */
function mayBeThere(error: unknown): never {
  if (!(error instanceof NotTaken)) throw error;
  throw new NotTaken('unknown', `the conversation is there: ${error.message}`, error.retryAfterMs, error);
}

/** The interaction of a handover that is there already, by its task. Throws `NotTaken`. */
async function interactionThere({ findTasks }: FlexCalls, handoverId: string, deadline: Deadline) {
  const tasks = taken(await findTasks('handoverId', handoverId, deadline));
  return tasks.find(({ interactionSid }) => interactionSid !== undefined)?.interactionSid;
}

/**
 * Hands a conversation over to Flex: its own conversation, then who is in it, who hears of it and the note at once, then the
 * task. What has no name that Twilio would refuse twice is looked for before it is made again. Throws `NotTaken`.
 */
export async function openInFlex(
  { calls, places, urls, linkSecret, clock }: OpenParts,
  handover: HandoverRecord,
  lines: readonly Line[],
  deadline: Deadline,
): Promise<string> {
  const { handoverId, conversationId, topic } = handover;
  const refs = { handoverId, conversationId };
  const there = await conversationOf(calls, handoverId, refs, deadline);
  const { sid, isNew } = there;

  const begin = async (): Promise<string> => {
    const queue = places.queueFor(topic);
    const isSid = queue !== undefined && /^W[QW][0-9a-f]{32}$/.test(queue);
    const routing = {
      workspaceSid: places.workspaceSid,
      workflowSid: isSid && queue.startsWith('WW') ? queue : places.workflowSid,
      queueSid: isSid && queue.startsWith('WQ') ? queue : undefined,
      taskChannel: places.taskChannel,
      attributes: taskAttributes(handover, {
        conversationSid: sid,
        handoverUrl: linkSecret && agentLink(urls, linkSecret, handoverId, clock.nowMs()),
        queue: isSid ? undefined : queue,
      }),
    };
    const begun = await calls.interactions.create(sid, routing, deadline);
    const interactionSid = begun.is === 'unknown' ? await interactionThere(calls, handoverId, deadline) : taken(begun);
    if (interactionSid === undefined) throw new NotTaken('unknown', 'the interaction may be there or not');
    return interactionSid;
  };

  const note = {
    author: NOTE_AUTHOR,
    body: noteOf(handover, lines),
    attributes: messageAttributes({ ...refs, ticket: '' }, `${handoverId}-requested`, 0),
  };
  try {
    const [before] = await Promise.all([
      isNew ? undefined : interactionThere(calls, handoverId, deadline),
      calls.conversations.join(sid, customerOf(handoverId), refs, deadline).then(doneOnce),
      listenOnce(calls, there, eventsUrl(urls, handoverId, false), deadline),
      addMissing(calls, sid, [note], { mayBeThere: !isNew, mayRepeat: true }, deadline),
    ]);
    return ticketOf(sid, before ?? (await begin()));
  } catch (error) {
    return mayBeThere(error);
  }
}
