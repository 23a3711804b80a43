import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pauseCheck from '../../functions/pause-check.ts';
import type { OwnershipState } from '../../shared/core/handover/ownership.ts';
import inSession from '../fixtures/watson/pre-message-in-session.json' with { type: 'json' };
import { testSettings } from '../support/calls.ts';
import { answered, type ChatFunctions, startChatFunctions } from '../support/chat-functions.ts';
import { startStandIn } from '../support/stand-in.ts';
import { startFunction } from '../support/start-function.ts';
import { watsonJwt } from '../support/watson-jwt.ts';

const SKIPS = 'x-watson-assistant-webhook-return';
const secret = 'purple unicorn';

let chat: ChatFunctions;
beforeAll(async () => {
  chat = await startChatFunctions({ WATSON_WEBHOOK_SECRET: secret });
});
afterAll(() => chat.close());

/** What Watson asks before a turn of a session of its own. */
function turn(session: string = randomUUID()) {
  const request = structuredClone(inSession.request);
  request.payload.context.global.session_id = session;
  return { session, request };
}

describe('row 28: who has the session', () => {
  test('the assistant: the payload goes back as it came, and what was said is kept', async () => {
    const { session, request } = turn();
    const { status, headers, body } = await chat.ask(request);
    expect([status, headers[SKIPS], body]).toEqual([200, undefined, { payload: request.payload }]);
    expect(await chat.table.transcripts.lines(session, 10)).toMatchObject([
      { by: 'customer', text: 'Is somebody there?' },
    ]);
  });

  test('a person: the assistant is skipped, and the words go to the desk', async () => {
    const { session, request } = turn();
    await chat.ask({ conversationId: session, handover: {} });
    const { status, headers, body } = await chat.ask(request);
    expect([status, headers[SKIPS], body]).toEqual([200, 'true', { output: { generic: [] } }]);
    expect(chat.desk.bodies().at(-1)).toMatchObject({ data: { line: { by: 'customer', text: 'Is somebody there?' } } });
  });

  test('a person, of whom the customer is told with each message', async () => {
    const env = { ...chat.env, WATSON_PAUSED_TEXT: 'A colleague is answering you.' };
    const { session, request } = turn();
    await chat.ask({ conversationId: session, handover: {} });
    expect((await chat.ask(request, startFunction(pauseCheck, env))).body).toEqual(inSession.skipped.body);
  });

  test('a person until a moment ago: the assistant answers, and knows why, once', async () => {
    const { session, request } = turn();
    const ranOut: OwnershipState = {
      ...{ epoch: 1, seq: 1, mode: 'human', pausedUntilMs: Date.now() - 1, handoverId: `h-${session}` },
      ...{ bot: 'watson', owner: 'T-1', deskSeq: 0 },
    };
    await chat.table.states.swap(session, undefined, ranOut);
    const told = async () => {
      const { headers, body } = await chat.ask(request);
      expect(headers[SKIPS]).toBeUndefined();
      const { payload } = body as { payload: typeof request.payload };
      return Object(payload.context.skills['actions skill']).skill_variables;
    };
    expect(await told()).toEqual({ handover_ended: 'expired' });
    expect(await told()).toBeUndefined();
  });

  test.for([['hang'], [500]] as const)(
    'nobody can say, for the table answers with %s: the assistant',
    async ([manner]) => {
      const away = await startStandIn();
      away.behave(manner);
      const env = { ...chat.env, AWS_ENDPOINT_URL_DYNAMODB: new URL(away.url).origin };
      const { request } = turn();
      const { status, body, ms } = await chat.ask(request, startFunction(pauseCheck, env));
      expect([status, body]).toEqual([200, { payload: request.payload }]);
      expect(ms).toBeLessThan(3_500);
      await away.close();
    },
  );

  test('nobody is named: the assistant', async () => {
    const request = { event: { name: 'message_received' }, payload: { input: { text: 'Hi' } } };
    expect((await chat.ask(request)).body).toEqual({ payload: request.payload });
  });
});

describe('row 28: who may ask', () => {
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const token = testSettings.BOT_ACCESS_TOKEN;
  test.for([
    ['basic, the token as the password', basic('watson', token), 200],
    ['basic, without a user', basic('', token), 200],
    ['basic, the token as the user', basic(token, ''), 401],
    ['basic, another password', basic('watson', 'x'), 401],
    ['basic, not in base64', `Basic watson:${token}`, 401],
    ['bearer', `Bearer ${token}`, 200],
    ['bearer, another token', 'Bearer x', 401],
    ['an API key in Authorization', token, 200],
    ['a signed JWT', watsonJwt(secret), 200],
    ['a signed JWT after Bearer', `Bearer ${watsonJwt(secret)}`, 200],
    ['a JWT of another secret', watsonJwt('white unicorn'), 401],
    ['the secret itself', secret, 401],
    ['an empty value', '', 401],
    ['none, which is what Watson begins with', undefined, 401],
  ] as const)('%s', async ([, authorization, status]) => {
    const headers = authorization === undefined ? {} : { authorization };
    const reply = await answered(chat.pauseCheck, turn().request, headers as Record<string, string>);
    expect(reply.status).toBe(status);
    if (status === 401) expect(reply.body).toMatchObject({ paused: false, error: { code: 'unauthorized' } });
  });
});
