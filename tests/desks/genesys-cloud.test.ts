import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { Desk, HandoverRef } from '../../shared/core/handover/desk.ts';
import type { DeskTold } from '../../shared/core/handover/desk-told.ts';
import { firstWords, partsOf } from '../../shared/desks/genesys/words.ts';
import { sampleHandover, sampleLine, sampleRef } from '../contracts/desk.ts';
import golden from '../fixtures/genesys/cloud.json' with { type: 'json' };
import { testSettings } from '../support/calls.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type SeenRequest, type StandIn, startStandIn } from '../support/stand-in.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';
import { cloudAt, cloudSecrets, granted } from './genesys-parts.ts';

const handover = { ...sampleHandover, name: 'Ada Berg', reason: 'wants a refund' };
const QUEUE = '00000000-0000-4000-8000-000000000002';

let api: StandIn;
let login: StandIn;
let deadline: OwnedDeadline;
let clock: TestClock;
let desk: Desk;

beforeEach(async () => {
  [api, login] = await Promise.all([startStandIn({ conversationId: 'T-1' }), startStandIn(granted)]);
  deadline = startDeadline(steadyClock, 3_500);
  clock = testClock();
  desk = cloudAt(api.url, login.url, { clock, sessionSecret: testSettings.SESSION_SECRET });
});
afterEach(async () => {
  deadline.close();
  await Promise.all([api.close(), login.close()]);
});

const say = (line = sampleLine, ref: HandoverRef = sampleRef, eventId = line.id) =>
  desk.tell(ref, { kind: 'said', line }, eventId, deadline);
const last = (): SeenRequest | undefined => api.seen.at(-1);

describe('a token', () => {
  test('is asked for as documented, once, also by requests at the same time, until shortly before it ends', async () => {
    await Promise.all([say(), say(), say()]);
    expect(login.seen).toMatchObject([{ method: 'POST', path: '/oauth/token', body: 'grant_type=client_credentials' }]);
    const basic = Buffer.from(`client-1:${cloudSecrets.clientSecret}`).toString('base64');
    expect(login.seen[0]?.headers.authorization).toBe(`Basic ${basic}`);
    expect(last()?.headers.authorization).toBe(`Bearer ${cloudSecrets.token}`);
    clock.advance((86_399 - 61) * 1_000);
    await say();
    expect(login.seen).toHaveLength(1);
    clock.advance(2_000);
    await say();
    expect(login.seen).toHaveLength(2);
  });

  test('that is refused is replaced once, and the request repeated', async () => {
    api.behave([401, 'ok']);
    await say();
    expect([login.seen.length, api.seen.length]).toEqual([2, 2]);
    api.behave([401, 401, 'ok']);
    await expect(say()).rejects.toMatchObject({ kind: 'refused' });
    expect([login.seen.length, api.seen.length]).toEqual([3, 4]);
  });

  test.for([
    [500, 'unreachable'],
    ['reset-after-send', 'unreachable'],
    ['truncated-201', 'unreachable'],
    [401, 'refused'],
  ] as const)('that is answered with %s leaves nothing sent, which is %s', async ([manner, kind]) => {
    login.behave(manner);
    await expect(say()).rejects.toMatchObject({ kind });
    expect(api.seen).toEqual([]);
  });

  test.for([{}, { access_token: 5 }, { access_token: 'a b', expires_in: 5 }, [], null])(
    'is none in an answer of %j',
    async (answer) => {
      login.answer = answer;
      await expect(say()).rejects.toMatchObject({ kind: 'unreachable' });
    },
  );
});

