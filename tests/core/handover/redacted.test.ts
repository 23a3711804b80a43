import { describe, expect, test } from 'vitest';
import { keepMessage } from '../../../shared/core/call/voicemail.ts';
import { decode } from '../../../shared/core/decode.ts';
import { keepTold } from '../../../shared/core/handover/keep-told.ts';
import { heardId } from '../../../shared/core/handover/line.ts';
import { redactedFacts } from '../../../shared/core/handover/redacted.ts';
import { redactor } from '../../../shared/core/handover/redaction.ts';
import type { Table } from '../../../shared/core/table.ts';
import {
  chatContext,
  recordOfChat,
  redactedRequest,
  webChatRequest,
} from '../../../shared/core/web-chat/web-chat-request.ts';
import { chatWorld } from '../../support/chat-world.ts';
import { memoryTable } from '../../support/memory-table.ts';

const CARD = '4111 1111 1111 1111';
const SHOWN = '•••• 1111';
const redact = redactor(['cards', 'security-codes']);

/** A table, and everything that it was ever given. */
function watchedTable() {
  const given: string[] = [];
  const watched = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...parts: unknown[]) => {
          given.push(JSON.stringify(parts));
          return method.apply(target, parts);
        };
      },
    });
  const ports = Object.entries(memoryTable()).map(([name, port]) => [name, watched(port)]);
  return { given, table: Object.fromEntries(ports) as Table };
}

/** A world of which nothing may have seen the card in the end. */
function redactingWorld() {
  const { given, table } = watchedTable();
  const world = chatWorld({ table, redact, keepsWords: true });
  const seen = () => {
    const { desk, platform } = world;
    return JSON.stringify([given, desk.opened, desk.linesAtOpen, desk.told, platform.shown]);
  };
  return { ...world, seen, linesOf: async () => (await table.transcripts.lines('c-1', 100)).map(({ text }) => text) };
}

const isClean = (seen: string) => {
  expect(seen).not.toContain(CARD);
  expect(seen).not.toContain('CVV 987');
  expect(seen).toContain(SHOWN);
};

test('what the customer says is redacted at the desk and in the table, also while it waits and to the bot', async () => {
  const world = redactingWorld();
  await world.says(`to the bot ${CARD}`);
  await world.asks(`a person ${CARD}`);
  await world.says(`to the desk ${CARD}`);
  world.desk.behave('unreachable');
  await world.says(`waiting ${CARD}`);
  await world.clock.sleep(10_000);
  world.desk.behave('well');
  await world.ends(`at last ${CARD}`);
  isClean(world.seen());
  expect(world.desk.texts()).toContain(`to the desk ${SHOWN}`);
  expect(await world.linesOf()).toContain(`to the bot ${SHOWN}`);
});

test('what the customer said and is repeated is there once, under an id made of what is stored', async () => {
  const world = redactingWorld();
  await world.asks();
  await world.says(`pay ${CARD}`);
  await world.says(`pay ${CARD}`);
  expect(await world.linesOf()).toEqual([`pay ${SHOWN}`]);
  const ids = (await world.table.transcripts.lines('c-1', 100)).map(({ id }) => id);
  expect(ids).toEqual([heardId('c-1', `pay ${SHOWN}`, world.clock.nowMs())]);
});

test('what a bot hands over is redacted: history, fields, reason', async () => {
  const world = redactingWorld();
  await world.asks('', {
    reason: `card ${CARD} refused`,
    fields: { number: CARD, cvv: '987' },
    lines: [
      { by: 'customer', text: `${CARD}, CVV 987` },
      { by: 'bot', text: `I have ${CARD}` },
    ],
  });
  isClean(world.seen());
  expect(world.desk.opened[0]).toMatchObject({
    reason: `card ${SHOWN} refused`,
    fields: { number: SHOWN, cvv: '•••' },
  });
  expect(world.desk.linesAtOpen[0]?.map(({ text }) => text)).toEqual([`${SHOWN}, CVV •••`, `I have ${SHOWN}`]);
});

test('what an agent pushes is redacted for the customer, and known again', async () => {
  const world = redactingWorld();
  await world.asks();
  await world.agentSays(`is it ${CARD}?`, { eventId: 'e-1' });
  await world.agentSays(`is it ${CARD}?`, { eventId: 'e-1' });
  world.platform.behave('unreachable');
  await world.agentSays(`and ${CARD}?`, { eventId: 'e-2' });
  isClean(world.seen());
  expect(world.platform.texts()).toEqual([`is it ${SHOWN}?`]);
  expect(await world.linesOf()).toEqual([`is it ${SHOWN}?`, `and ${SHOWN}?`]);
});

