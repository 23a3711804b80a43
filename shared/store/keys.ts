import { createHash } from 'node:crypto';
import { type FactSource, factSources } from '../core/handover/context.ts';
import type { Parcel } from '../core/table.ts';
import type { BotCall } from '../core/voice-bot/voice-turns.ts';

/** Where an item stands: partition key and sort key. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** What an item is about. One kind for each row of the entity chart. */
export type Subject =
  | { readonly kind: 'state'; readonly conversationId: string }
  | { readonly kind: 'line'; readonly conversationId: string; readonly lineId: string }
  | { readonly kind: 'history'; readonly conversationId: string; readonly handoverId: string }
  | {
      readonly kind: 'history-part';
      readonly conversationId: string;
      readonly handoverId: string;
      readonly digest: string;
      readonly part: number;
    }
  | { readonly kind: 'handover-mark'; readonly conversationId: string; readonly handoverId: string }
  | { readonly kind: 'parcel'; readonly conversationId: string; readonly to: Parcel['to']; readonly eventId: string }
  | { readonly kind: 'handover'; readonly handoverId: string }
  | { readonly kind: 'facts'; readonly handoverId: string; readonly source: FactSource }
  | { readonly kind: 'link'; readonly handoverId: string; readonly linkedTo: string }
  | { readonly kind: 'once'; readonly hash: string }
  | { readonly kind: 'once-in-conversation'; readonly conversationId: string; readonly hash: string }
  | { readonly kind: 'call'; readonly requestId: string }
  | { readonly kind: 'place'; readonly phone: string }
  | { readonly kind: 'progress'; readonly callSid: string }
  | { readonly kind: 'rate'; readonly hash: string }
  | { readonly kind: 'daily-rate'; readonly hash: string; readonly day: string; readonly shard: number }
  | { readonly kind: 'chat'; readonly identity: string }
  | { readonly kind: 'opening'; readonly handoverId: string; readonly atMs: number }
  | { readonly kind: 'due'; readonly requestId: string; readonly atMs: number }
  | { readonly kind: 'reminder'; readonly ofConversation: string; readonly atMs: number }
  | ({ readonly kind: 'voice-turn'; readonly turn: number } & BotCall);

