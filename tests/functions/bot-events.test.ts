import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import botEvents from '../../functions/bot-events.ts';
import { linesOfHandover } from '../../shared/core/handover/told-lines.ts';
import { readHandover } from '../../shared/core/handover/whole-handover.ts';
import cdr from '../fixtures/watson/cdr.json' with { type: 'json' };
import phone from '../fixtures/watson/phone-turns.json' with { type: 'json' };
import { inboundOf, testSettings } from '../support/calls.ts';
import { answered, type ChatFunctions, startChatFunctions } from '../support/chat-functions.ts';
import { startStandIn } from '../support/stand-in.ts';
import { type StartedFunction, startFunction } from '../support/start-function.ts';

const secret = 'purple unicorn';
const botToken = { authorization: testSettings.BOT_ACCESS_TOKEN };

/** What Watson puts into `Authorization`. */
function jwt(key: string, alg = 'HS256'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg, typ: 'JWT' })}.${part({ iat: 1_795_219_200 })}`;
  return `${signed}.${alg === 'none' ? '' : createHmac('sha256', key).update(signed).digest('base64url')}`;
}

let chat: ChatFunctions;
let events: StartedFunction;
beforeAll(async () => {
  chat = await startChatFunctions();
  events = startFunction(botEvents, { ...chat.env, WATSON_WEBHOOK_SECRET: secret });
});
afterAll(() => chat.close());

const watson = (body: unknown, authorization = jwt(secret)) => answered(events, body, { authorization });
const plain = (body: unknown) => answered(events, body, botToken);

/** The fixtures as another call would bring them: a session and a handover of its own. */
function anotherCall() {
  const session = randomUUID();
  const handoverId = `h-${session}`;
  const own = (body: unknown) =>
    JSON.parse(
      JSON.stringify(body)
        .replaceAll('7874ec3a-1330-4180-afe1-46bfb220af5b', session)
        .replaceAll('habcdefghijklmnop', handoverId),
    );
  return { session, handoverId, own };
}

async function transcriptOf(handoverId: string): Promise<readonly (readonly string[])[]> {
  const whole = await readHandover(chat.table.contexts, handoverId);
  const lines = whole ? await linesOfHandover(chat.table.transcripts, whole, 100) : [];
  return lines.map(({ by, text }) => [by, text]);
}

describe('row 27: Watson’s log webhook', () => {
  test('becomes the transcript of the handover, each turn once, and the record of the call closes it', async () => {
    const { handoverId, own } = anotherCall();
    const turns = [...phone.logged, ...phone.processed, cdr.request].map(own);
    for (const body of [...turns].reverse()) expect((await watson(body)).status).toBe(204);
    const again = await Promise.all(turns.map((body) => watson(body)));
    expect(again.map(({ status }) => status)).toEqual(turns.map(() => 204));
    const end = ['system', 'The call with the assistant has ended: assistant_hangup'];
    expect(await transcriptOf(handoverId)).toEqual([...phone.transcript, end]);
    const whole = await readHandover(chat.table.contexts, handoverId);
    expect(whole?.facts).toMatchObject({ reason: "The caller's lamp arrived broken", endReason: 'assistant_hangup' });
  });

  test.for([
    ['another secret', jwt('white unicorn')],
    ['no algorithm', jwt(secret, 'none')],
    ['the secret itself', secret],
    ['nothing', ''],
  ] as const)('signed with %s is refused and leaves nothing', async ([, authorization]) => {
    const { session, own } = anotherCall();
    const { status, body } = await watson(own(phone.logged[1]), authorization);
    expect([status, body]).toMatchObject([401, { error: { code: 'unauthorized' } }]);
    expect(await chat.table.transcripts.lines(session, 10)).toEqual([]);
  });

  test('of a session without a handover is kept for whoever takes the session', async () => {
    const { session, own } = anotherCall();
    const body = own(phone.logged[1]);
    Object(body.payload.response.context.integrations).voice_telephony = {};
    expect((await watson(body)).status).toBe(204);
    expect(await chat.table.transcripts.lines(session, 10)).toHaveLength(3);
  });

  test('of an event that is unknown is taken', async () => {
    expect((await watson({ event: { name: 'session_ended' }, payload: { session_id: 's-1' } })).status).toBe(204);
  });
});

describe('a plain bot', () => {
  test('tells what was said', async () => {
    const conversationId = randomUUID();
    const lines = [
      { by: 'customer', text: 'Where is my order?' },
      { by: 'bot', text: 'On its way.', id: 'b-1' },
    ];
    const reply = await plain({ conversationId, lines });
    expect([reply.status, reply.body]).toEqual([204, {}]);
    await plain({ conversationId, lines });
    expect(await chat.table.transcripts.lines(conversationId, 10)).toMatchObject(lines);
  });

  test('tells as many lines at once as it may', async () => {
    const conversationId = randomUUID();
    const lines = Array.from({ length: 500 }, (_, n) => ({ by: 'bot', text: `line ${n}` }));
    const reply = await plain({ conversationId, lines });
    expect(reply.status).toBe(204);
    const stored = await chat.table.transcripts.lines(conversationId, 1_000);
    expect(stored.map(({ text }) => text)).toEqual(lines.map(({ text }) => text));
  });

  test.for([
    [{ lines: [{ by: 'bot', text: 'x' }] }, 'invalid_conversation_id'],
    [{ conversationId: 'a b', lines: [{ by: 'bot', text: 'x' }] }, 'invalid_conversation_id'],
    [{ conversationId: 'c-1' }, 'invalid_request'],
    [{ conversationId: 'c-1', lines: [] }, 'invalid_request'],
    [{ conversationId: 'c-1', lines: 'x' }, 'invalid_request'],
    [{ conversationId: 'c-1', lines: [{ by: 'nobody', text: 'x' }] }, 'invalid_request'],
    [{ conversationId: 'c-1', lines: [{ by: 'bot', text: 7 }] }, 'invalid_text'],
    [{ conversationId: 'c-1', lines: [{ by: 'bot', text: 'x', id: 'a b' }] }, 'invalid_request'],
    [{ conversationId: 'c-1', lines: [{ by: 'bot', text: 'x', more: 1 }] }, 'unknown_field'],
    [{ conversationId: 'c-1', lines: [{ by: 'bot', text: 'x' }], more: 1 }, 'unknown_field'],
    [{ conversationId: 'c-1', lines: Array(501).fill({ by: 'bot', text: 'x' }) }, 'invalid_request'],
  ] as const)('is told what is wrong with %j', async ([body, code]) => {
    const reply = await plain(body);
    expect([reply.status, reply.body]).toMatchObject([400, { error: { code } }]);
  });
});

test('a name that stands twice is refused where it says who', async () => {
  const body = '{"conversationId":"c-1","conversationId":"c-2","lines":[{"by":"bot","text":"x"}]}';
  const headers = { ...botToken, 'content-type': 'application/json' };
  expect((await events.call(inboundOf(body, { headers }))).status).toBe(400);
});

test('a table that hangs is said in time, and telling it again completes it', async () => {
  const hanging = await startStandIn();
  hanging.behave('hang');
  const instance = startFunction(botEvents, { ...chat.env, AWS_ENDPOINT_URL_DYNAMODB: new URL(hanging.url).origin });
  const conversationId = randomUUID();
  const body = { conversationId, lines: [{ by: 'bot', text: 'x', id: 'l-1' }] };
  const { status, ms } = await answered(instance, body, botToken);
  expect(status).toBeGreaterThanOrEqual(500);
  expect(ms).toBeLessThan(4_000);
  await hanging.close();
  expect((await plain(body)).status).toBe(204);
  expect(await chat.table.transcripts.lines(conversationId, 10)).toHaveLength(1);
});

test('who waits for the assistant’s answer does not wait for a table that hangs', async () => {
  const hanging = await startStandIn();
  hanging.behave('hang');
  const endpoint = new URL(hanging.url).origin;
  const instance = startFunction(botEvents, {
    ...chat.env,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    WATSON_WEBHOOK_SECRET: secret,
  });
  const body = anotherCall().own(phone.processed[1]);
  const { status, ms } = await answered(instance, body, { authorization: jwt(secret) });
  expect(status).toBe(503);
  expect(ms).toBeLessThan(1_300);
  await hanging.close();
});

test('no word that was said and no key is in the log', () => {
  const log = events.lines.join('\n');
  for (const text of ['lamp', 'dev::latest', 'purple', '+1500555', 'h-']) expect(log, text).not.toContain(text);
  expect(log).toContain('"event":"turn"');
});
