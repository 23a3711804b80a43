import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import deskEvents from '../../functions/desk-events.ts';
import { genesysSignature } from '../../shared/desks/genesys/caller.ts';
import { genesysTold, perhapsOver } from '../../shared/desks/genesys/events.ts';
import { sampleHandover } from '../contracts/desk.ts';
import golden from '../fixtures/genesys/cloud.json' with { type: 'json' };
import { inboundOf, testSettings } from '../support/calls.ts';
import { failingAt } from '../support/failing-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { type StandIn, startStandIn } from '../support/stand-in.ts';
import { startFunction } from '../support/start-function.ts';
import { cloudSecrets, granted } from './genesys-parts.ts';

const { text, typing, structured } = golden.told;
const about = { conversationId: 'bot-1:user-1', ticket: text.conversationId };
const atMs = Date.UTC(2026, 0, 1, 0, 6);

describe('what Genesys tells', () => {
  test('an agent says something', () => {
    const event = { kind: 'says', text: 'Hallo, ich bin Ada', agent: undefined, isShown: false };
    expect(genesysTold(text)).toEqual([{ about, event, eventId: text.id, atMs }]);
  });

  test('what the flow says is said by nobody', () => {
    expect(genesysTold({ ...text, originatingEntity: 'Bot' })).toMatchObject([
      { event: { kind: 'says', by: 'system' } },
    ]);
  });

  test('an agent types, until they do not', () => {
    expect(genesysTold(typing)).toEqual([
      { about, event: { kind: 'types', agent: undefined }, eventId: typing.id, atMs },
    ]);
    for (const events of [[{ eventType: 'Typing', typing: { type: 'Off' } }], [{ eventType: 'Presence' }], [], 'none'])
      expect(genesysTold({ ...typing, events })).toEqual([]);
    expect(genesysTold({ ...typing, events: [{ eventType: 'Typing' }] })).toHaveLength(1);
  });

  test('files and choices are lines; nothing is fetched', () => {
    const [told] = genesysTold(structured);
    const said = 'Your invoice. Does that help?\n[invoice.pdf]: https://files.example.com/i/1?s=2\n- Yes';
    expect(told?.event).toMatchObject({ kind: 'says', text: said });
    const [attachment] = structured.content;
    const fileOf = (file: object) => genesysTold({ ...text, text: '', content: [{ ...attachment, attachment: file }] });
    for (const url of ['javascript:alert(1)', 'http://files.example.com/x', 'https://a b', 5])
      expect(fileOf({ mediaType: 'Image', url })[0]?.event).toMatchObject({ text: '[image]' });
    expect(fileOf({})[0]?.event).toMatchObject({ text: '[file]' });
  });

  test('a message without optional fields is understood', () => {
    const { conversationId: _, originatingEntity: __, direction: ___, ...bare } = text;
    expect(genesysTold(bare)).toMatchObject([{ about: { conversationId: 'bot-1:user-1', ticket: undefined } }]);
  });

  test('the same event has the same id, whatever the id looks like', () => {
    const idOf = (body: object) => genesysTold(body)[0]?.eventId;
    expect(idOf({ ...text, id: 'a b' })).toBe(idOf({ ...text, id: 'a b' }));
    expect(idOf({ ...text, id: 'a b' })).not.toBe(idOf({ ...text, id: 'a c' }));
    expect(idOf({ ...text, id: undefined })).toBe(text.channel.messageId);
    expect(idOf({ ...typing, id: undefined })).toMatch(/^x-/);
  });

  test.for([
    ['our own words', { ...text, direction: 'Inbound' }],
    ['a receipt', { ...text, type: 'Receipt' }],
    ['an empty text', { ...text, text: ' ' }],
    ['nobody', { ...text, channel: { ...text.channel, to: undefined } }],
    ['somebody whose name is none of ours', { ...text, channel: { ...text.channel, to: { id: 'a b' } } }],
    ['nothing', {}],
    ['a list', [text]],
    ['a text', 'Text'],
    ['nothing at all', undefined],
  ] as const)('%s is nothing', ([, body]) => {
    expect(genesysTold(body)).toEqual([]);
  });

  test('whatever comes, it is understood or not, and never throws', () => {
    const key = fc.constantFrom('type', 'text', 'channel', 'to', 'id', 'content', 'events', 'attachment', 'event');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.dictionary(key, tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, (body) => {
        expect(Array.isArray(genesysTold(body))).toBe(true);
        expect(Array.isArray(genesysTold({ ...text, ...Object(body) }))).toBe(true);
      }),
    );
  });
});

