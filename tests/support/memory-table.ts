import type { Line } from '../../shared/core/handover/line.ts';
import type { OwnershipState } from '../../shared/core/handover/ownership.ts';
import type {
  CallProgress,
  CallRecord,
  Calls,
  ChatRecord,
  Chats,
  Claim,
  HandoverRecord,
  Once,
  OnceKey,
  Outbox,
  Parcel,
  Rates,
  States,
  Table,
  Transcripts,
} from '../../shared/core/table.ts';
import { memoryContexts, memoryDueCalls, memoryOpenings, memoryReminders } from './memory-lists.ts';
import { memoryVoiceTurns } from './memory-voice-turns.ts';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function memoryStates(): States {
  const states = new Map<string, OwnershipState>();
  return {
    async read(conversationId) {
      return states.get(conversationId);
    },
    async swap(conversationId, from, next) {
      const there = states.get(conversationId);
      if (there?.epoch !== from?.epoch || there?.seq !== from?.seq) return false;
      states.set(conversationId, next);
      return true;
    },
  };
}

function memoryTranscripts(): Transcripts {
  const single = new Map<string, Map<string, Line>>();
  const histories = new Map<string, Map<string, readonly Line[]>>();
  const handovers = new Map<string, HandoverRecord>();
  return {
    async add(conversationId, line) {
      const lines = single.get(conversationId) ?? new Map<string, Line>();
      single.set(conversationId, lines);
      if (lines.has(line.id)) return false;
      lines.set(line.id, line);
      return true;
    },
    async putHistory(conversationId, handoverId, lines) {
      const ofConversation = histories.get(conversationId) ?? new Map<string, readonly Line[]>();
      histories.set(conversationId, ofConversation.set(handoverId, [...lines]));
    },
    async lines(conversationId, limit) {
      const fromHistories = [...(histories.get(conversationId) ?? [])]
        .sort(([a], [b]) => compare(a, b))
        .flatMap(([, lines]) => lines);
      const fromLines = [...(single.get(conversationId)?.values() ?? [])].sort((a, b) => compare(a.id, b.id));
      const byId = new Map<string, Line>();
      for (const line of [...fromHistories, ...fromLines].sort((a, b) => a.atMs - b.atMs))
        if (!byId.has(line.id)) byId.set(line.id, { ...line, atMs: Math.floor(line.atMs) });
      return limit > 0 ? [...byId.values()].slice(-limit) : [];
    },
    async putHandover(record) {
      if (!handovers.has(record.handoverId)) handovers.set(record.handoverId, record);
    },
    async handover(handoverId) {
      return handovers.get(handoverId);
    },
  };
}

function memoryOutbox(): Outbox {
  const parcels = new Map<string, Parcel>();
  const keyOf = ({ conversationId, to, eventId }: Parcel) => [conversationId, to, eventId].join('#');
  return {
    async put(parcel) {
      if (parcels.has(keyOf(parcel))) return false;
      parcels.set(keyOf(parcel), parcel);
      return true;
    },
    async waiting(conversationId, to) {
      return [...parcels.values()]
        .filter((parcel) => parcel.conversationId === conversationId && parcel.to === to)
        .sort((a, b) => a.order - b.order || compare(a.eventId, b.eventId));
    },
    async claim(parcel, nowMs, untilMs) {
      const there = parcels.get(keyOf(parcel));
      if (!there || there.claimedUntilMs > nowMs) return undefined;
      const claimed = { ...there, claimedUntilMs: untilMs, tries: there.tries + 1 };
      parcels.set(keyOf(parcel), claimed);
      return claimed;
    },
    async release(parcel, retryAtMs) {
      const there = parcels.get(keyOf(parcel));
      if (there?.tries === parcel.tries) parcels.set(keyOf(parcel), { ...there, claimedUntilMs: retryAtMs });
    },
    async remove(parcel) {
      parcels.delete(keyOf(parcel));
    },
  };
}

