import type { HandoverRef } from '../../core/handover/desk.ts';
import { clipped, type Line } from '../../core/handover/line.ts';
import { newestThatFit } from '../../core/handover/newest.ts';
import type { HandoverRecord } from '../../core/table.ts';
import { MAX_MESSAGE_CHARACTERS } from '../../twilio/conversations.ts';
import { piecesOf } from '../../twilio/message-pieces.ts';

/** All attributes of a task must stay below 4,096 bytes with everything that Flex adds. */
const MAX_ATTRIBUTES_BYTES = 3_000;
const MAX_VALUE_BYTES = 300;

/** How much of the note may say why, before what was said. */
const MAX_HEAD = 500;

const speakers: Readonly<Record<Line['by'], string>> = {
  customer: 'Customer',
  bot: 'Bot',
  agent: 'Agent',
  system: '–',
};

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).byteLength;

const short = (text: string | undefined): string | undefined =>
  text === undefined || text === '' ? undefined : clipped(text, MAX_VALUE_BYTES);

/** `skills` and `priority` among the collected fields are for the router: `en, billing` are two skills. */
function routedBy({ fields }: HandoverRecord) {
  const skills = clipped(fields.skills ?? '', MAX_VALUE_BYTES)
    .split(',')
    .map((skill) => skill.trim());
  const priority = /^\d{1,9}$/.test(fields.priority ?? '') ? Number(fields.priority) : undefined;
  const named = skills.filter((skill) => skill !== '').slice(0, 20);
  return { skills: named.length > 0 ? named : undefined, priority };
}

/**
 * What routes the task and what the agent sees of it, under the names that Flex itself uses where it has one. Too much is
 * left out from the end: the fields first, then the reason and the name.
 */
export function taskAttributes(
  handover: HandoverRecord,
  { conversationSid, handoverUrl, queue }: AttributesMore,
): Readonly<Record<string, unknown>> {
  const { handoverId, conversationId, fields } = handover;
  const routing = {
    handoverId,
    conversationId,
    conversationSid,
    handoverUrl,
    topic: short(handover.topic),
    language: short(handover.language),
    queue,
    ...routedBy(handover),
    conversations: { conversation_id: handoverId },
  };
  const named = { ...routing, customerName: short(handover.name), reason: short(handover.reason) };
  const cut = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, clipped(value, MAX_VALUE_BYTES)]),
  );
  return [{ ...named, fields: cut }, named].find((all) => bytesOf(all) <= MAX_ATTRIBUTES_BYTES) ?? routing;
}

interface AttributesMore {
  readonly conversationSid: string;
  /** The signed link to the agent's page, where there is a secret to sign it. */
  readonly handoverUrl: string | undefined;
  /** The desk's own word for the queue, where it is no SID. */
  readonly queue: string | undefined;
}

/**
 * The first message in a conversation: who wants what, and the newest of what was said that fits. `Topic: billing` and a line
 * `Customer: hello` for each utterance, as in the transcript.
 */
export function noteOf({ topic, reason, name, language, fields }: HandoverRecord, lines: readonly Line[]): string {
  const known = [
    ['Name', name],
    ['Topic', topic],
    ['Reason', reason],
    ['Language', language],
    ...Object.entries(fields),
  ];
  const head = known.flatMap(([title, value]) => (value ? [`${title}: ${value}`] : [])).join('\n');
  const [about = ''] = piecesOf(head, MAX_HEAD);
  const left = MAX_MESSAGE_CHARACTERS - about.length - 2;
  const last = lines.at(-1);
  const written = (line: Line): string =>
    piecesOf(`${speakers[line.by]}: ${line.text}`, line === last ? left - 1 : MAX_MESSAGE_CHARACTERS)[0] ?? '';
  const said = newestThatFit(lines, left, (line) => written(line).length + 1).map(written);
  return [about, said.join('\n')].filter((part) => part !== '').join('\n\n') || 'A customer asks for a person.';
}

/** What an agent reads whose words did not arrive. */
export const undeliveredNote = ({ text }: Line): string =>
  piecesOf(`Not delivered, the customer does not see it: ${text}`)[0] ?? '';

/** What stands beside every message of ours. `for: 'agents'` keeps it from a visitor who reads the same conversation. */
export const messageAttributes = ({ handoverId, conversationId }: HandoverRef, eventId: string, part: number) => ({
  handoverId,
  conversationId,
  eventId,
  part,
  for: 'agents',
});