describe('what the data action of the customer tells', () => {
  const handoverId = 'haaaaaaaaaaaaaaaa';

  test("the end of the customer's leg is the end", () => {
    const body = { handoverId, event: 'customer_end', ticket: 'T-1', disconnectType: 'peer' };
    const ended = { kind: 'ended', by: 'agent', agent: undefined };
    expect(genesysTold(body)).toEqual([
      { about: { handoverId, ticket: 'T-1' }, event: ended, eventId: 'T-1-over', atMs: undefined },
    ]);
    expect(genesysTold({ ...body, disconnectType: 'client' })).toMatchObject([{ event: { by: 'customer' } }]);
  });

  test("the end of an agent's leg is none: a transfer ends it as well, so the conversation is looked at", () => {
    const body = { handoverId, event: 'user_end', ticket: 'T-1' };
    expect([genesysTold(body), perhapsOver(body)]).toEqual([[], handoverId]);
    expect(perhapsOver({ ...body, event: 'customer_end' })).toBeUndefined();
  });

  test('where only the conversation is named, somebody has left', () => {
    const body = { conversationId: 'bot-1:user-1', event: 'user_end' };
    expect(genesysTold(body)).toMatchObject([{ event: { kind: 'left', agent: undefined } }]);
    expect(perhapsOver(body)).toBeUndefined();
  });

  test('the conversation alone will do', () => {
    expect(genesysTold({ conversationId: 'bot-1:user-1', event: 'customer_end' })).toMatchObject([
      { about: { conversationId: 'bot-1:user-1' }, event: { kind: 'ended' } },
    ]);
  });

  test.for([{ event: 'customer_end' }, { handoverId, event: 'acw' }, { handoverId: 'a b', event: 'user_end' }])(
    'nothing in %j',
    (body) => {
      expect(genesysTold(body)).toEqual([]);
    },
  );
});