function memoryOnce(): Once {
  const records = new Map<string, { fingerprint: string; untilMs: number; result?: string }>();
  const nameOf = (key: OnceKey) => JSON.stringify(key);
  return {
    async claim<T>(given: OnceKey, fingerprint: string, nowMs: number, leaseMs: number): Promise<Claim<T>> {
      const key = nameOf(given);
      const there = records.get(key);
      if (!there || there.untilMs <= nowMs) {
        records.set(key, { fingerprint, untilMs: nowMs + leaseMs });
        return { is: 'mine' };
      }
      if (there.fingerprint !== fingerprint) return { is: 'other' };
      return there.result === undefined ? { is: 'in-progress' } : { is: 'done', ...JSON.parse(there.result) };
    },
    async finish(given, fingerprint, result, nowMs, keepMs) {
      const key = nameOf(given);
      const there = records.get(key);
      if (there && (there.fingerprint !== fingerprint || there.result !== undefined)) return;
      records.set(key, { fingerprint, untilMs: nowMs + keepMs, result: JSON.stringify({ result }) });
    },
    async forget(given, fingerprint) {
      const key = nameOf(given);
      const there = records.get(key);
      if (there?.fingerprint === fingerprint && there.result === undefined) records.delete(key);
    },
  };
}

function memoryCalls(): Calls {
  const records = new Map<string, CallRecord>();
  const places = new Map<string, { requestId: string; untilMs: number }>();
  return {
    async create(record) {
      if (records.has(record.requestId)) return false;
      records.set(record.requestId, record);
      return true;
    },
    async read(requestId) {
      return records.get(requestId);
    },
    async swap(from, next) {
      if (records.get(from.requestId)?.version !== from.version) return false;
      records.set(from.requestId, next);
      return true;
    },
    async occupy(phone, requestId, nowMs, untilMs) {
      const there = places.get(phone);
      if (there && there.requestId !== requestId && there.untilMs > nowMs) return there.requestId;
      places.set(phone, { requestId, untilMs });
      return requestId;
    },
    async vacate(phone, requestId, untilMs) {
      const there = places.get(phone);
      if (there?.requestId === requestId && there.untilMs > untilMs) places.set(phone, { requestId, untilMs });
    },
  };
}

function memoryProgress(): CallProgress {
  const seen = new Map<string, { status: string; sequence: number }>();
  return {
    async begin(callSid) {
      if (!seen.has(callSid)) seen.set(callSid, { status: '', sequence: -1 });
    },
    async advance(callSid, status, sequence) {
      const there = seen.get(callSid);
      const isOver = there && ['completed', 'busy', 'failed', 'no-answer', 'canceled'].includes(there.status);
      if (!there || isOver || sequence <= there.sequence) return false;
      seen.set(callSid, { status, sequence });
      return true;
    },
  };
}

function memoryRates(): Rates {
  const taken = new Map<string, number[]>();
  const days = new Map<string, number>();
  const dayMs = 86_400_000;
  return {
    async take(key, limit, windowMs, nowMs) {
      const times = taken.get(key) ?? [];
      const inWindow = times.filter((atMs) => atMs > nowMs - windowMs).sort((a, b) => b - a);
      const blocking = inWindow[limit - 1];
      if (limit < 1) return windowMs;
      if (blocking !== undefined) return blocking + windowMs - nowMs;
      taken.set(key, [...times, nowMs]);
      return undefined;
    },
    async takeDaily(key, limit, nowMs) {
      const day = Math.floor(nowMs / dayMs);
      const count = days.get(`${day}#${key}`) ?? 0;
      if (count >= limit) return (day + 1) * dayMs - nowMs;
      days.set(`${day}#${key}`, count + 1);
      return undefined;
    },
  };
}

function memoryChats(): Chats {
  const records = new Map<string, ChatRecord>();
  return {
    async read(identity) {
      return records.get(identity);
    },
    async swap(from, next) {
      if (records.get(next.identity)?.version !== from?.version) return false;
      records.set(next.identity, next);
      return true;
    },
  };
}

/** The table as a model: the same answers as the real one, in memory and in order. */
export function memoryTable(): Table {
  const transcripts = memoryTranscripts();
  return {
    states: memoryStates(),
    transcripts,
    outbox: memoryOutbox(),
    once: memoryOnce(),
    calls: memoryCalls(),
    progress: memoryProgress(),
    rates: memoryRates(),
    chats: memoryChats(),
    contexts: memoryContexts(transcripts),
    openings: memoryOpenings(),
    due: memoryDueCalls(),
    reminders: memoryReminders(),
    voice: memoryVoiceTurns(),
  };
}
