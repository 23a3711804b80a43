import * as v from 'valibot';
import { numberRate, sourceRate } from '../core/call/take-from-limits.ts';
import { placingKey } from '../core/call/wish.ts';
import type { Erased, Erasures, Traces } from '../core/erase/erasures.ts';
import { sideBySide } from '../core/side-by-side.ts';
import { openCalls } from './calls.ts';
import { toldSchema } from './contexts.ts';
import { type Family, type FoundItem, familyOf, pointersTo } from './found-of.ts';
import type { Items } from './items.ts';
import { hashed, type Key, keyOf, type Subject, voicePartition } from './keys.ts';
import { stateSchema } from './states.ts';

/** Removals under way at a time. */
const AT_A_TIME = 16;

/** What leads to other items is removed after all that it leads to. */
const LAST: readonly (readonly Subject['kind'][])[] = [['link'], ['handover-mark', 'history'], ['state']];

const leads = (subject: Subject | undefined, kinds: readonly Subject['kind'][]): boolean =>
  subject !== undefined && kinds.includes(subject.kind);

async function removeAll(items: Items, keys: readonly Key[]): Promise<number> {
  let removed = 0;
  await sideBySide(keys, AT_A_TIME, async (key) => {
    if (await items.takeAway(key)) removed++;
  });
  return removed;
}

const distinct = (texts: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(texts)].filter((text) => text !== undefined && text !== '') as string[];

function factsIn(found: readonly FoundItem[]) {
  return found.flatMap(({ subject, values }) => {
    const told = subject?.kind === 'facts' ? v.safeParse(toldSchema, values) : undefined;
    return told?.success ? [told.output.facts] : [];
  });
}

/** The web chats: a conversation of a visitor's own is named after them. */
function chatsOf({ conversations, found }: Family): readonly Key[] {
  const visitors = distinct([...factsIn(found).map(({ visitor }) => visitor), ...conversations]);
  return visitors.map((identity) => keyOf({ kind: 'chat', identity }));
}

function statesIn(found: readonly FoundItem[]) {
  return found.flatMap(({ subject, values }) => {
    const state = subject?.kind === 'state' ? v.safeParse(stateSchema, values) : undefined;
    return state?.success ? [state.output] : [];
  });
}

/** What a family leads to: the wishes for calls, their numbers, and what Twilio calls them. */
async function callsOf(items: Items, { found }: Family) {
  const facts = factsIn(found);
  const calls = openCalls(items);
  const requestIds = distinct(facts.map(({ requestId }) => requestId));
  const records = (await Promise.all(requestIds.map((requestId) => calls.read(requestId)))).filter(
    (record) => record !== undefined,
  );
  return {
    requestIds,
    subjects: distinct(records.map(({ subject }) => subject)),
    dueAtMs: records.flatMap(({ dueAtMs }) => dueAtMs ?? []),
    phones: distinct([...facts.map(({ customerPhone }) => customerPhone), ...records.map(({ phone }) => phone)]),
    callSids: distinct([...facts, ...records].map(({ callSid }) => callSid)),
  };
}

type CallsOf = Awaited<ReturnType<typeof callsOf>>;

/** Everything of the calls of a family: the wish, the place of its number, how far it came, what counts it. */
function keysOfCalls({ conversations }: Family, { requestIds, subjects, phones, callSids }: CallsOf): readonly Key[] {
  const sources = [...[...conversations].map((name) => `conversation:${name}`), ...subjects];
  const rates = [...phones.map(numberRate), ...sources.map(sourceRate)];
  return [
    ...requestIds.map((requestId) => keyOf({ kind: 'once', hash: hashed(placingKey(requestId)) })),
    ...phones.map((phone) => keyOf({ kind: 'place', phone })),
    ...callSids.map((callSid) => keyOf({ kind: 'progress', callSid })),
    ...rates.map((rate) => keyOf({ kind: 'rate', hash: hashed(rate) })),
    ...requestIds.map((requestId) => keyOf({ kind: 'call', requestId })),
  ];
}

/** What was said to a bot by voice: under the phone, or where that was withheld under the call. */
async function voiceTurnsOf(items: Items, { phones, callSids }: CallsOf): Promise<readonly Key[]> {
  const callers = [...phones, ...callSids].map((caller) => items.list({ pk: voicePartition(caller) }));
  return (await Promise.all(callers)).flat().map(({ key }) => key);
}

function tracesOf({ handovers, found }: Family, { callSids }: CallsOf): Traces {
  const states = statesIn(found);
  return {
    bots: distinct(states.map(({ bot }) => bot)),
    tickets: distinct(states.map(({ mode, owner }) => (mode === 'pending' ? '' : owner))),
    handoverIds: [...handovers],
    talks: factsIn(found).flatMap(({ talk }) => talk ?? []),
    callSids,
    recordingSids: distinct(factsIn(found).map(({ voicemail }) => voicemail?.recordingSid)),
  };
}

/** Removes everything of a conversation, wherever it is. */
export function openErasures(items: Items): Erasures {
  return {
    async erase(conversationId, nowMs): Promise<Erased> {
      const family = await familyOf(items, conversationId);
      const calls = await callsOf(items, family);
      const { found } = family;
      const plain = found.filter(({ subject }) => !LAST.some((kinds) => leads(subject, kinds))).map(({ key }) => key);
      // Before the record of a call, which says on which day it is listed, and which call it was.
      let deleted = await removeAll(items, await pointersTo(items, family, calls, nowMs));
      deleted += await removeAll(items, await voiceTurnsOf(items, calls));
      deleted += await removeAll(items, [...chatsOf(family), ...keysOfCalls(family, calls)]);
      deleted += await removeAll(items, plain);
      for (const kinds of LAST) {
        const some = found.filter(({ subject }) => leads(subject, kinds)).map(({ key }) => key);
        deleted += await removeAll(items, some);
      }
      return { deleted, traces: tracesOf(family, calls) };
    },
  };
}
