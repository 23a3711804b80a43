import { randomBytes } from 'node:crypto';
import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { conversationOf } from '../../shared/core/conversation.ts';
import { decode } from '../../shared/core/decode.ts';
import { Problem } from '../../shared/core/problems.ts';
import { shortId } from '../../shared/core/short-id.ts';
import { type Key, keyOf } from '../../shared/store/keys.ts';

const anything = v.optional(v.unknown());

/** Values go in as they are given, broken ones too; only what says where they go is checked. */
const conversationState = v.strictObject({
  conversationId: v.optional(v.string()),
  userId: v.optional(v.string()),
  botId: v.optional(v.string()),
  mode: anything,
  pausedForMs: v.optional(v.number()),
  pausedUntilMs: anything,
  handoverId: anything,
  bot: anything,
  owner: anything,
  epoch: anything,
  seq: anything,
  deskSeq: anything,
  lines: v.optional(v.array(v.record(v.string(), v.unknown()))),
});

const callState = v.strictObject({ callSid: v.string(), status: anything, sequence: anything });

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

const KEEP_MS = 86_400_000;

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

function whichConversation({ conversationId, userId, botId }: v.InferOutput<typeof conversationState>): string {
  if (conversationId !== undefined) return conversationId;
  if (userId === undefined || botId === undefined) {
    throw new Problem('invalid_conversation_id', { extra: { needs: 'conversationId, or userId and botId' } });
  }
  return conversationOf({ botId, userId });
}

async function putConversation(to: PutState, given: v.InferOutput<typeof conversationState>): Promise<void> {
  const conversationId = whichConversation(given);
  const { pausedForMs, lines = [], mode = pausedForMs === undefined ? 'bot' : 'human' } = given;
  const handed = mode === 'human' || mode === 'pending';
  const {
    handoverId = handed ? shortId('h', randomBytes(10)) : '',
    pausedUntilMs = to.nowMs + (pausedForMs ?? 600_000),
  } = given;
  await put(to, keyOf({ kind: 'state', conversationId }), {
    epoch: given.epoch ?? 1,
    seq: given.seq ?? 1,
    mode,
    pausedUntilMs: handed || given.pausedUntilMs !== undefined ? pausedUntilMs : 0,
    handoverId,
    bot: given.bot ?? (given.userId === undefined ? 'plain' : 'botcopy'),
    owner: given.owner ?? (handed ? 'T-put-by-hand' : ''),
    deskSeq: given.deskSeq ?? 0,
  });
  for (const [index, { id = `by-hand-${index}`, ...line }] of lines.entries()) {
    const atMs = to.nowMs - (lines.length - index) * 1_000;
    await put(to, keyOf({ kind: 'line', conversationId, lineId: String(id) }), { atMs, ...line });
  }
  if (typeof handoverId !== 'string' || handoverId === '') return;
  to.learn(conversationId, handoverId);
  await put(to, keyOf({ kind: 'handover-mark', conversationId, handoverId }), { handoverId });
  const record = { handoverId, conversationId, openedAtMs: to.nowMs, fields: '{}' };
  await put(to, keyOf({ kind: 'handover', handoverId }), record);
}

/** Writes a conversation or a call into the table, past every rule of the store. */
export async function putState(to: PutState, input: unknown): Promise<void> {
  if (!Object.hasOwn(Object(input), 'callSid')) return putConversation(to, decode(conversationState, input));
  const { callSid, status = '', sequence = 0 } = decode(callState, input);
  await put(to, keyOf({ kind: 'progress', callSid }), { status, sequence });
}
