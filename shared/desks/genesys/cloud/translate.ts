import type { HandoverRef } from '../../../core/handover/desk.ts';
import { clipped } from '../../../core/handover/line.ts';
import { isoTime } from '../../../core/iso-time.ts';
import type { HandoverRecord } from '../../../core/table.ts';

type Refs = Pick<HandoverRef, 'handoverId' | 'conversationId'>;

const MAX_ATTRIBUTE_BYTES = 500;

/** Who writes: the conversation, by which Genesys knows what belongs together. */
const sender = ({ conversationId }: Refs, name?: string) => ({
  id: conversationId,
  idType: 'Opaque',
  ...(name === undefined ? {} : { nickname: name }),
});

interface Words {
  readonly text: string;
  /** The same over all tries. */
  readonly messageId: string;
  readonly atMs: number;
}

/**
 * Words for the agent. Source: developer.genesys.cloud, open messaging, inbound messages, and the SDKs' model
 * `OpenInboundNormalizedMessage`, read 2026-11-21. `metadata` is flat: a nested value is refused.
 */
export function inboundMessage(refs: Refs, { text, messageId, atMs }: Words) {
  const { handoverId, conversationId } = refs;
  return {
    channel: { from: sender(refs), time: isoTime(atMs), messageId },
    text,
    metadata: { handoverId, conversationId },
  };
}

/** What the flow and the agent's script can read of a handover, beside its words. */
export interface Attributes {
  readonly queue: string | undefined;
  /** Where the agent sees the conversation. */
  readonly handoverUrl: string | undefined;
}

/** The first words of a handover, with what becomes the participant's data: texts alone. */
export function firstMessage(handover: HandoverRecord, words: Words, { queue, handoverUrl }: Attributes) {
  const { handoverId, conversationId, topic, reason, name, language } = handover;
  const message = inboundMessage(handover, words);
  const known = { handoverId, conversationId, topic, reason, name, language, queue, handoverUrl };
  const customAttributes = Object.fromEntries(
    Object.entries(known).flatMap(([what, value]) =>
      value === undefined || value === '' ? [] : [[what, clipped(value, MAX_ATTRIBUTE_BYTES)] as const],
    ),
  );
  return {
    ...message,
    channel: { ...message.channel, from: sender(handover, name), metadata: { customAttributes } },
  };
}

/** The customer types. */
export const typingEvent = (refs: Refs, atMs: number) => ({
  channel: { from: sender(refs), time: isoTime(atMs) },
  events: [{ eventType: 'Typing' }],
});
