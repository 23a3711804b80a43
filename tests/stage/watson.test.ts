import { jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { stageClock } from '../../stage/clock.ts';
import { plannedFaults } from '../../stage/faults.ts';
import type { AssistantScript } from '../../stage/twins/watson/script.ts';
import { watsonTwin } from '../../stage/twins/watson/twin.ts';
import { testSettings } from '../support/calls.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

const say = (text: string) =>
  stage.ask<{ answers: string; status: number }>('POST', '/_stage/watson/say', { sessionId: 's-1', text });

test('before a message the assistant asks, and goes on when nobody else has the conversation', async () => {
  expect(await say('Hello')).toMatchObject({ answers: 'assistant', status: 200 });
  const [asked] = (await stage.events()).filter(({ vendor }) => vendor === 'watson');
  expect(asked?.headers.authorization).toMatch(/^eyJ/);
});

test('while a person has the conversation the assistant is skipped and the desk hears it', async () => {
  await stage.ask('POST', '/_stage/state', {
    conversationId: 's-1',
    bot: 'watson',
    mode: 'human',
    pausedForMs: 60_000,
  });
  expect(await say('Hello?')).toMatchObject({ answers: 'person' });
  const [ticket] = await stage.ask<{ lines: { text: string }[] }[]>('GET', '/_stage/desk');
  expect(ticket?.lines.map(({ text }) => text)).toEqual(['Hello?']);
});

interface WatsonChat {
  readonly lines: readonly { readonly by: string; readonly text: string }[];
  readonly connect?: Readonly<Record<string, unknown>>;
}
const chat = async () => (await stage.ask<WatsonChat[]>('GET', '/_stage/watson/chats'))[0];
const shown = async () => (await chat())?.lines.map(({ by, text }) => `${by}: ${text}`) ?? [];

test('row 29: in a chat the assistant hands over, is skipped, and has the customer again', async () => {
  await say('Where is my order?');
  expect(await say('I want a person')).toMatchObject({ answers: 'assistant' });
  expect((await chat())?.connect).toMatchObject({
    transfer_info: {
      additional_data: { order: '4711', handover_id: expect.any(String), handover_proof: expect.any(String) },
    },
  });
  expect(await say('Are you there?')).toMatchObject({ answers: 'person' });
  const [ticket] = await stage.ask<{ lines: { by: string; text: string }[] }[]>('GET', '/_stage/desk');
  expect(ticket?.lines.map(({ by, text }) => `${by}: ${text}`)).toEqual([
    'customer: Where is my order?',
    'bot: Order 4711 left our house this morning.',
    'customer: I want a person',
    'system: The bot asks for a person',
    'customer: Are you there?',
  ]);
  await stage.ask('POST', '/_stage/desk/end', {});
  await say('Hello');
  await say('Hello');
  expect((await shown()).slice(-4)).toEqual([
    'customer: Hello',
    'assistant: You are back with me; your chat with a person has ended (agent). How was it?',
    'customer: Hello',
    'assistant: Hello, I am the assistant. Ask me about your order, or say "person".',
  ]);
});

test.for([['503'], ['hang']] as const)(
  'row 29: a desk that answers with %s leaves the customer with the assistant',
  async ([mode]) => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'desk', mode });
    await say('I want a person');
    expect(await shown()).toEqual([
      'customer: I want a person',
      'assistant: I am sorry, nobody can take over at the moment. I am still here for you.',
    ]);
    await stage.ask('POST', '/_stage/faults', { vendor: 'desk', mode: 'ok' });
    expect(await say('Hello')).toMatchObject({ answers: 'assistant' });
  },
);

test('row 29: without the post-message webhook nothing is handed over, and the page has to', async () => {
  await stage.ask('POST', '/_stage/watson/script', { webhooks: ['log'] });
  await say('I want a person');
  expect(Object((await chat())?.connect)).not.toHaveProperty('transfer_info.additional_data.handover_id');
  expect(await stage.ask('GET', '/_stage/desk')).toEqual([]);
});

const URI = 'sip:+15005550006@sip.example.com;secure=true?X-Handover-Id=h1';
const LEG = { sid: 'CA00000000000000000000000000000002', from: '+15005550001' };