describe('what is sent', () => {
  test('is to the letter of the golden file', async () => {
    await desk.open(handover, [sampleLine], deadline);
    await say();
    await desk.tell(sampleRef, { kind: 'typing' }, 'e-1', deadline);
    await desk.tell(sampleRef, { kind: 'ended', reason: 'customer' }, 'e-2', deadline);
    const { open, said, typing, ended } = golden.sent;
    const sent = JSON.stringify(api.bodies()).replace(/link=[\w.-]{20,}/, 'link=x');
    expect(JSON.parse(sent)).toEqual([open, said, typing, ended]);
    const inbound = '/api/v2/conversations/messages/00000000-0000-4000-8000-000000000001/inbound/open';
    expect(api.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${inbound}/message?prefetchConversationId=true`,
      `POST ${inbound}/message?prefetchConversationId=true`,
      `POST ${inbound}/event`,
      'PATCH /api/v2/conversations/messages/T-1',
    ]);
  });

  test('names the queue of the topic, row 37: an unknown department goes to the default', async () => {
    desk = cloudAt(api.url, login.url, { queues: { billing: 'Invoices', '*': 'Everybody' } });
    for (const topic of ['billing', 'bees', undefined]) await desk.open({ ...handover, topic }, [], deadline);
    desk = cloudAt(api.url, login.url);
    await desk.open({ ...handover, topic: 'bees' }, [], deadline);
    const queues = api.seen.map(({ body }) => JSON.parse(body).channel.metadata.customAttributes.queue);
    expect(queues).toEqual(['Invoices', 'Everybody', 'Everybody', QUEUE]);
  });

  test('has no address of a page where there is none', async () => {
    await cloudAt(api.url, login.url).open(handover, [], deadline);
    expect(JSON.parse(last()?.body ?? '').channel.metadata.customAttributes).not.toHaveProperty('handoverUrl');
  });

  test('goes in parts of at most 2,000 characters, each under an id that stays the same', async () => {
    const text = 'word '.repeat(1_000);
    await say({ ...sampleLine, text });
    const sent = api.bodies() as readonly { text: string; channel: { messageId: string } }[];
    expect(sent.map(({ channel }) => channel.messageId)).toEqual(['c-1', 'c-1-2', 'c-1-3']);
    expect(sent.map((one) => one.text).join('')).toBe(text);
  });

  test('is not sent again in the parts that have arrived', async () => {
    const line = { ...sampleLine, text: 'word '.repeat(1_000) };
    api.behave(['ok', 503]);
    await expect(say(line)).rejects.toMatchObject({ kind: 'unreachable' });
    await say(line);
    const ids = (api.bodies() as readonly { channel: { messageId: string } }[]).map(({ channel }) => channel.messageId);
    expect(ids).toEqual(['c-1', 'c-1-2', 'c-1-2', 'c-1-3']);
  });

  test('tells the agent what did not reach the customer, as words of the system', async () => {
    await desk.tell(sampleRef, { kind: 'undelivered', line: sampleLine }, 'e-1', deadline);
    expect(JSON.parse(last()?.body ?? '').text).toBe('[system] Not delivered to the customer: Grüße');
  });

  test('that is a fault carries the id that Genesys gives to it, and nothing else of what it answers', async () => {
    const send = async ({ url }: { url: string }) => ({
      status: url.endsWith('/oauth/token') ? 200 : 400,
      headers: {},
      body: JSON.stringify(url.endsWith('/oauth/token') ? granted : golden.error),
    });
    desk = cloudAt(api.url, login.url, { send });
    await expect(say()).rejects.toThrow(/^status 400, contextId 6f0c0000-0000-4000-8000-000000000001$/);
  });
});

describe('words and their parts', () => {
  test('together they are the text, each fits, and no character is torn', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 2, max: 40 }), (text, max) => {
        const parts = partsOf(text, max);
        expect(parts.join('')).toBe(text);
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(max);
          expect(() => encodeURIComponent(part)).not.toThrow();
        }
      }),
    );
  });

  test('the first ones fit whatever is known, and hold the newest line', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 100 }), fc.string({ maxLength: 2_000 }), { maxKeys: 40 }),
        fc.array(fc.string({ maxLength: 3_000 }), { minLength: 1, maxLength: 30 }),
        (fields, texts) => {
          const lines = texts.map((text, n) => ({ ...sampleLine, text, id: `c-${n}` }));
          const words = firstWords({ ...handover, fields }, lines);
          expect(words.length).toBeLessThanOrEqual(2_000);
          expect(words).toContain(`customer: ${(texts.at(-1) ?? '').slice(0, 200).trimEnd()}`);
        },
      ),
    );
  });
});

describe('the end', () => {
  test.for([404, 409, 410])('of what is over already (%s) is no fault', async (status) => {
    api.behave(status);
    await desk.tell(sampleRef, { kind: 'ended', reason: 'expired' }, 'e-1', deadline);
  });

  test('that is refused for another reason is a fault', async () => {
    api.behave(403);
    const ending = desk.tell(sampleRef, { kind: 'ended', reason: 'expired' }, 'e-1', deadline);
    await expect(ending).rejects.toMatchObject({ kind: 'refused' });
  });

  test.for(['', sampleRef.handoverId])(
    'of an opening that broke off (ticket %j) finds its name first',
    async (ticket) => {
      await desk.tell({ ...sampleRef, ticket }, { kind: 'ended', reason: 'failed' }, 'e-1', deadline);
      expect(api.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'PATCH']);
      expect(last()).toMatchObject({ path: '/api/v2/conversations/messages/T-1', body: '{"state":"disconnected"}' });
    },
  );

  test('that nobody told is noticed by the next words, which open another conversation: it is closed, they are refused', async () => {
    api.answer = { conversationId: 'T-2' };
    await expect(say()).rejects.toMatchObject({ kind: 'refused' });
    expect(last()).toMatchObject({ method: 'PATCH', path: '/api/v2/conversations/messages/T-2' });
  });

  test('of a handover, told late, never closes the conversation of the handover that came after it', async () => {
    const attributes = { handoverId: 'h-later' };
    api.answer = { conversationId: 'T-2', participants: [{ id: 'p-c', purpose: 'customer', attributes }] };
    const broken = { ...sampleRef, ticket: sampleRef.handoverId };
    await desk.tell(broken, { kind: 'ended', reason: 'failed' }, 'e-1', deadline);
    await expect(say()).rejects.toMatchObject({ kind: 'refused' });
    const lost = desk.tell(sampleRef, { kind: 'undelivered', line: sampleLine }, 'e-2', deadline);
    await expect(lost).rejects.toMatchObject({ kind: 'refused' });
    expect(api.seen.map(({ method }) => method)).not.toContain('PATCH');
  });

  test('words without a known conversation are taken wherever they go', async () => {
    api.answer = { conversationId: 'T-2' };
    await say(sampleLine, { ...sampleRef, ticket: sampleRef.handoverId });
    expect(api.seen).toHaveLength(1);
  });
});

const customer = { id: 'p-c', purpose: 'customer', state: 'connected', connectedTime: '2026-01-01T00:05:00.000Z' };
const ada = { id: 'p-a', name: 'Ada', purpose: 'agent', state: 'connected', connectedTime: '2026-01-01T00:06:00.000Z' };
const adaLeft = { ...ada, state: 'terminated', endTime: '2026-01-01T00:07:00.000Z', disconnectType: 'transfer' };
const bo = { ...ada, id: 'p-b', name: 'Bo', connectedTime: '2026-01-01T00:08:00.000Z' };
const gone = { ...customer, state: 'disconnected', endTime: '2026-01-01T00:09:00.000Z', disconnectType: 'peer' };

const kinds = (told: readonly DeskTold[]) =>
  told.map(({ event }) => ('agent' in event ? `${event.kind} ${event.agent?.name}` : event.kind));

describe('a look', () => {
  test.for([
    ['nobody yet', [customer, { id: 'q', purpose: 'acd', state: 'connected' }], []],
    ['one who is called', [customer, { ...ada, state: 'alerting', connectedTime: undefined }], []],
    ['an agent', [customer, ada], ['joined Ada']],
    ['a transfer, which ends nothing', [customer, adaLeft, bo], ['joined Ada', 'left Ada', 'joined Bo']],
    ['an end', [gone, { ...adaLeft, disconnectType: 'client' }], ['joined Ada', 'left Ada', 'ended Ada']],
    ['an end with nobody', [gone, { id: 'q', purpose: 'acd', state: 'disconnected' }], ['failed']],
    ['people of kinds that nobody knows', [customer, { id: 'x', purpose: 'ghost', state: 'connected' }], []],
  ] as const)('sees %s', async ([, participants, expected]) => {
    api.answer = { participants };
    expect(kinds((await desk.look?.(sampleRef, deadline)) ?? [])).toEqual(expected);
    expect(last()).toMatchObject({ method: 'GET', path: '/api/v2/conversations/messages/T-1' });
  });

  test('says who ended it, when, under the same ids each time', async () => {
    api.answer = { participants: [{ ...gone, disconnectType: 'client' }, adaLeft] };
    const told = await desk.look?.(sampleRef, deadline);
    const about = { handoverId: sampleRef.handoverId, ticket: 'T-1' };
    expect(told?.at(-1)).toEqual({
      about,
      event: { kind: 'ended', by: 'customer', agent: { name: 'Ada' } },
      eventId: 'T-1-over',
      atMs: Date.parse(gone.endTime),
    });
    expect(await desk.look?.(sampleRef, deadline)).toEqual(told);
  });

  test('at a conversation that is no more sees the end; at one that was never known, nothing', async () => {
    api.behave(404);
    expect(kinds((await desk.look?.(sampleRef, deadline)) ?? [])).toEqual(['ended undefined']);
    api.seen.length = 0;
    expect(await desk.look?.({ ...sampleRef, ticket: sampleRef.handoverId }, deadline)).toEqual([]);
    expect(api.seen).toEqual([]);
  });

  test.for([undefined, {}, { participants: 'many' }, { participants: [{ id: 5 }] }, []])(
    'at nonsense sees nothing: %j',
    async (answer) => {
      api.answer = answer;
      expect(await desk.look?.(sampleRef, deadline)).toEqual([]);
    },
  );
});

describe('names', () => {
  const told: DeskTold = {
    about: { conversationId: 'bot-1:user-1', ticket: 'T-1' },
    event: { kind: 'says', text: 'Hello', agent: undefined, isShown: false },
    eventId: 'm-1',
    atMs: undefined,
  };
  const complete = async (one: DeskTold = told) => kinds((await desk.completed?.([one], deadline)) ?? []);

  test('are looked up once a minute for a conversation; who is new has come', async () => {
    api.answer = { participants: [customer, adaLeft, bo] };
    expect(await complete()).toEqual(['joined Bo', 'says Bo']);
    expect(await complete({ ...told, eventId: 'm-2' })).toEqual(['says Bo']);
    expect(await complete({ ...told, event: { kind: 'types', agent: undefined } })).toEqual(['types Bo']);
    expect(api.seen).toHaveLength(1);
    clock.advance(60_000);
    expect(await complete()).toEqual(['says Bo']);
    expect(api.seen).toHaveLength(2);
  });

  test('who comes is known by the same id as to a look', async () => {
    api.answer = { participants: [customer, ada] };
    const [joined] = (await desk.completed?.([told], deadline)) ?? [];
    expect(joined?.eventId).toBe((await desk.look?.(sampleRef, deadline))?.[0]?.eventId);
  });

  test('are never in the way', async () => {
    for (const manner of [500, 404, 'html', 'reset-after-send'] as const) {
      api.behave(manner);
      expect(await complete({ ...told, about: { ...told.about, ticket: `T-${manner}` } })).toEqual(['says undefined']);
    }
    api.behave('hang');
    const took = stopwatch();
    expect(await complete()).toEqual(['says undefined']);
    expect(took()).toBeLessThan(1_000);
  });

  test('are not looked for where nobody speaks, or nobody knows where', async () => {
    await desk.completed?.([{ ...told, about: { conversationId: 'bot-1:user-1' } }], deadline);
    await desk.completed?.([{ ...told, event: { kind: 'left', agent: undefined } }], deadline);
    await desk.completed?.([{ ...told, event: { ...told.event, by: 'system' } as DeskTold['event'] }], deadline);
    expect(api.seen).toEqual([]);
  });
});

const metric = (name: string, count: number, qualifier?: string) => ({ metric: name, qualifier, stats: { count } });
const group = (data: readonly object[], mediaType?: string) => ({ group: { queueId: QUEUE, mediaType }, data });

describe('whether anybody is there', () => {
  const answers = (results: unknown, wait: unknown = { results: [{ estimatedWaitTimeSeconds: 95 }] }) => {
    api.answer = ({ method }: SeenRequest) => (method === 'GET' ? wait : { results });
  };
  const ask = (topic?: string) => desk.availability?.(topic, deadline);

  test.for([
    ['agents and nobody waiting', [group([metric('oOnQueueUsers', 2, 'IDLE')])], { online: true }],
    [
      'a line of messages, not of all media',
      [group([metric('oOnQueueUsers', 1), metric('oWaiting', 9)]), group([metric('oWaiting', 3)], 'message')],
      { online: true, positionInQueue: 4, waitSeconds: 95 },
    ],
    ['nobody', [group([metric('oOnQueueUsers', 0), metric('oWaiting', 3)])], { online: false }],
    [
      'busy ones, by qualifier',
      [group([metric('oOnQueueUsers', 1, 'IDLE'), metric('oOnQueueUsers', 2, 'INTERACTING')])],
      { online: true },
    ],
    [
      'a figure beside its qualifiers',
      [group([metric('oOnQueueUsers', 0), metric('oOnQueueUsers', 2, 'IDLE')])],
      { online: false },
    ],
    ['no figures: a missing one is none', [], { online: false }],
    ['nonsense', 'many', { online: null }],
  ] as const)('by %s', async ([, results, expected]) => {
    answers(results);
    expect(await ask()).toEqual(expected);
    const query = api.seen.find(({ method }) => method === 'POST');
    expect(JSON.parse(query?.body ?? '')).toEqual({
      filter: {
        type: 'and',
        predicates: [{ type: 'dimension', dimension: 'queueId', operator: 'matches', value: QUEUE }],
      },
      metrics: ['oOnQueueUsers', 'oWaiting'],
    });
  });

  test.for([{ results: [] }, { results: [{ estimatedWaitTimeSeconds: null }] }, 'soon'])(
    'without an estimate (%j) there is a place and no wait',
    async (wait) => {
      answers([group([metric('oOnQueueUsers', 1), metric('oWaiting', 1)])], wait);
      expect(await ask()).toEqual({ online: true, positionInQueue: 2 });
    },
  );

  test('is unknown within a second where Genesys does not answer, and where no queue is known', async () => {
    api.behave('hang');
    const took = stopwatch();
    expect(await ask()).toEqual({ online: null });
    expect(took()).toBeLessThan(1_200);
    desk = cloudAt(api.url, login.url, { queues: { '*': 'a queue by name' } });
    expect(await ask()).toEqual({ online: null });
  });

  test('is asked once in a while for each queue, whoever asks', async () => {
    answers([group([metric('oOnQueueUsers', 1)])]);
    desk = cloudAt(api.url, login.url, {
      clock,
      queues: { billing: '00000000-0000-4000-8000-000000000003', '*': QUEUE },
    });
    await Promise.all([ask(), ask('bees'), ask('billing'), ask()]);
    expect(api.seen.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });
});
