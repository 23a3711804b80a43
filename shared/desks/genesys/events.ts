import * as v from 'valibot';
import { at, listAt, textAt } from '../../core/at.ts';
import { ID, id } from '../../core/decode.ts';
import type { DeskEvent, DeskTold } from '../../core/handover/desk-told.ts';
import { clipped } from '../../core/handover/line.ts';
import { shortHash } from '../../core/hash.ts';

/** Ids of ours as they are, others by what stands for them. */
const idOf = (given: string): string => (ID.test(given) ? given : `x-${shortHash(given)}`);

/** What our own data action sends, by a trigger on the end of a leg. `ticket` is Genesys's id of the conversation. */
const dataAction = v.union([
  v.object({ handoverId: id, event: v.picklist(['customer_end', 'user_end']) }),
  v.object({ conversationId: id, event: v.picklist(['customer_end', 'user_end']) }),
]);

function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

/** A file as one line: its name and, where it can be had without us, its address. Nothing is fetched. */
function fileLine(content: unknown): string | undefined {
  if (at(content, 'contentType') !== 'Attachment') return undefined;
  const file = at(content, 'attachment');
  const url = textAt(file, 'url');
  const name = textAt(file, 'filename') ?? textAt(file, 'text') ?? textAt(file, 'mediaType')?.toLowerCase() ?? 'file';
  const address = url !== undefined && /^https:\/\/\S{1,4000}$/.test(url) ? `: ${url}` : '';
  return `[${name}]${address}`;
}

/** What may be chosen, where the agent or the flow offers choices: a customer who sees text alone can write them. */
const choiceLine = (content: unknown): string | undefined => {
  const choice = textAt(content, 'quickReply', 'text');
  return choice === undefined ? undefined : `- ${choice}`;
};

function wordsOf(body: unknown): string {
  const contents = listAt(body, 'content').slice(0, 50);
  const lines = [textAt(body, 'text'), ...contents.map((one) => fileLine(one) ?? choiceLine(one))];
  return clipped(lines.filter((line) => line !== undefined).join('\n'));
}

const startsTyping = (body: unknown): boolean =>
  listAt(body, 'events').some(
    (event) => at(event, 'eventType') === 'Typing' && (textAt(event, 'typing', 'type') ?? 'On') === 'On',
  );

/** What an agent or the flow does. What the flow says comes of nobody, so no name is looked for. */
function eventOf(body: unknown): DeskEvent | undefined {
  const type = textAt(body, 'type');
  const isBot = textAt(body, 'originatingEntity') === 'Bot';
  if (type === 'Event') return startsTyping(body) && !isBot ? { kind: 'types', agent: undefined } : undefined;
  if (type !== 'Text' && type !== 'Structured') return undefined;
  const text = wordsOf(body);
  if (text === '') return undefined;
  return { kind: 'says', text, agent: undefined, isShown: false, ...(isBot ? { by: 'system' as const } : {}) };
}

/** Genesys's webhook. Source: developer.genesys.cloud, open messaging, outbound messages, and webhook logs of 2025. */
function outbound(body: unknown): readonly DeskTold[] {
  const event = eventOf(body);
  const conversationId = textAt(body, 'channel', 'to', 'id');
  const given = textAt(body, 'id') ?? textAt(body, 'channel', 'messageId');
  if (!event || conversationId === undefined || !ID.test(conversationId)) return [];
  if (textAt(body, 'direction') === 'Inbound') return [];
  // Typing is never told twice in a way that matters, so it may do without an id.
  const eventId = given === undefined ? `x-${shortHash(JSON.stringify(body))}` : idOf(given);
  const atMs = timeOf(textAt(body, 'channel', 'time'));
  return [{ about: { conversationId, ticket: textAt(body, 'conversationId') }, event, eventId, atMs }];
}

/**
 * Our own data action: the customer's leg is over, which is the end; or an agent's, which is none, for a transfer ends it
 * too. Where the handover is named, a look says which of both it was.
 */
function legEnded(body: unknown): readonly DeskTold[] | undefined {
  const parsed = v.safeParse(dataAction, body);
  if (!parsed.success) return undefined;
  const { event, ...which } = parsed.output;
  const ticket = textAt(body, 'ticket');
  const about = { ...which, ticket };
  const eventId = `x-${shortHash(JSON.stringify([about, event]))}`;
  if (event === 'user_end') {
    const left = { kind: 'left', agent: undefined } as const;
    return 'handoverId' in which ? [] : [{ about, event: left, eventId, atMs: undefined }];
  }
  const byThemselves = /^(?:client|endpoint)/.test(textAt(body, 'disconnectType') ?? '');
  const over = { kind: 'ended', by: byThemselves ? 'customer' : 'agent', agent: undefined } as const;
  // Under the id by which a look at the conversation knows it.
  return [{ about, event: over, eventId: ticket === undefined ? eventId : `${ticket}-over`, atMs: undefined }];
}

/** The handover of which an agent's leg is over, by our own data action. */
export function perhapsOver(body: unknown): string | undefined {
  const parsed = v.safeParse(dataAction, body);
  if (!parsed.success || parsed.output.event !== 'user_end') return undefined;
  return 'handoverId' in parsed.output ? parsed.output.handoverId : undefined;
}

/** What a body of Genesys's webhook, or of our own data action, says; nothing for whatever is not for us. */
export const genesysTold = (body: unknown): readonly DeskTold[] => legEnded(body) ?? outbound(body);
