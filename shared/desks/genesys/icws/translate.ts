import type { AgentProfile } from '../../../core/handover/bot.ts';
import type { HandoverRef } from '../../../core/handover/desk.ts';
import type { DeskEvent, DeskTold } from '../../../core/handover/desk-told.ts';
import { clipped } from '../../../core/handover/line.ts';
import type { HandoverRecord } from '../../../core/table.ts';
import type { ChatIds } from './client.ts';
import type { IcwsMessage } from './payloads.ts';

const MAX_NOTES_BYTES = 1_000;

/**
 * The body of `start`. Of the bot's past it takes `notes`, which is documented as a text: the names of the lists for history
 * and attributes are not, so those are left out and what was said goes into the first message.
 */
export function startChat(handover: HandoverRecord, targetName: string, handoverUrl: string | undefined) {
  const { handoverId, conversationId, topic, reason, name, language } = handover;
  const known = { handoverId, conversationId, topic, reason, handoverUrl };
  const notes = Object.entries(known).flatMap(([what, value]) => (value ? [`${what}: ${value}`] : []));
  return {
    participantName: name ?? 'Customer',
    targetName,
    targetType: 'Workgroup',
    ...(language === undefined ? {} : { language }),
    notes: clipped(notes.join('\n'), MAX_NOTES_BYTES),
  };
}

export const sendMessage = (message: string) => ({ message, contentType: 'text/plain' });

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What an agent wrote, without the HTML that their client may put around it. */
function plain(value: string, contentType: string): string {
  if (!contentType.toLowerCase().startsWith('text/html')) return value;
  return value
    .replace(/<br\s*\/?>|<\/(?:p|div)>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|([a-z]{2,5}));/gi, (all, code?: string, name?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? all;
      const point = Number(code);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : all;
    })
    .trim();
}

const ACTIVE = 2;
const DISCONNECTED = 4;

interface Known {
  readonly type: string;
  readonly agent: AgentProfile | undefined;
}

type StateChange = Extract<IcwsMessage, { readonly displayName?: string | undefined; readonly state: number }>;

function eventOfState(
  { state, participantType, participantId }: StateChange,
  own: string,
  lastAgent: AgentProfile | undefined,
  agent: AgentProfile | undefined,
): DeskEvent | undefined {
  if (participantId === own)
    return state === DISCONNECTED ? { kind: 'ended', by: 'agent', agent: lastAgent } : undefined;
  if (participantType !== 'Agent') return undefined;
  if (state === ACTIVE) return { kind: 'joined', agent, agentId: undefined };
  return state === DISCONNECTED ? { kind: 'left', agent } : undefined;
}

/** What happened in a chat, by its messages: those of others than the customer, in the order of their numbers. */
export function toldByMessages(
  { handoverId, ticket }: HandoverRef,
  { chatId, participantId: own }: ChatIds,
  messages: readonly IcwsMessage[],
): readonly DeskTold[] {
  const people = new Map<string, Known>();
  let lastAgent: AgentProfile | undefined;
  const once = [...new Map(messages.map((message) => [message.sequenceNumber, message])).values()];
  const inOrder = once.sort((a, b) => a.sequenceNumber - b.sequenceNumber);

  function eventOf(message: IcwsMessage): DeskEvent | undefined {
    if ('state' in message) {
      const name = message.displayName?.trim();
      const agent = name ? { name } : undefined;
      people.set(message.participantId, { type: message.participantType, agent });
      if (message.participantType === 'Agent') lastAgent = agent;
      return eventOfState(message, own, lastAgent, agent);
    }
    if (message.participantId === own) return undefined;
    const from = people.get(message.participantId);
    const text = 'fileName' in message ? `[${message.fileName}]` : plain(message.value, message.contentType);
    if (text.trim() === '') return undefined;
    const says = { kind: 'says', text: clipped(text), agent: from?.agent, isShown: false } as const;
    return from?.type === 'System' ? { ...says, agent: undefined, by: 'system' } : says;
  }

  return inOrder.flatMap((message): readonly DeskTold[] => {
    const event = eventOf(message);
    const atMs = Date.parse(message.timestamp ?? '');
    if (!event) return [];
    return [
      {
        about: { handoverId, ticket },
        event,
        eventId: `${encodeURIComponent(chatId)}-${message.sequenceNumber}`,
        atMs: Number.isNaN(atMs) ? undefined : atMs,
      },
    ];
  });
}
