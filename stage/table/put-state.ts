import { randomBytes } from 'node:crypto';
import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { decode } from '../../shared/core/decode.ts';
import { factSources } from '../../shared/core/handover/context.ts';
import { conversationOf } from '../../shared/core/handover/conversation.ts';
import { shortId } from '../../shared/core/short-id.ts';
import { type Key, keyOf } from '../../shared/store/keys.ts';

const anything = v.optional(v.unknown());

/** Values go in as they are given, broken and unknown ones too; only what says where they go is checked. */
const conversationState = v.looseObject({
  conversationId: v.optional(v.string()),
  userId: v.optional(v.string()),
  botId: v.optional(v.string()),
  mode: anything,
  pausedForMs: v.optional(v.number()),
  pausedUntilMs: anything,
  handoverId: anything,
  lines: v.optional(v.array(v.record(v.string(), v.unknown()))),
  transcript: v.optional(v.array(v.record(v.string(), v.unknown()))),
  facts: v.optional(v.record(v.picklist(factSources), v.unknown())),
  links: v.optional(v.array(v.string())),
});

type ConversationState = v.InferOutput<typeof conversationState>;

const callState = v.looseObject({ callSid: v.string(), status: anything, sequence: anything });

const KINDS = /^(S|N|B|BOOL|NULL|M|L|SS|NS|BS)$/;

/** A value as DynamoDB holds it; an object like `{"S":"abc"}` is taken for what it says. */
function attribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  const [kind, ...more] = Object.keys(Object(value));
  const isAttribute = more.length === 0 && KINDS.test(kind ?? '');
  return isAttribute ? (value as AttributeValue) : { S: JSON.stringify(value) };
}

export interface PutState {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly nowMs: number;
  /** Is told which handover a conversation was put into. */
  learn(conversationId: string, handoverId: string): void;
}

/** What says where the values go, or goes elsewhere. */
const notOfTheState = /^(conversationId|userId|botId|pausedForMs|lines|transcript|facts|links)$/;

/** Who is meant by the names that others give to the two sides of a transcript. */
const speakers: ReadonlyMap<unknown, string> = new Map([
  ['user', 'customer'],
  ['assistant', 'bot'],
]);

/** Lines and, before them, a transcript in the words of others: `{from, text}`. */
function linesIn({ transcript = [], lines = [] }: ConversationState): readonly Readonly<Record<string, unknown>>[] {
  const said = transcript.map(({ from, ...line }) => ({ by: speakers.get(from) ?? from, ...line }));
  return [...said, ...lines];
}

const KEEP_MS = 86_400_000;
const USUAL_PAUSE_MS = 600_000;

async function put(
  { client, table, nowMs }: PutState,
  key: Key,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const Item = {
    pk: { S: key.pk },
    sk: { S: key.sk },
    ttlSec: { N: String(Math.ceil((nowMs + KEEP_MS) / 1_000)) },
    ...Object.fromEntries(given.map(([name, value]) => [name, attribute(value)])),
  };
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

/** Everything of the handover that a conversation was put into: as if it had been opened now. */
async function putHandover(to: PutState, conversationId: string, handoverId: string, given: ConversationState) {
  const { nowMs } = to;
  to.learn(conversationId, handoverId);
  await put(to, keyOf({ kind: 'handover-mark', conversationId, handoverId }), { handoverId });
  const record = { handoverId, conversationId, openedAtMs: nowMs, fields: '{}' };
  await put(to, keyOf({ kind: 'handover', handoverId }), record);
  await put(to, keyOf({ kind: 'opening', handoverId, atMs: nowMs }), { conversationId, kind: 'chat' });
  for (const source of factSources) {
    const facts = given.facts?.[source];
    if (facts !== undefined) await put(to, keyOf({ kind: 'facts', handoverId, source }), { toldAtMs: nowMs, facts });
  }
  for (const linkedTo of given.links ?? [])
    await put(to, keyOf({ kind: 'link', handoverId, linkedTo }), { linkedAtMs: nowMs });
}

async function putConversation(to: PutState, given: ConversationState): Promise<unknown> {
  const { conversationId: named, userId, botId, pausedForMs, transcript } = given;
  const more = Object.entries(given).filter(([name]) => !notOfTheState.test(name));
  // Without a name it is the chat in which the Botcopy twin writes, too.
  const conversationId = named ?? conversationOf({ botId: botId ?? 'bot-1', userId: userId ?? 'user-1' });
  const isHanded = [pausedForMs, given.pausedUntilMs, transcript].some((one) => one !== undefined);
  const mode = given.mode ?? (isHanded ? 'human' : 'bot');
  const handed = mode === 'human' || mode === 'pending';
  const state = {
    epoch: 1,
    seq: 1,
    pausedUntilMs: handed ? to.nowMs + (pausedForMs ?? USUAL_PAUSE_MS) : 0,
    handoverId: transcript ? 'h-1' : handed ? shortId('h', randomBytes(10)) : '',
    bot: named === undefined || userId !== undefined ? 'botcopy' : 'plain',
    owner: handed ? 'T-put-by-hand' : '',
    deskSeq: 0,
    ...Object.fromEntries(more),
    mode,
  };
  await put(to, keyOf({ kind: 'state', conversationId }), state);
  const lines = linesIn(given);
  for (const [index, { id = `by-hand-${index}`, ...line }] of lines.entries()) {
    const atMs = to.nowMs - (lines.length - index) * 1_000;
    await put(to, keyOf({ kind: 'line', conversationId, lineId: String(id) }), { atMs, ...line });
  }
  const handoverId: unknown = state.handoverId;
  if (typeof handoverId === 'string' && handoverId !== '') await putHandover(to, conversationId, handoverId, given);
  return { conversationId, ...state };
}

/** Writes a conversation or a call into the table, past every rule of the store. Resolves to what it wrote. */
export async function putState(to: PutState, input: unknown): Promise<unknown> {
  if (!Object.hasOwn(Object(input), 'callSid')) return putConversation(to, decode(conversationState, input));
  const { callSid, ...progress } = decode(callState, input);
  const state = { status: '', sequence: 0, ...progress };
  await put(to, keyOf({ kind: 'progress', callSid }), state);
  return { callSid, ...state };
}
