import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import botEvents from '../../functions/bot-events.ts';
import { provenJoin } from '../../shared/core/web-chat/join-proof.ts';
import phone from '../fixtures/watson/phone-turns.json' with { type: 'json' };
import connect from '../fixtures/watson/post-message-connect.json' with { type: 'json' };
import inSession from '../fixtures/watson/pre-message-in-session.json' with { type: 'json' };
import { testSettings } from '../support/calls.ts';
import { type Answered, answered, type ChatFunctions, startChatFunctions } from '../support/chat-functions.ts';
import { startStandIn } from '../support/stand-in.ts';
import { type StartedFunction, startFunction } from '../support/start-function.ts';

const token = { authorization: `Bearer ${testSettings.BOT_ACCESS_TOKEN}` };

let chat: ChatFunctions;
let events: StartedFunction;
beforeAll(async () => {
  chat = await startChatFunctions();
  events = startFunction(botEvents, chat.env);
});
afterAll(() => chat.close());
beforeEach(() => {
  chat.desk.seen.length = 0;
  chat.desk.behave('ok');
});

type Item = Readonly<Record<string, unknown>> & { readonly text?: string };

/** IBM's sample in a session of its own. `change` is done to the payload and to the item that asks for a person. */
function asking(change: (payload: Record<string, unknown>, item: Record<string, unknown>) => void = () => {}) {
  const session = randomUUID();
  const request = JSON.parse(JSON.stringify(connect.request).replaceAll('s-29', session));
  change(request.payload, request.payload.output.generic[1]);
  return { session, request };
}

const tell = (request: unknown, instance = events) => answered(instance, request, token);
const itemsOf = ({ body }: Answered): readonly Item[] =>
  (body.payload as { output: { generic: readonly Item[] } }).output.generic;
const requested = () => chat.desk.bodies().filter(({ type }) => type === 'handover.requested');

describe('row 29: a connect_to_agent before the customer has the answer', () => {
  test('opens the handover, with everything that the assistant knows, and names it in the answer', async () => {
    const { session, request } = asking();
    await chat.table.transcripts.add(session, { by: 'customer', text: 'What is this invoice?', atMs: 1, id: 'l-1' });
    const reply = await tell(request);
    expect(reply.status).toBe(200);
    expect(requested()).toMatchObject([
      {
        data: {
          conversationId: session,
          topic: 'billing',
          reason: 'Wants the invoice explained',
          language: 'en-GB',
          fields: { invoice: 'R-17', var: 'anthony' },
        },
      },
    ]);
    const { lines } = Object(requested()[0]?.data) as { lines: readonly { by: string; text: string }[] };
    expect(lines.map(({ by, text }) => `${by}: ${text}`)).toEqual([
      'customer: What is this invoice?',
      'bot: I will look for somebody.',
      'system: The bot asks for a person',
    ]);
    const { handoverId } = (await chat.table.states.read(session)) ?? {};
    const [text, item] = itemsOf(reply);
    expect(text).toEqual(request.payload.output.generic[0]);
    const { handover_proof, ...more } = Object(Object(item?.transfer_info).additional_data);
    expect(more).toEqual({ invoice: 'R-17', handover_id: handoverId });
    expect(provenJoin(handover_proof, [testSettings.SESSION_SECRET], Date.now())).toEqual({
      handoverId,
      conversationId: session,
    });
    expect(await chat.table.contexts.read(session)).toMatchObject({
      facts: { sessionHistoryKey: connect.request.payload.output.generic[1]?.transfer_info?.session_history_key },
    });
  });

  test('leaves all else in the payload as it came', async () => {
    const { request } = asking();
    const reply = await tell(request);
    const payload = structuredClone(reply.body.payload) as typeof request.payload;
    const data = payload.output.generic[1].transfer_info.additional_data;
    delete data.handover_id;
    delete data.handover_proof;
    expect(payload).toEqual(request.payload);
  });

  test('without a secret for sessions proves nothing', async () => {
    const { request } = asking();
    const reply = await tell(request, startFunction(botEvents, { ...chat.env, SESSION_SECRET: undefined }));
    const data = Object(Object(itemsOf(reply)[1]?.transfer_info).additional_data);
    expect(Object.keys(data)).toEqual(['invoice', 'handover_id']);
  });

  test('told again, and by several instances at once, opens one handover and says the same', async () => {
    const { session, request } = asking();
    const instances = Array.from({ length: 8 }, () => startFunction(botEvents, chat.env));
    const replies = await Promise.all([...instances, ...instances].map((instance) => tell(request, instance)));
    replies.push(await tell(request));
    expect(requested()).toHaveLength(1);
    const { handoverId } = (await chat.table.states.read(session)) ?? {};
    const named = replies.map((reply) => Object(Object(itemsOf(reply)[1]?.transfer_info).additional_data).handover_id);
    expect(new Set(named)).toEqual(new Set([handoverId]));
  });

  test('then the assistant is skipped, the agent’s words go to BOT_PUSH_URL, and the return is told once', async () => {
    const { session, request } = asking();
    await tell(request);
    const next = structuredClone(inSession.request);
    next.payload.context.global.session_id = session;
    expect((await chat.ask(next)).headers).toMatchObject({ 'x-watson-assistant-webhook-return': 'true' });
    await chat.push({ eventType: 'message', conversationId: session, text: 'Hello, this is Ada' });
    expect(chat.bot.bodies().at(-1)).toMatchObject({
      type: 'handover.message',
      data: { conversationId: session, text: 'Hello, this is Ada' },
    });
    await chat.push({ eventType: 'channel_update', conversationId: session, paused: false });
    const told = async () => {
      const { payload } = (await chat.ask(next)).body as { payload: typeof next.payload };
      return Object(payload.context.skills['actions skill']).skill_variables;
    };
    expect(await told()).toEqual({ handover_ended: 'agent' });
    expect(await told()).toBeUndefined();
  });
});