describe('desk-events', () => {
  let api: StandIn;
  let bot: StandIn;
  beforeAll(async () => {
    const answer = ({ path }: { path: string }) =>
      path === '/oauth/token'
        ? granted
        : { participants: [{ id: 'p-a', name: 'Ada', purpose: 'agent', state: 'connected' }] };
    [api, bot] = await Promise.all([startStandIn(answer), startStandIn()]);
  });
  afterAll(() => Promise.all([api.close(), bot.close()]));
  beforeEach(() => {
    api.seen.length = 0;
    bot.seen.length = 0;
  });

  async function started(env: Readonly<Record<string, string | undefined>> = {}) {
    const table = memoryTable();
    const used: string[] = [];
    const watched = failingAt(table, Number.POSITIVE_INFINITY, 'before', used);
    const fn = startFunction(
      { ...deskEvents, ports: { ...deskEvents.ports, table: () => watched } },
      {
        DESK: 'genesys',
        GENESYS_API_URL: new URL(api.url).origin,
        GENESYS_LOGIN_URL: new URL(api.url).origin,
        GENESYS_CLIENT_ID: 'client-1',
        GENESYS_CLIENT_SECRET: cloudSecrets.clientSecret,
        GENESYS_INTEGRATION_ID: '00000000-0000-4000-8000-000000000001',
        GENESYS_WEBHOOK_SECRET: cloudSecrets.webhookSecret,
        BOT_PUSH_URL: bot.url,
        BOT_PUSH_SECRET: 'whsec_Ym90LXB1c2gtc2VjcmV0LTAxMjM0NTY3ODlhYmNkZWY=',
        ...env,
      },
    );
    await table.states.swap('bot-1:user-1', undefined, {
      epoch: 1,
      seq: 1,
      mode: 'human',
      pausedUntilMs: Date.now() + 600_000,
      handoverId: 'haaaaaaaaaaaaaaaa',
      owner: text.conversationId,
      bot: 'plain',
    } as never);
    return { ...fn, table, used };
  }

  const sent = (body: string, secret: string = cloudSecrets.webhookSecret, more = {}) =>
    inboundOf(body, {
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': genesysSignature(secret, new TextEncoder().encode(body)),
        ...more,
      },
    });
  const shown = () => bot.bodies().map(({ type, data }) => [type, Object(data).text, Object(data).agent?.name]);

  test("knows Genesys by its signature, to the letter of the vendor's own", () => {
    const { secret, body, header } = golden.signature;
    expect(genesysSignature(secret, new TextEncoder().encode(body))).toBe(header);
  });

  test("shows an agent's words with their name, once, however often they come", async () => {
    const { call } = await started();
    for (const _ of [1, 2, 3]) expect((await call(sent(JSON.stringify(text)))).status).toBe(204);
    expect(shown()).toEqual([
      ['handover.agent', undefined, 'Ada'],
      ['handover.message', 'Hallo, ich bin Ada', 'Ada'],
    ]);
  });

  test('lets nobody else in, and says so to the log alone', async () => {
    const { call, used, lines } = await started();
    const body = JSON.stringify(text);
    used.length = 0;
    const foreign = [
      [inboundOf(body, { headers: { 'content-type': 'application/json' } }), 401],
      [sent(body, 'another secret of 16 characters'), 403],
      [sent(body, ''), 403],
      [{ ...sent(body), body: new TextEncoder().encode(`${body} `) }, 403],
      [sent(body, cloudSecrets.webhookSecret, { 'x-hub-signature-256': '' }), 403],
      [sent(body, 'x', { authorization: testSettings.DESK_API_KEY }), 403],
      [inboundOf(body, { headers: { 'content-type': 'application/json', authorization: 'wrong' } }), 401],
      [{ ...sent(body), body: undefined, fields: text }, 403],
    ] as const;
    for (const [inbound, status] of foreign) expect((await call(inbound)).status).toBe(status);
    expect(used).toEqual([]);
    expect(lines.join('')).not.toContain(cloudSecrets.webhookSecret);
  });

  test('takes the end from a data action with DESK_API_KEY, and tells the bot once', async () => {
    const { call, table } = await started();
    const ended = { conversationId: 'bot-1:user-1', event: 'customer_end', ticket: text.conversationId };
    const inbound = () =>
      inboundOf(JSON.stringify(ended), {
        headers: { 'content-type': 'application/json', authorization: testSettings.DESK_API_KEY },
      });
    for (const _ of [1, 2]) expect((await call(inbound())).status).toBe(204);
    expect(shown().map(([type]) => type)).toEqual(['handover.ended']);
    expect((await table.states.read('bot-1:user-1'))?.mode).toBe('bot');
  });

  test("an agent's leg that is over ends nothing", async () => {
    const { call, table } = await started();
    const left = { conversationId: 'bot-1:user-1', event: 'user_end' };
    const headers = { 'content-type': 'application/json', authorization: testSettings.DESK_API_KEY };
    expect((await call(inboundOf(JSON.stringify(left), { headers }))).status).toBe(204);
    expect((await table.states.read('bot-1:user-1'))?.mode).toBe('human');
    expect(shown()).toEqual([]);
  });

  test('unless the conversation itself says that it is over', async () => {
    const { call, table } = await started();
    const handoverId = 'haaaaaaaaaaaaaaaa';
    await table.transcripts.putHandover({ ...sampleHandover, handoverId });
    const usual = api.answer;
    const gone = { state: 'disconnected', endTime: '2026-01-01T00:09:00.000Z', disconnectType: 'peer' };
    const participants = [
      { id: 'p-c', purpose: 'customer', ...gone },
      { id: 'p-a', name: 'Ada', purpose: 'agent', connectedTime: '2026-01-01T00:06:00.000Z', ...gone },
    ];
    api.answer = ({ path }: { path: string }) => (path === '/oauth/token' ? granted : { participants });
    const headers = { 'content-type': 'application/json', authorization: testSettings.DESK_API_KEY };
    const body = JSON.stringify({ handoverId, event: 'user_end' });
    expect((await call(inboundOf(body, { headers }))).status).toBe(204);
    api.answer = usual;
    expect((await table.states.read('bot-1:user-1'))?.mode).toBe('bot');
    expect(shown().at(-1)?.[0]).toBe('handover.ended');
  });

  test('what comes of another conversation of Genesys changes nothing, and the agent hears that nobody reads it', async () => {
    const { call } = await started();
    expect((await call(sent(JSON.stringify({ ...text, conversationId: 'T-0' })))).status).toBe(204);
    expect(shown()).toEqual([]);
    const told = api.seen.filter(({ path }) => path.includes('/inbound/open/message'));
    expect(told.map(({ body }) => JSON.parse(body).text)).toEqual([
      '[system] Not delivered to the customer: Hallo, ich bin Ada',
    ]);
  });

  test.for([
    '{"id":',
    '[]',
    '{"id":"a","id":"b"}',
    '{"__proto__":{}}',
    '"text"',
    '',
    `{"text":"${'x'.repeat(40_000)}"}`,
  ])('takes what means nothing as told, once it is signed: %#', async (body) => {
    const { call, lines } = await started();
    expect((await call(sent(body))).status).toBe(204);
    expect(lines).toHaveLength(1);
    expect(shown()).toEqual([]);
  });

  test('of a PureConnect server there is nobody who may call', async () => {
    const { call } = await started({
      GENESYS_API_URL: undefined,
      GENESYS_ICWS_URL: 'https://cic.example.com',
      DESK_QUEUES: '{"*":"Support"}',
    });
    expect((await call(sent(JSON.stringify(text)))).status).toBe(401);
  });

  test('PureConnect must be told a workgroup for all topics', async () => {
    const { call, lines } = await started({ GENESYS_API_URL: undefined, GENESYS_ICWS_URL: 'https://cic.example.com' });
    expect((await call(sent('{}'))).status).toBe(500);
    expect(lines[0]).toContain('DESK_QUEUES is missing');
  });
});
