import * as v from 'valibot';
import type { Clock } from '../../../core/clock.ts';
import type { Deadline } from '../../../core/deadline.ts';
import type { Desk, HandoverRef } from '../../../core/handover/desk.ts';
import type { DeskTold } from '../../../core/handover/desk-told.ts';
import { NotTaken } from '../../../core/handover/not-taken.ts';
import type { SendHttp } from '../../../core/http.ts';
import { type AskAvailability, availabilityBy } from '../../../core/web-chat/availability.ts';
import type { CloudSettings } from '../settings.ts';
import { firstWords, partsOf, undeliveredWords } from '../words.ts';
import { isGone, openCloud } from './client.ts';
import { knownAgents } from './known-agents.ts';
import { accepted, conversation } from './payloads.ts';
import { readGenesysQueue } from './queue.ts';
import { firstMessage, inboundMessage, typingEvent } from './translate.ts';
import { toldByParticipants } from './who-is-there.ts';

const TYPING_TRY_MS = 800;

/** Messages of several parts of which this instance knows how many have arrived. */
const MOST_REMEMBERED = 200;

interface CloudParts {
  readonly settings: CloudSettings;
  readonly send: SendHttp;
  readonly clock: Clock;
  /** The queue for a topic, in Genesys's words. */
  readonly queueOf: (topic: string | undefined) => string | undefined;
  /** Where an agent sees a handover; undefined where there is no such page. */
  readonly linkTo: (handoverId: string) => string | undefined;
}

/** Agents at Genesys Cloud, who are reached by Open Messaging. */
export function cloudDesk({ settings, send, clock, queueOf, linkTo }: CloudParts): Desk {
  const cloud = openCloud(settings, send, clock);
  const inbound = `/api/v2/conversations/messages/${settings.integrationId}/inbound/open`;
  const arrived = new Map<string, number>();
  const queues = new Map<string, AskAvailability>();

  const pathOf = (ticket: string) => `/api/v2/conversations/messages/${encodeURIComponent(ticket)}`;

  /** Sends words and says in which conversation of Genesys they are. */
  async function post(refs: Pick<HandoverRef, 'handoverId' | 'conversationId'>, body: unknown, deadline: Deadline) {
    const path = `${inbound}/message?prefetchConversationId=true`;
    const parsed = v.safeParse(accepted, await cloud.ask({ method: 'POST', path, body, refs }, deadline));
    return parsed.success ? parsed.output.conversationId : undefined;
  }

  async function disconnect(ref: HandoverRef, ticket: string, deadline: Deadline): Promise<void> {
    try {
      await cloud.ask({ method: 'PATCH', path: pathOf(ticket), body: { state: 'disconnected' }, refs: ref }, deadline);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  const isKnown = ({ ticket, handoverId }: HandoverRef): boolean => ticket !== '' && ticket !== handoverId;

  /** Words that open another conversation come to nobody who knows the customer: that one is closed, and they are refused. */
  async function refuseOther(ref: HandoverRef, came: string | undefined, deadline: Deadline): Promise<void> {
    if (came === undefined || !isKnown(ref) || came === ref.ticket) return;
    await disconnect(ref, came, deadline).catch(() => {});
    throw new NotTaken('refused', 'the conversation at Genesys is over');
  }

  async function say(ref: HandoverRef, text: string, eventId: string, atMs: number, deadline: Deadline) {
    const parts = partsOf(text);
    for (const [index, part] of parts.entries()) {
      if (index < (arrived.get(eventId) ?? 0)) continue;
      const messageId = index === 0 ? eventId : `${eventId}-${index + 1}`;
      const came = await post(ref, inboundMessage(ref, { text: part, messageId, atMs }), deadline);
      await refuseOther(ref, came, deadline);
      if (parts.length > 1) arrived.set(eventId, index + 1);
    }
    arrived.delete(eventId);
    const [oldest] = arrived.size > MOST_REMEMBERED ? arrived.keys() : [];
    if (oldest !== undefined) arrived.delete(oldest);
  }

  /** A conversation whose opening broke off has no known name: its next message says it. */
  async function end(ref: HandoverRef, eventId: string, deadline: Deadline): Promise<void> {
    if (isKnown(ref)) return disconnect(ref, ref.ticket, deadline);
    const words = { text: '[system] The bot has the customer again.', messageId: eventId, atMs: clock.nowMs() };
    const came = await post(ref, inboundMessage(ref, words), deadline);
    if (came !== undefined) await disconnect(ref, came, deadline);
  }

  async function participantsOf(ticket: string, deadline: Deadline, tryMs?: number) {
    const call = { method: 'GET', path: pathOf(ticket), ...(tryMs === undefined ? {} : { tryMs }) } as const;
    const parsed = v.safeParse(conversation, await cloud.ask(call, deadline));
    return parsed.success ? parsed.output.participants : [];
  }

  return {
    async open(handover, lines, deadline) {
      const { handoverId, topic, openedAtMs } = handover;
      const words = { text: firstWords(handover, lines), messageId: `${handoverId}-requested`, atMs: openedAtMs };
      const attributes = { queue: queueOf(topic) ?? settings.queueId, handoverUrl: linkTo(handoverId) };
      return (await post(handover, firstMessage(handover, words, attributes), deadline)) ?? handoverId;
    },

    async tell(ref, event, eventId, deadline) {
      switch (event.kind) {
        case 'said':
          return say(ref, event.line.text, eventId, event.line.atMs, deadline);
        case 'undelivered':
          return say(ref, undeliveredWords(event.line), eventId, clock.nowMs(), deadline);
        case 'typing': {
          const call = { method: 'POST', path: `${inbound}/event`, body: typingEvent(ref, clock.nowMs()) } as const;
          await cloud.ask({ ...call, refs: ref, tryMs: TYPING_TRY_MS }, deadline);
          return;
        }
        case 'ended':
          return end(ref, eventId, deadline);
      }
    },

    async look(ref, deadline): Promise<readonly DeskTold[]> {
      if (!isKnown(ref)) return [];
      try {
        return toldByParticipants(ref, await participantsOf(ref.ticket, deadline));
      } catch (error) {
        if (!isGone(error)) throw error;
        const { handoverId, ticket } = ref;
        const about = { handoverId, ticket };
        const over = { kind: 'ended', by: 'agent', agent: undefined } as const;
        return [{ about, event: over, eventId: `${ticket}-over`, atMs: undefined }];
      }
    },

    completed: knownAgents({ participantsOf, clock }),

    async availability(topic, deadline) {
      const queueId = queueOf(topic) ?? settings.queueId;
      if (queueId === undefined || !/^[0-9a-f-]{36}$/i.test(queueId)) return { online: null };
      const known = queues.get(queueId);
      const ask = known ?? availabilityBy({ hours: undefined, readQueue: readGenesysQueue(cloud, queueId), clock });
      queues.set(queueId, ask);
      return ask(topic, deadline);
    },
  };
}