/** Ids have neither of the two characters (`ID` in core); anything else that is given as one cannot reach another key. */
const masked = (id: string): string => id.replace(/[#%]/g, (character) => (character === '#' ? '%23' : '%25'));
const unmasked = (part: string): string => part.replace(/%2[35]/g, (code) => (code === '%23' ? '#' : '%'));

const join = (...parts: readonly string[]): string => parts.map(masked).join('#');
const digits = (count: number, width: number): string => String(count).padStart(width, '0');

/** Free text as a key part of fixed length from which nobody can be recognised. */
export function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Times in keys are whole milliseconds, rounded up: nothing is due before its time. */
const inKey = (atMs: number): string => digits(Math.ceil(atMs), 13);

/** The day of a time, in UTC. */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The partition that holds everything of one conversation. */
export const conversationPartition = (conversationId: string): string => join('CONV', conversationId);

/** The partition that holds everything known of one handover. */
export const handoverPartition = (handoverId: string): string => join('HANDOVER', handoverId);

/** The partition of the handovers opened on the day of this time. */
export const openPartition = (atMs: number): string => join('OPEN', dayOf(Math.ceil(atMs)));

/** The partition of the calls due on the day of this time. */
export const duePartition = (atMs: number): string => join('DUE', dayOf(Math.ceil(atMs)));

/** The partition of the conversations to be looked at on the day of this time. */
export const remindPartition = (atMs: number): string => join('REMIND', dayOf(Math.ceil(atMs)));

/** The partition of the voice calls of one caller. */
export const voicePartition = (caller: string): string => join('VOICE', caller);

/** How the sort keys of all turns of a call begin. */
export const voiceCallPrefix = ({ atMs, callSid }: BotCall): string => `${inKey(atMs)}#${join(callSid)}#`;

/** What the sort keys of everything that is due until then, and only of that, come before. */
export const afterDue = (atMs: number): string => `${digits(Math.floor(atMs), 13)}$`; // `$` follows `#`

/** How the sort keys of everything said begin. */
export const saidPrefix = 'SAID#';

/** How the sort keys of everything that waits for one side begin. */
export const waitingPrefix = (to: Parcel['to']): string => `${join('OUT', to)}#`;

/** The key of an item. */
export function keyOf(subject: Subject): Key {
  switch (subject.kind) {
    case 'state':
      return { pk: conversationPartition(subject.conversationId), sk: 'STATE' };
    case 'line':
      return { pk: conversationPartition(subject.conversationId), sk: join('SAID', 'LINE', subject.lineId) };
    case 'history':
      return { pk: conversationPartition(subject.conversationId), sk: join('SAID', 'HISTORY', subject.handoverId) };
    case 'history-part':
      return {
        pk: conversationPartition(subject.conversationId),
        sk: join('SAID', 'HISTORY', subject.handoverId, subject.digest, digits(subject.part, 4)),
      };
    case 'handover-mark':
      return { pk: conversationPartition(subject.conversationId), sk: join('HANDOVER', subject.handoverId) };
    case 'parcel':
      return { pk: conversationPartition(subject.conversationId), sk: join('OUT', subject.to, subject.eventId) };
    case 'handover':
      return { pk: handoverPartition(subject.handoverId), sk: '-' };
    case 'facts':
      return { pk: handoverPartition(subject.handoverId), sk: join('FACTS', subject.source) };
    case 'link':
      return { pk: handoverPartition(subject.handoverId), sk: join('CONV', subject.linkedTo) };
    case 'once':
      return { pk: join('ONCE', subject.hash), sk: '-' };
    case 'once-in-conversation':
      return { pk: conversationPartition(subject.conversationId), sk: join('ONCE', subject.hash) };
    case 'call':
      return { pk: join('CALL', subject.requestId), sk: '-' };
    case 'place':
      return { pk: join('PHONE', subject.phone), sk: '-' };
    case 'progress':
      return { pk: join('PROGRESS', subject.callSid), sk: '-' };
    case 'rate':
      return { pk: join('RATE', subject.hash), sk: '-' };
    case 'daily-rate':
      return { pk: join('DAILY', subject.hash, subject.day, digits(subject.shard, 2)), sk: '-' };
    case 'chat':
      return { pk: join('CHAT', subject.identity), sk: '-' };
    case 'opening':
      return { pk: openPartition(subject.atMs), sk: `${inKey(subject.atMs)}#${join(subject.handoverId)}` };
    case 'due':
      return { pk: duePartition(subject.atMs), sk: `${inKey(subject.atMs)}#${join(subject.requestId)}` };
    case 'reminder':
      return { pk: remindPartition(subject.atMs), sk: `${inKey(subject.atMs)}#${join(subject.ofConversation)}` };
    case 'voice-turn':
      return { pk: voicePartition(subject.caller), sk: `${voiceCallPrefix(subject)}${digits(subject.turn, 4)}` };
  }
}

function inConversation(conversationId: string, parts: readonly string[]): Subject | undefined {
  const [first, second, third, digest, part] = parts;
  if (first === 'STATE' && parts.length === 1) return { kind: 'state', conversationId };
  if (second === undefined) return undefined;
  if (first === 'HANDOVER' && parts.length === 2) return { kind: 'handover-mark', conversationId, handoverId: second };
  if (first === 'ONCE' && parts.length === 2) return { kind: 'once-in-conversation', conversationId, hash: second };
  if (third === undefined) return undefined;
  if (first === 'OUT' && (second === 'desk' || second === 'bot') && parts.length === 3)
    return { kind: 'parcel', conversationId, to: second, eventId: third };
  if (first !== 'SAID') return undefined;
  if (second === 'LINE' && parts.length === 3) return { kind: 'line', conversationId, lineId: third };
  if (second !== 'HISTORY') return undefined;
  if (parts.length === 3) return { kind: 'history', conversationId, handoverId: third };
  if (digest === undefined || part === undefined || parts.length !== 5) return undefined;
  return { kind: 'history-part', conversationId, handoverId: third, digest, part: Number(part) };
}

function ofHandover(handoverId: string, [first, second, ...rest]: readonly string[]): Subject | undefined {
  if (first === '-' && second === undefined) return { kind: 'handover', handoverId };
  if (second === undefined || rest.length > 0) return undefined;
  if (first === 'CONV') return { kind: 'link', handoverId, linkedTo: second };
  const source = factSources.find((known) => known === second);
  return first === 'FACTS' && source ? { kind: 'facts', handoverId, source } : undefined;
}

type OnDay = Extract<Subject, { readonly kind: 'opening' | 'due' | 'reminder' }>;

function onDay(kind: OnDay['kind'], day: string, [time, id, ...rest]: readonly string[]): OnDay | undefined {
  if (time === undefined || !/^\d{13}$/.test(time) || id === undefined || rest.length > 0) return undefined;
  const atMs = Number(time);
  if (dayOf(atMs) !== day) return undefined;
  if (kind === 'opening') return { kind, handoverId: id, atMs };
  return kind === 'due' ? { kind, requestId: id, atMs } : { kind, ofConversation: id, atMs };
}

function voiceTurn(caller: string, [time, callSid, turn, ...rest]: readonly string[]): Subject | undefined {
  if (time === undefined || callSid === undefined || turn === undefined || rest.length > 0) return undefined;
  if (!/^\d{13}$/.test(time) || !/^\d{4,}$/.test(turn)) return undefined;
  return { kind: 'voice-turn', caller, callSid, atMs: Number(time), turn: Number(turn) };
}

/** What the item of a key is about. Undefined for a key that `keyOf` cannot have made. */
export function subjectOf({ pk, sk }: Key): Subject | undefined {
  const [head, id, day, shard, ...rest] = pk.split('#').map(unmasked);
  if (id === undefined || rest.length > 0) return undefined;
  if (head === 'DAILY' && day !== undefined && shard !== undefined)
    return { kind: 'daily-rate', hash: id, day, shard: Number(shard) };
  if (day !== undefined) return undefined;
  switch (head) {
    case 'CONV':
      return inConversation(id, sk.split('#').map(unmasked));
    case 'HANDOVER':
      return ofHandover(id, sk.split('#').map(unmasked));
    case 'OPEN':
      return onDay('opening', id, sk.split('#').map(unmasked));
    case 'DUE':
      return onDay('due', id, sk.split('#').map(unmasked));
    case 'REMIND':
      return onDay('reminder', id, sk.split('#').map(unmasked));
    case 'VOICE':
      return voiceTurn(id, sk.split('#').map(unmasked));
    case 'ONCE':
      return { kind: 'once', hash: id };
    case 'CALL':
      return { kind: 'call', requestId: id };
    case 'PHONE':
      return { kind: 'place', phone: id };
    case 'PROGRESS':
      return { kind: 'progress', callSid: id };
    case 'RATE':
      return { kind: 'rate', hash: id };
    case 'CHAT':
      return { kind: 'chat', identity: id };
    default:
      return undefined;
  }
}