describe('what a desk tells', () => {
  test('is redacted: what agents say, and what the customer wrote where the desk reads it', async () => {
    const world = redactingWorld();
    await world.asks();
    await world.tells({ kind: 'says', text: `is it ${CARD}?`, agent: undefined, isShown: false }, 'e-1');
    await world.tells({ kind: 'says', text: `shown ${CARD}`, agent: undefined, isShown: true }, 'e-2');
    await world.tells({ kind: 'customer', text: `yes ${CARD}` }, 'e-3');
    isClean(world.seen());
    expect(world.platform.texts()).toEqual([`is it ${SHOWN}?`]);
    expect((await world.linesOf()).toSorted()).toEqual([`is it ${SHOWN}?`, `shown ${SHOWN}`, `yes ${SHOWN}`]);
  });

  test('and comes too late is told back as it would have been stored', async () => {
    const world = redactingWorld();
    await world.asks();
    await world.ends();
    await world.tells({ kind: 'says', text: `late ${CARD}`, agent: undefined, isShown: false }, 'e-1');
    isClean(world.seen());
  });
});

test('an incident that a bot has begun to write is redacted part by part, each after its name', () => {
  const draft = { title: `Card ${CARD} refused`, cvv: '987', priority: 'high' };
  expect(redactedFacts(redact, { topic: 'Cards', draft })).toEqual({
    topic: 'Cards',
    draft: { title: `Card ${SHOWN} refused`, cvv: '•••', priority: 'high' },
  });
});

test('what a bot tells after the fact is redacted, and is there once', async () => {
  const { given, table } = watchedTable();
  const clock = chatWorld().clock;
  const told = {
    bot: 'plain',
    event: 'lines',
    conversations: ['c-1'],
    lines: [{ by: 'customer', text: `mine is ${CARD}` }],
    handoverId: 'habcdefghijklmnop',
    legSid: undefined,
    wish: { reason: `refused ${CARD}`, fields: { cvv: '987' } },
    endReason: undefined,
    atMs: undefined,
  } as const;
  const parts = { table, clock, accountSid: undefined, redact };
  expect([await keepTold(parts, told), await keepTold(parts, told)]).toEqual([1, 0]);
  isClean(JSON.stringify(given));
  expect((await table.contexts.read('habcdefghijklmnop'))?.facts).toMatchObject({
    reason: `refused ${SHOWN}`,
    fields: { cvv: '•••' },
  });
});

test('the words of a message on the voicemail are redacted', async () => {
  const { given, table } = watchedTable();
  const form = {
    RecordingSid: `RE${'0'.repeat(32)}`,
    RecordingStatus: undefined,
    RecordingDuration: undefined,
    TranscriptionStatus: 'completed',
    TranscriptionText: `Charge ${CARD}.`,
  };
  const at = { request: undefined, handover: 'habcdefghijklmnop' };
  expect(await keepMessage(table, at, 'CA', 'transcription', form, 1_700_000_000_000, redact)).toBe(true);
  isClean(JSON.stringify(given));
});

test('what comes with a web chat is redacted for the table and for Flex, but not the proof that lets somebody in', () => {
  const connect = {
    topic: `t ${CARD}`,
    message_to_human_agent: `m ${CARD}`,
    transfer_info: { additional_data: { handover_proof: CARD, cvv: '987', plan: 'gold' } },
  };
  const body = decode(webChatRequest, { topic: `own ${CARD}`, friendlyName: `Jane ${CARD}`, connect });
  const request = redactedRequest(redact, body);
  const refs = { handoverId: 'habcdefghijklmnop', conversationId: 'c-1' };
  isClean(JSON.stringify([recordOfChat(request, refs, 1), chatContext(request, refs)]));
  expect(recordOfChat(request, refs, 1)).toMatchObject({
    topic: `own ${SHOWN}`,
    reason: `m ${SHOWN}`,
    name: `Jane ${SHOWN}`,
    fields: { cvv: '•••', plan: 'gold' },
  });
  expect(request.connect?.transfer_info?.additional_data?.handover_proof).toBe(CARD);
  expect(redactedRequest(redactor([]), body)).toEqual(body);
});
