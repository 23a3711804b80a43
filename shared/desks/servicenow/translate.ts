import type { HandoverRef, ToDesk } from '../../core/handover/desk.ts';
import type { Line } from '../../core/handover/line.ts';
import type { HandoverRecord } from '../../core/table.ts';
import { type Along, newest, shortly, summaryOf } from './summary.ts';

/** A request to the bot integration, as far as we use it. */
export interface BotRequest {
  readonly requestId: string;
  readonly clientSessionId?: string;
  readonly userId: string;
  readonly action?: 'START_CONVERSATION' | 'END_CONVERSATION' | 'TYPING';
  readonly botToBot: true;
  readonly timestamp?: number;
  readonly message: { readonly text: string; readonly typed: true; readonly clientMessageId?: string };
  readonly clientVariables: Readonly<Record<string, string>>;
  readonly contextVariables?: Readonly<Record<string, string>>;
  readonly history?: readonly HistoryItem[];
}

interface HistoryItem {
  readonly isBotMessage: boolean;
  readonly value: string;
  readonly displayName: string;
  readonly type: 'text';
  /** Milliseconds since the epoch. */
  readonly timestamp: string;
}

/** A tenth of a megabyte is a long chat; ServiceNow takes 10 MB, but not within our second and a half. */
const MAX_HISTORY_BYTES = 100_000;

const speakers = { bot: 'Bot', agent: 'Agent', system: 'System' } as const;

/**
 * The conversation is named by both ids: the handover is the session, the conversation the user, who is a guest. Without the
 * table the handover is not known, and the user alone names it.
 */
const namesOf = ({ handoverId, conversationId }: Pick<HandoverRef, 'handoverId' | 'conversationId'>) => ({
  ...(handoverId === '' ? {} : { clientSessionId: handoverId }),
  userId: conversationId,
  botToBot: true as const,
});

/** What ServiceNow is to send back with everything that it tells. */
const echoOf = ({ handoverId, conversationId }: Pick<HandoverRef, 'handoverId' | 'conversationId'>) => ({
  handoverId,
  conversationId,
});

/**
 * A handover begins: straight to the queue of people, with the history, of which the newest fits. The customer's last words
 * are the message, so they are not in the history.
 */
export function started(handover: HandoverRecord, lines: readonly Line[], along: Along): BotRequest {
  const { handoverId, openedAtMs, topic, name = 'Customer', language } = handover;
  const asking = lines.findLast(({ by }) => by === 'customer');
  const before = lines.filter((line) => line !== asking);
  const { written } = newest(before, MAX_HISTORY_BYTES, ({ by, text, atMs }): HistoryItem => {
    const displayName = by === 'customer' ? name : speakers[by];
    return { isBotMessage: by !== 'customer', value: text, displayName, type: 'text', timestamp: String(atMs) };
  });
  const summary: HistoryItem = {
    isBotMessage: true,
    value: summaryOf(handover, along),
    displayName: 'Handover',
    type: 'text',
    timestamp: String(openedAtMs),
  };
  const known = {
    topic,
    requester_session_language: language,
    language,
    queue: along.queue,
    mandatory_skills: along.queue,
    handover_url: along.link,
  };
  return {
    requestId: `${handoverId}-requested`,
    ...namesOf(handover),
    action: 'START_CONVERSATION',
    timestamp: openedAtMs,
    message: {
      text: asking?.text ?? shortly(handover),
      typed: true,
      clientMessageId: asking?.id ?? `${handoverId}-asks`,
    },
    clientVariables: echoOf(handover),
    contextVariables: {
      live_agent_only: 'true',
      short_description: shortly(handover),
      ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as Record<
        string,
        string
      >),
    },
    history: [...written, summary],
  };
}

/** Words for the agent that nobody said: the customer's side is the only one on which we can speak. */
const note = (text: string) => `[${text}]`;

/** One thing that the agent is told. */
export function told(ref: HandoverRef, event: ToDesk, eventId: string): BotRequest {
  const about = { requestId: eventId, ...namesOf(ref), clientVariables: echoOf(ref) };
  const says = (text: string) => ({ text, typed: true as const, clientMessageId: eventId });
  switch (event.kind) {
    case 'said':
      return { ...about, timestamp: event.line.atMs, message: says(event.line.text) };
    case 'typing':
      return { ...about, action: 'TYPING', message: says('') };
    case 'undelivered':
      return { ...about, message: says(note(`Not delivered to the customer: ${event.line.text}`)) };
    case 'ended':
      return { ...about, action: 'END_CONVERSATION', message: says('') };
  }
}
