import type { Table } from '../table.ts';
import { completed, type Facts, type HandoverContext } from './context.ts';

/** Everything that is known of one handover, under whatever name it was told. */
export interface WholeHandover {
  readonly handoverId: string;
  readonly record: HandoverContext['record'];
  readonly facts: Facts;
  /** Where lines of it may be: the conversation of the record, the handover itself, what is linked. */
  readonly conversations: readonly string[];
}

type Contexts = Pick<Table, 'contexts'>['contexts'];

/** A call has two legs, each with its sessions: more names than these are a mistake. */
const MAX_NAMES = 12;

const namesIn = (context: HandoverContext): readonly string[] => [
  ...(context.record ? [context.record.conversationId] : []),
  ...context.conversations,
];

/**
 * Reads a handover with what is known of the conversations that belong to it. A platform knows the conversation always and
 * the handover rarely, and the leg of an assistant has a handover id of its own: so what is told under a name that is
 * linked counts too, two links deep. Undefined when nothing is known under the id itself.
 */
export async function readHandover(contexts: Contexts, handoverId: string): Promise<WholeHandover | undefined> {
  const own = await contexts.read(handoverId);
  if (!own) return undefined;
  const names = new Set([...(own.record ? [own.record.conversationId] : []), handoverId, ...own.conversations]);
  let { facts } = own;
  let next = [...names].filter((name) => name !== handoverId);
  for (let depth = 0; depth < 2 && next.length > 0; depth++) {
    const found = await Promise.all(next.slice(0, MAX_NAMES).map((name) => contexts.read(name)));
    const further = found.flatMap((context) => (context ? namesIn(context) : []));
    for (const context of found) if (context) facts = completed(facts, context.facts);
    next = [...new Set(further)].filter((name) => !names.has(name));
    for (const name of next) names.add(name);
  }
  return { handoverId, record: own.record, facts, conversations: [...names].slice(0, MAX_NAMES) };
}
