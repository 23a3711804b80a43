import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import startEs from '../fixtures/botcopy/start-es.json' with { type: 'json' };
import preMessage from '../fixtures/watson/pre-message.json' with { type: 'json' };
import { answered, type ChatFunctions, startChatFunctions } from '../support/chat-functions.ts';
import { watsonJwt } from '../support/watson-jwt.ts';

const secret = 'watson-webhook-secret-0123456789abcdef';

let chat: ChatFunctions;
beforeAll(async () => {
  chat = await startChatFunctions({ WATSON_WEBHOOK_SECRET: secret });
});
afterAll(() => chat.close());
beforeEach(() => {
  chat.desk.seen.length = 0;
  chat.desk.behave('ok');
});

/** What the dialog webhook of an assistant gets. */
async function ask(body: object) {
  const { status, body: answer } = await answered(chat.pauseCheck, body, { authorization: watsonJwt(secret) });
  return { http: status, ...answer };
}

describe('a dialog asks for a person', () => {
  test('and is told that one has it, who then gets what was collected', async () => {
    const conversationId = randomUUID();
    const wish = {
      conversationId,
      text: 'A person, please',
      topic: 'claims',
      name: 'Ada',
      language: 'en',
      plate: 'AB 123',
    };
    expect(await ask({ request: 'start_handover', ...wish, place: null, count: 2 })).toEqual({
      http: 200,
      result: 'success',
      message: 'I have handed over to a colleague, who answers from now on.',
      code: null,
      requestId: null,
      status: 'human',
      paused: true,
      minutesPaused: 10,
      untilMs: expect.any(Number),
    });
    expect(chat.desk.bodies()).toMatchObject([
      {
        type: 'handover.requested',
        data: { conversationId, topic: 'claims', name: 'Ada', fields: { plate: 'AB 123', count: '2' } },
      },
    ]);
    const status = { request: 'handover_status', conversationId };
    expect(await ask(status)).toMatchObject({ result: 'success', status: 'human', paused: true });
    expect(await ask({ action: 'end_handover', conversationId, language: 'de' })).toMatchObject({
      result: 'success',
      status: 'bot',
      message: 'Sie sprechen wieder mit mir, dem Assistenten.',
    });
    expect(await ask(status)).toMatchObject({ status: 'bot', message: 'You are talking to me, the assistant.' });
  });

  test('and is told so when nobody takes it', async () => {
    chat.desk.behave(503);
    expect(await ask({ request: 'start_handover', conversationId: randomUUID() })).toMatchObject({
      http: 200,
      result: 'error',
      code: 'desk_unavailable',
      status: 'bot',
      paused: false,
      message: 'I am sorry, nobody can take over at the moment. I am still here for you.',
    });
  });

  test.for([
    [{ request: 'start_handover' }, 'invalid_conversation_id'],
    [{ request: 'start_handover', conversationId: 'a b' }, 'invalid_conversation_id'],
    [{ request: 'start_call', conversationId: 'c-1' }, 'invalid_request'],
    [{ conversationId: 'c-1', handover: 7 }, 'invalid_request'],
    [{ conversationId: 'c-1', unheardOf: 1 }, 'unknown_field'],
  ])('and gets an error that it can say, never HTTP’s: %j', async ([body, code]) => {
    const answer = await ask(Object(body));
    const message = 'I do not understand that request.';
    expect(answer).toMatchObject({ http: 200, result: 'error', code, paused: false, message });
    expect(chat.desk.seen).toEqual([]);
  });
});

test('what bots ask by themselves is answered as ever, errors too', async () => {
  expect((await chat.ask({ conversationId: 'c-1', unheardOf: 1 })).status).toBe(400);
  expect(await ask({ ...preMessage.request, request: 'x' })).toMatchObject({ payload: preMessage.request.payload });
  const userId = randomUUID();
  expect((await chat.ask({ ...startEs.request, userId, request: 'x' })).body).toMatchObject({ paused: true });
  const stranger = await answered(chat.pauseCheck, { request: 'start_handover', conversationId: 'c-1' }, {});
  expect([stranger.status, stranger.body.paused]).toEqual([401, false]);
});