describe('row 29: nobody takes it', () => {
  test.for([
    ['in its own words', { message: 'All colleagues are at lunch.' }, 'en-GB', 'All colleagues are at lunch.'],
    ['in ours', { message: '' }, 'en-GB', 'I am sorry, nobody can take over at the moment. I am still here for you.'],
    ['in German', undefined, 'de', 'Es tut mir leid, gerade kann niemand übernehmen. Ich bin weiter für Sie da.'],
  ] as const)('the customer reads so %s, and the assistant goes on', async ([, unavailable, locale, text]) => {
    chat.desk.behave(400);
    const { session, request } = asking((payload, item) => {
      item.agent_unavailable = unavailable;
      Object(payload.context).global.system.locale = locale;
    });
    const reply = await tell(request);
    expect(itemsOf(reply)).toEqual([request.payload.output.generic[0], { response_type: 'text', text }]);
    expect((await chat.table.states.read(session))?.mode).toBe('bot');
  });

  test.for([
    ['en', /^I am sorry, nobody is here at the moment\. Somebody is here again from \S+.* at 09:00\.$/],
    ['de-AT', /^Es tut mir leid, gerade ist niemand da\. Ab \S+.* 09:00 Uhr ist wieder jemand da\.$/],
  ] as const)('outside the hours the customer reads in %s when somebody is there again', async ([locale, text]) => {
    // Open for an hour, on a day that is never today.
    const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
    const day = days[(new Date().getUTCDay() + 3) % 7] ?? '';
    const BUSINESS_HOURS = JSON.stringify({ timeZone: 'UTC', weekly: { [day]: ['09:00-10:00'] } });
    const { request } = asking((payload) => {
      Object(payload.context).global.system.locale = locale;
    });
    const [, item] = itemsOf(await tell(request, startFunction(botEvents, { ...chat.env, BUSINESS_HOURS })));
    expect(item?.text).toMatch(text);
    expect(requested()).toEqual([]);
  });

  test('a desk that hangs is not waited for any longer than Watson waits', async () => {
    chat.desk.behave('hang');
    const { ms, ...reply } = await tell(asking().request);
    expect(itemsOf({ ...reply, ms })[1]).toMatchObject({ response_type: 'text' });
    expect(ms).toBeLessThan(4_000);
  });

  test('a table that hangs: nobody knows, and the customer is not told otherwise', async () => {
    const hanging = await startStandIn();
    hanging.behave('hang');
    const env = { ...chat.env, AWS_ENDPOINT_URL_DYNAMODB: new URL(hanging.url).origin };
    const { ms, ...reply } = await tell(asking().request, startFunction(botEvents, env));
    expect(reply.status).toBe(200);
    expect(itemsOf({ ...reply, ms })[1]?.text).toContain('I cannot say whether a colleague takes over');
    expect(ms).toBeLessThan(4_000);
    await hanging.close();
  });
});

describe('row 29: nothing is opened, and the answer is empty', () => {
  const sip = { target: { service_desk: { sip: { uri: 'sip:handover@flex.twilio.com' } } } };
  test.for([
    [
      'on the phone',
      Object.assign(asking((payload) => (Object(payload.context).integrations = { voice_telephony: {} }))),
    ],
    [
      'with a target on the phone and no channel that is written',
      asking((payload, item) => {
        item.transfer_info = sip;
        Object(payload.context).integrations = undefined;
      }),
    ],
    ['when nobody asks for a person', asking((payload) => void Object(payload.output).generic.pop())],
    [
      'when nobody is named',
      asking((payload) => Object.assign(payload, { user_id: undefined, context: { integrations: { chat: {} } } })),
    ],
  ] as const)('%s', async ([, { request }]) => {
    const reply = await tell(request);
    expect([reply.status, reply.body]).toEqual([204, {}]);
    expect(requested()).toEqual([]);
  });

  test('in the log, which comes when the customer has the answer', async () => {
    const { session, request } = asking();
    const { output, context } = request.payload;
    const logged = { log_id: 'l-29', session_id: session, request: {}, response: { output, context } };
    const reply = await tell({ event: { name: 'message_logged' }, payload: logged });
    expect(reply.status).toBe(204);
    expect(requested()).toEqual([]);
  });

  test.for([[undefined], ['phone']])('where DESK is %s, and nothing of a desk is asked for', async ([DESK]) => {
    const env = { ...chat.env, DESK, DESK_WEBHOOK_URL: undefined, DESK_WEBHOOK_SECRET: undefined };
    expect((await tell(asking().request, startFunction(botEvents, env))).status).toBe(204);
  });

  test('a target on the phone counts for nothing in a web chat', async () => {
    const { request } = asking((_, item) => {
      item.transfer_info = sip;
    });
    expect((await tell(request)).status).toBe(200);
    expect(requested()).toHaveLength(1);
  });

  test('a phone turn stays what it was', async () => {
    for (const turn of phone.processed) expect((await tell(turn)).status).toBe(204);
    expect(requested()).toEqual([]);
  });
});

test('a desk that is chosen needs its settings', async () => {
  const lacking = startFunction(botEvents, { ...chat.env, DESK_WEBHOOK_SECRET: undefined });
  expect((await tell(asking().request, lacking)).status).toBe(500);
});
