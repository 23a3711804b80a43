import { createHash } from 'node:crypto';
import type { Parcel } from '../core/table.ts';

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
  | { readonly kind: 'once'; readonly hash: string }
  | { readonly kind: 'call'; readonly requestId: string }
  | { readonly kind: 'place'; readonly phone: string }
  | { readonly kind: 'progress'; readonly callSid: string }
  | { readonly kind: 'rate'; readonly hash: string }
  | { readonly kind: 'daily-rate'; readonly hash: string; readonly day: string; readonly shard: number }
  | { readonly kind: 'chat'; readonly identity: string };

/** Ids have neither of the two characters (`ID` in core); anything else that is given as one cannot reach another key. */
const masked = (id: string): string => id.replace(/[#%]/g, (character) => (character === '#' ? '%23' : '%25'));
const unmasked = (part: string): string => part.replace(/%2[35]/g, (code) => (code === '%23' ? '#' : '%'));

const join = (...parts: readonly string[]): string => parts.map(masked).join('#');
const digits = (count: number, width: number): string => String(count).padStart(width, '0');

/** Free text as a key part of fixed length from which nobody can be recognised. */
export function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The partition that holds everything of one conversation. */
export const conversationPartition = (conversationId: string): string => join('CONV', conversationId);

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
      return { pk: join('HANDOVER', subject.handoverId), sk: '-' };
    case 'once':
      return { pk: join('ONCE', subject.hash), sk: '-' };
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
  }
}

function inConversation(conversationId: string, parts: readonly string[]): Subject | undefined {
  const [first, second, third, digest, part] = parts;
  if (first === 'STATE' && parts.length === 1) return { kind: 'state', conversationId };
  if (second === undefined) return undefined;
  if (first === 'HANDOVER' && parts.length === 2) return { kind: 'handover-mark', conversationId, handoverId: second };
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
      return { kind: 'handover', handoverId: id };
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
