import type { DueCall, DueCalls } from '../../shared/core/call/due-calls.ts';
import {
  type Contexts,
  type FactSource,
  type Facts,
  factSources,
  mergedFacts,
} from '../../shared/core/handover/context.ts';
import type { OpenHandover, Openings } from '../../shared/core/handover/openings.ts';
import type { Reminders } from '../../shared/core/handover/reminders.ts';
import type { Transcripts } from '../../shared/core/table.ts';

const DAY_MS = 86_400_000;

const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Known {
  readonly told: Map<FactSource, { readonly atMs: number; readonly facts: Facts }>;
  readonly links: Set<string>;
}

/** What is known of handovers, in memory; the records stay where they were written. */
export function memoryContexts(transcripts: Transcripts): Contexts {
  const handovers = new Map<string, Known>();
  const of = (handoverId: string): Known => {
    const known = handovers.get(handoverId) ?? { told: new Map(), links: new Set() };
    handovers.set(handoverId, known);
    return known;
  };
  return {
    async tell(handoverId, source, facts, nowMs) {
      const { told } = of(handoverId);
      const there = told.get(source);
      if (!there || there.atMs <= nowMs) told.set(source, { atMs: nowMs, facts: structuredClone(facts) });
    },
    async link(handoverId, conversationId) {
      of(handoverId).links.add(conversationId);
    },
    async read(handoverId) {
      const record = await transcripts.handover(handoverId);
      const known = handovers.get(handoverId);
      if (!record && !known) return undefined;
      const facts = Object.fromEntries([...(known?.told ?? [])].map(([source, { facts }]) => [source, facts]));
      const told = Object.fromEntries(factSources.map((source) => [source, known?.told.get(source)?.atMs]));
      return {
        handoverId,
        record,
        facts: mergedFacts(facts),
        told: told as Record<FactSource, number | undefined>,
        conversations: [...(known?.links ?? [])].sort(),
      };
    },
  };
}

/** The handovers of today and yesterday, in memory. */
export function memoryOpenings(): Openings {
  const all = new Map<string, OpenHandover>();
  return {
    async add(opening) {
      const openedAtMs = Math.ceil(opening.openedAtMs);
      all.set(`${openedAtMs}#${opening.handoverId}`, { ...opening, openedAtMs });
    },
    async newest(nowMs, limit) {
      const listed = [...all.values()]
        .filter(({ openedAtMs }) => [0, 1].includes(dayOf(nowMs) - dayOf(openedAtMs)))
        .sort((a, b) => b.openedAtMs - a.openedAtMs || compare(b.handoverId, a.handoverId));
      const once = new Map<string, OpenHandover>();
      for (const opening of listed) if (!once.has(opening.handoverId)) once.set(opening.handoverId, opening);
      return [...once.values()].slice(0, limit);
    },
  };
}

/** The calls that wait for their time, in memory. */
export function memoryDueCalls(): DueCalls {
  const all = new Map<string, DueCall>();
  const keyOf = (requestId: string, atMs: number) => `${Math.ceil(atMs)}#${requestId}`;
  return {
    async add(requestId, atMs) {
      all.set(keyOf(requestId, atMs), { requestId, atMs: Math.ceil(atMs) });
    },
    async until(nowMs, limit) {
      return [...all.values()]
        .filter(({ atMs }) => atMs <= nowMs && dayOf(nowMs) - dayOf(atMs) < 8)
        .sort((a, b) => a.atMs - b.atMs || compare(a.requestId, b.requestId))
        .slice(0, limit);
    },
    async remove(requestId, atMs) {
      all.delete(keyOf(requestId, atMs));
    },
  };
}

/** The conversations that wait to be looked at, in memory. */
export function memoryReminders(): Reminders {
  const list = memoryDueCalls();
  return {
    add: ({ conversationId, atMs }) => list.add(conversationId, atMs),
    due: async (nowMs, limit) =>
      (await list.until(nowMs, limit)).map(({ requestId, atMs }) => ({ conversationId: requestId, atMs })),
    remove: ({ conversationId, atMs }) => list.remove(conversationId, atMs),
  };
}
