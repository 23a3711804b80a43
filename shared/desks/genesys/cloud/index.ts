import type { Clock } from '../../../core/clock.ts';
import type { Deadline } from '../../../core/deadline.ts';
import type { Desk, HandoverRef } from '../../../core/handover/desk.ts';
import type { DeskTold } from '../../../core/handover/desk-told.ts';
import type { SendHttp } from '../../../core/http.ts';
import type { CloudSettings } from '../settings.ts';
import { firstWords, undeliveredWords } from '../words.ts';
import { isGone, openCloud } from './client.ts';
import { knownAgents } from './known-agents.ts';
import { openMessaging } from './messaging.ts';
import { genesysAvailability } from './queue.ts';
import { hasTicket, sayIn } from './say.ts';
import { firstMessage, inboundMessage, typingEvent } from './translate.ts';
import { toldByParticipants } from './who-is-there.ts';

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
export function cloudDesk({ settings, send, clock, queueOf: ofTopic, linkTo }: CloudParts): Desk {
  const cloud = openCloud(settings, send, clock);
  const messaging = openMessaging(cloud, settings.integrationId);
  const say = sayIn(messaging);
  const queueOf = (topic: string | undefined) => ofTopic(topic) ?? settings.queueId;

  /** A conversation whose opening broke off has no known name: its next message says it. */
  async function end(ref: HandoverRef, messageId: string, deadline: Deadline): Promise<void> {
    if (hasTicket(ref)) return messaging.disconnect(ref, ref.ticket, deadline);
    const words = { text: '[system] The bot has the customer again.', messageId, atMs: clock.nowMs() };
    const came = await messaging.message(ref, inboundMessage(ref, words), deadline);
    if (came !== undefined) await messaging.disconnectOwn(ref, came, deadline);
  }

  return {
    async open(handover, lines, deadline) {
      const { handoverId, topic, openedAtMs } = handover;
      const words = { text: firstWords(handover, lines), messageId: `${handoverId}-requested`, atMs: openedAtMs };
      const attributes = { queue: queueOf(topic), handoverUrl: linkTo(handoverId) };
      return (await messaging.message(handover, firstMessage(handover, words, attributes), deadline)) ?? handoverId;
    },

    async tell(ref, event, eventId, deadline) {
      switch (event.kind) {
        case 'said':
          return say(ref, { text: event.line.text, eventId, atMs: event.line.atMs }, deadline);
        case 'undelivered':
          return say(ref, { text: undeliveredWords(event.line), eventId, atMs: clock.nowMs() }, deadline);
        case 'typing':
          return messaging.event(ref, typingEvent(ref, clock.nowMs()), deadline);
        case 'ended':
          return end(ref, eventId, deadline);
      }
    },

    async look(ref, deadline): Promise<readonly DeskTold[]> {
      if (!hasTicket(ref)) return [];
      try {
        return toldByParticipants(ref, await messaging.participants(ref.ticket, deadline));
      } catch (error) {
        if (!isGone(error)) throw error;
        const { handoverId, ticket } = ref;
        const over = { kind: 'ended', by: 'agent', agent: undefined } as const;
        return [{ about: { handoverId, ticket }, event: over, eventId: `${ticket}-over`, atMs: undefined }];
      }
    },

    completed: knownAgents({ participantsOf: messaging.participants, clock }),
    availability: genesysAvailability(cloud, queueOf, clock),
  };
}
