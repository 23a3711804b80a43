import * as v from 'valibot';
import { DAY_MS, type Items } from './items.ts';
import {
  conversationPartition,
  duePartition,
  handoverPartition,
  type Key,
  openPartition,
  remindPartition,
  type Subject,
  subjectOf,
} from './keys.ts';

/** More names than a customer has: a bot's session, a call's two legs, a visitor's chat, over months. */
const MAX_NAMES = 200;

/** An item that was found, with what its key says. */
export interface FoundItem {
  readonly key: Key;
  /** Undefined for an item that is none of ours: it is found with the others all the same. */
  readonly subject: Subject | undefined;
  readonly values: unknown;
}

const text = v.fallback(v.string(), '');

/** What leads from one item to another: of a wrong shape it leads nowhere. */
const leads = v.object({ conversationId: text, handoverId: text });

/** The handovers that an item of a conversation names, and the conversations that an item of a handover names. */
function namesIn({ subject, values }: FoundItem): { conversations: string[]; handovers: string[] } {
  const { conversationId, handoverId } = v.is(v.record(v.string(), v.unknown()), values)
    ? v.parse(leads, { conversationId: '', handoverId: '', ...values })
    : { conversationId: '', handoverId: '' };
  switch (subject?.kind) {
    case 'state':
      return { conversations: [], handovers: [handoverId] };
    case 'handover-mark':
    case 'history':
      return { conversations: [], handovers: [subject.handoverId] };
    case 'handover':
      return { conversations: [conversationId], handovers: [] };
    case 'link':
      return { conversations: [subject.linkedTo], handovers: [] };
    default:
      return { conversations: [], handovers: [] };
  }
}

async function inPartition(items: Items, pk: string): Promise<readonly FoundItem[]> {
  return (await items.list({ pk })).map(({ key, values }) => ({ key, subject: subjectOf(key), values }));
}

/** What belongs together under the names that lead to each other. */
export interface Family {
  readonly conversations: ReadonlySet<string>;
  readonly handovers: ReadonlySet<string>;
  readonly found: readonly FoundItem[];
}

/** Everything in the partitions of a conversation, of its handovers, and of the conversations that belong to these. */
export async function familyOf(items: Items, conversationId: string): Promise<Family> {
  const conversations = new Set<string>();
  const handovers = new Set<string>();
  const found: FoundItem[] = [];
  const waiting: string[] = [conversationPartition(conversationId)];
  conversations.add(conversationId);
  for (let pk = waiting.shift(); pk !== undefined; pk = waiting.shift()) {
    const here = await inPartition(items, pk);
    found.push(...here);
    const names = here.map(namesIn);
    const further = (known: Set<string>, given: readonly string[], partition: (name: string) => string) => {
      for (const name of given) {
        if (name === '' || known.has(name) || known.size >= MAX_NAMES) continue;
        known.add(name);
        waiting.push(partition(name));
      }
    };
    further(
      handovers,
      names.flatMap((one) => one.handovers),
      handoverPartition,
    );
    further(
      conversations,
      names.flatMap((one) => one.conversations),
      conversationPartition,
    );
  }
  return { conversations, handovers, found };
}

/** Openings are kept for two days; what is due is found for a week and lies at most a day ahead, but for calls at a wished time. */
const OPEN_DAYS = [0, -1, -2];
const REMIND_DAYS = [2, 1, 0, -1, -2, -3, -4, -5, -6, -7, -8, -9];

/** What is known of the calls of a family: their requests, and when those are due that are far ahead. */
export interface CallsKnown {
  readonly requestIds: readonly string[];
  readonly dueAtMs: readonly number[];
}

/** The pointers to a family and its calls on the lists by day. */
export async function pointersTo(
  items: Items,
  { conversations, handovers }: Family,
  { requestIds, dueAtMs }: CallsKnown,
  nowMs: number,
): Promise<readonly Key[]> {
  const near = REMIND_DAYS.map((day) => nowMs + day * DAY_MS);
  const days = [
    ...OPEN_DAYS.map((day) => openPartition(nowMs + day * DAY_MS)),
    ...near.map(remindPartition),
    ...(requestIds.length > 0 ? [...near, ...dueAtMs].map(duePartition) : []),
  ];
  const listed = (await Promise.all([...new Set(days)].map((pk) => inPartition(items, pk)))).flat();
  return listed
    .filter(
      ({ subject }) =>
        (subject?.kind === 'opening' && handovers.has(subject.handoverId)) ||
        (subject?.kind === 'due' && requestIds.includes(subject.requestId)) ||
        (subject?.kind === 'reminder' && conversations.has(subject.ofConversation)),
    )
    .map(({ key }) => key);
}