interface Told {
  readonly name: string;
  readonly signed: boolean;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An assistant with somebody who takes its webhooks. */
function assistant(script: AssistantScript, isServed = true) {
  const told: Told[] = [];
  const twin = watsonTwin({
    env: () => ({ ...testSettings, WATSON_WEBHOOK_SECRET: 'watson-secret' }),
    faults: plannedFaults(),
    clock: stageClock(),
    serves: () => isServed,
    async sendWebhook({ headers, body, url }) {
      const { event, payload } = JSON.parse(body);
      const { payload: claims } = await jwtVerify(
        headers.authorization ?? '',
        new TextEncoder().encode('watson-secret'),
      );
      told.push({ name: event.name, signed: claims.iat !== undefined && url.endsWith('/bot-events'), payload });
      return { status: 204, headers: {}, body: '' };
    },
  });
  twin.script(script);
  return { twin, told, party: twin.partyAt(URI, LEG), names: () => told.map(({ name }) => name) };
}

/** The REFER of an assistant that was asked for a person. */
async function referOf(script: AssistantScript): Promise<string> {
  const { party } = assistant(script);
  await party.turn(undefined);
  const { next } = await party.turn('a person, please');
  return typeof next === 'object' ? next.referTo : '';
}

test.for([
  [{}, /^<sip:queue@flex\.twilio\.com\?User-to-User=dev%3A%3A.*%3Bencoding%3Dascii>$/],
  [{ encoding: 'hex' }, /\?User-to-User=[0-9a-f]+%3Bencoding%3Dhex>$/],
  [{ encoding: 'plain' }, /\?User-to-User=dev%3A%3A[^;]*>$/],
  [{ header: 'X-Watson-Assistant-Session-History-Key' }, /\?X-Watson-Assistant-Session-History-Key=dev%3A%3A/],
  [{ header: 'X-Handover-Id' }, /^<sip:queue@flex\.twilio\.com\?X-Handover-Id=h1>$/],
  [{ header: 'none' }, /^<sip:queue@flex\.twilio\.com>$/],
  [{ referTo: 'tel:+15005550009' }, /^tel:\+15005550009$/],
] as const)('a REFER is written as Watson writes it: %o', async ([script, form]) => {
  expect(await referOf(script)).toMatch(form);
});

test('the default REFER stays within the 256 characters that Twilio takes', async () => {
  expect((await referOf({})).length).toBeLessThanOrEqual(256);
});

const LONG = `<sip:queue@flex.twilio.com?User-to-User=${'a'.repeat(300)}>`;

test.for([
  ['whole', LONG],
  ['cut', LONG.slice(0, 256)],
  ['refused', ''],
] as const)('a longer one comes through %s', async ([longRefer, referTo]) => {
  expect(await referOf({ referTo: LONG, longRefer })).toBe(referTo);
});

test.for([
  ['stay', 'The transfer did not work. I am still here.', 'listen'],
  ['bye', 'The transfer did not work. Please try again later.', 'hang-up'],
] as const)('when the transfer fails it says so: %s', async ([onFailure, words, next]) => {
  const { party } = assistant({ referTo: LONG, longRefer: 'refused', onFailure });
  await party.turn(undefined);
  await party.turn('a person, please');
  expect(await party.turn(undefined)).toEqual({ says: words, next });
});

test('a call that is not answered has the SIP code that the script says', async () => {
  expect(await assistant({ answers: 'failed', sipResponseCode: 503 }).party.pickUp()).toEqual({
    is: 'failed',
    sipResponseCode: 503,
  });
});

describe('what the assistant tells', () => {
  /** A call that is handed over. */
  async function handedOver(script: AssistantScript = {}, isServed = true) {
    const there = assistant(script, isServed);
    const { party, told } = there;
    await party.pickUp();
    await party.turn(undefined);
    await party.turn('I want a person');
    party.ended?.();
    party.ended?.();
    await expect.poll(() => told.length).toBe(isServed ? 5 : 0);
    return there;
  }

  test('each turn before it is spoken and after it, and once how the call ended, signed', async () => {
    const { told, names } = await handedOver();
    const turn = ['message_processed', 'message_logged'];
    expect(names().sort()).toEqual([...turn, ...turn, 'cdr_logged'].sort());
    expect(told.every(({ signed }) => signed)).toBe(true);
  });

  test('with the header of the INVITE, the SID of the leg and what was collected', async () => {
    const { told } = await handedOver({ variables: { policy: 'A-7' }, messageToAgent: 'Wants a refund' });
    // The log tells when it will; what is spoken waits for this one.
    const [greeting, wish] = told.filter(({ name }) => name === 'message_processed');
    expect(greeting?.payload).toMatchObject({
      output: { generic: [{ response_type: 'text', text: 'Hello, this is the assistant. How can I help?' }] },
      context: {
        global: { session_id: expect.any(String), system: { turn_count: 1 } },
        skills: { 'actions skill': { skill_variables: { policy: 'A-7' } } },
        integrations: {
          voice_telephony: {
            assistant_phone_number: '+15005550006',
            sip_custom_invite_headers: { 'X-Handover-Id': 'h1', 'X-Twilio-CallSid': LEG.sid },
            private: { user_phone_number: LEG.from },
          },
        },
      },
    });
    expect(wish?.payload).toMatchObject({
      output: { generic: [{ response_type: 'connect_to_agent', message_to_human_agent: 'Wants a refund' }] },
    });
  });

  test('the log has what the caller said and nothing private', async () => {
    const { told } = await handedOver();
    const logged = told.filter(({ name }) => name === 'message_logged').map(({ payload }) => payload);
    expect(logged).toMatchObject([
      { log_id: expect.any(String), request: { input: { text: '' } } },
      { request: { input: { text: 'I want a person' } } },
    ]);
    expect(JSON.stringify(logged)).not.toContain(LEG.from);
  });

  test.for([
    ['refer', 'assistant_transfer', true],
    ['bye', 'assistant_transfer', true],
    ['stay', 'caller_hangup', false],
  ] as const)('a call that ends by %s is recorded as %s', async ([ends, end_reason, transfer_occurred]) => {
    const { told } = await handedOver({ ends });
    const record = told.find(({ name }) => name === 'cdr_logged')?.payload;
    expect(record).toMatchObject({
      ...{ transfer_occurred, 'x-global-sip-trunk-call-id': LEG.sid, call: { end_reason } },
      assistant_interaction_summaries: [
        { turns: [{ request: { type: 'start' } }, { request: { type: 'speech_to_text' } }] },
      ],
    });
  });

  test('nothing, while no function takes it', async () => {
    await handedOver({}, false);
  });

  test('only what the script says', async () => {
    const { party, names } = assistant({ webhooks: ['log'] });
    await party.turn(undefined);
    await expect.poll(names).toEqual(['message_logged']);
  });

  test('nothing of a call that was before a reset', async () => {
    const { party, names, twin } = assistant({ webhooks: ['cdr'] });
    await party.pickUp();
    twin.reset();
    party.ended?.();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(names()).toEqual([]);
  });
});
