import { describe, expect, it } from 'vitest';
import deskEvents from '../../functions/desk-events.ts';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import { sha256 } from '../../shared/core/hash.ts';
import { Problem } from '../../shared/core/problems.ts';
import { inboundOf, testSettings, twilioCall } from '../support/calls.ts';
import { platformModel } from '../support/chat-world.ts';
import { failingAt } from '../support/failing-table.ts';
import { flexSettings } from '../support/flex-settings.ts';
import { memoryTable } from '../support/memory-table.ts';
import { runningClock } from '../support/running-clock.ts';
import { startFunction } from '../support/start-function.ts';

const webhookDesk = {
  DESK: 'webhook',
  DESK_WEBHOOK_URL: 'https://desk.example.com/handover',
  DESK_WEBHOOK_SECRET: 'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=',
};

const event = {
  AccountSid: testSettings.TWILIO_ACCOUNT_SID,
  EventType: 'onMoonRisen',
  ConversationSid: `CH${'1'.repeat(32)}`,
};

function started(env: Record<string, string | undefined> = {}, memory = memoryTable()) {
  const used: string[] = [];
  const table = failingAt(memory, Number.POSITIVE_INFINITY, 'before', used);
  const platform = platformModel(runningClock());
  const ports = { ...deskEvents.ports, table: () => table, bots: () => () => platform.platform };
  return { ...startFunction({ ...deskEvents, ports }, { ...webhookDesk, ...env }), used, platform };
}

/** A table in which a person has the conversation of a bot. */
async function handedOver(handoverId: string) {
  const table = memoryTable();
  const nothing = { topic: undefined, reason: undefined, name: undefined, language: undefined, fields: {} };
  await table.transcripts.putHandover({ handoverId, conversationId: 'c-1', openedAtMs: Date.now(), ...nothing });
  const pausedUntilMs = Date.now() + 600_000;
  const state = {
    epoch: 1,
    seq: 2,
    mode: 'human',
    pausedUntilMs,
    handoverId,
    bot: 'plain',
    owner: 'T',
    deskSeq: 0,
  } as const;
  await table.states.swap('c-1', undefined, state);
  return table;
}

/** JSON as Twilio signs it: the URL holds the hash of the body. */
function signedJson(body: string, token: string = testSettings.TWILIO_AUTH_TOKEN, before = '') {
  const query = `${before}bodySHA256=${sha256(new TextEncoder().encode(body)).toString('hex')}`;
  const url = `${testSettings.PUBLIC_BASE_URL}/desk-events?${query}`;
  const signature = twilioSignature(token, url, new Map());
  return inboundOf(body, { query, headers: { 'content-type': 'application/json', 'x-twilio-signature': signature } });
}

describe('desk-events', () => {
  it('takes a form and JSON that Twilio signed, and does nothing about what is not for it', async () => {
    const { call, used } = started();
    for (const inbound of [twilioCall('desk-events', event), signedJson(JSON.stringify(event))])
      expect(await call(inbound)).toEqual({ status: 204, headers: {}, body: '' });
    expect(used).toEqual([]);
  });

  it('shows what an agent says once, whether it comes as a form or as JSON', async () => {
    const said = {
      ...event,
      EventType: 'onMessageAdded',
      MessageSid: `IM${'1'.repeat(32)}`,
      Author: 'jane',
      Source: 'SDK',
      Body: 'Hello <b>Ada</b> & co.',
    };
    const { call, platform, lines } = started({}, await handedOver('h-1'));
    const form = twilioCall('desk-events', said, 'handoverId=h-1');
    const asJson = signedJson(JSON.stringify(said), undefined, 'handoverId=h-1&');
    for (const inbound of [asJson, form, asJson]) expect((await call(inbound)).status).toBe(204);
    expect(platform.texts()).toEqual([said.Body]);
    expect(platform.shown).toHaveLength(1);
    expect(lines.map((line) => JSON.parse(line).heard)).toEqual(Array.from({ length: 3 }, () => 'says done'));
    expect(lines.join()).not.toMatch(/Ada|jane|h-1|c-1/);
  });

  it('says that the table is away, so that it is told again', async () => {
    const away = () => Promise.reject(new Problem('state_unavailable'));
    const memory = memoryTable();
    const { call } = started({}, { ...memory, transcripts: { ...memory.transcripts, handover: away } });
    const said = { ...event, EventType: 'onConversationStateUpdated', StateTo: 'closed' };
    expect((await call(twilioCall('desk-events', said, 'handoverId=h-1'))).status).toBe(503);
  });

  it('lets nobody else in', async () => {
    const { call, used } = started();
    const form = twilioCall('desk-events', event);
    const foreign = [
      inboundOf(new URLSearchParams(event).toString(), {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      twilioCall('call-events', event),
      { ...form, body: new TextEncoder().encode('EventType=onMessageAdded') },
      signedJson(JSON.stringify(event), 'f'.repeat(32)),
      { ...signedJson(JSON.stringify(event)), body: new TextEncoder().encode('{}') },
      inboundOf('{}', { headers: { 'content-type': 'application/json', authorization: testSettings.DESK_API_KEY } }),
    ];
    for (const inbound of foreign) expect((await call(inbound)).status).toBe(403);
    expect(used).toEqual([]);
  });

  it.for(['{"EventType":', '[]', '{"EventType":"a","EventType":"b"}', '{"__proto__":{}}', '"text"', ''])(
    'takes what means nothing as told, once it is proved who sent it: %s',
    async (body) => {
      const { call, lines } = started();
      expect((await call(signedJson(body))).status).toBe(204);
      expect(lines).toHaveLength(1);
    },
  );

  it.each([undefined, 'phone'])('hears of web chats also where no desk takes chats: %s', async (DESK) => {
    const heard = async (more: Record<string, string | undefined>) => {
      const { call, lines } = started({ ...webhookDesk, DESK_WEBHOOK_URL: undefined, DESK, ...more });
      const message = {
        ...event,
        EventType: 'onMessageAdded',
        MessageSid: `IM${'1'.repeat(32)}`,
        Author: 'ada',
        Body: 'Hi',
      };
      expect((await call(twilioCall('desk-events', message, 'handoverId=haaaaaaaaaaaaaaaa&shown=1'))).status).toBe(204);
      return JSON.parse(lines[0] ?? '{}').heard;
    };
    expect(await heard(flexSettings)).toBe('says unknown');
    expect(await heard({})).toBe('no desk');
  });

  it('needs the settings of the chosen desk, and those alone', async () => {
    const { call } = started({ DESK: 'stage', DESK_WEBHOOK_URL: undefined });
    expect((await call(twilioCall('desk-events', event))).status).toBe(500);
    const chosen = { STAGE_DESK_URL: 'http://localhost:1/desk', STAGE_DESK_SECRET: webhookDesk.DESK_WEBHOOK_SECRET };
    const { call: staged } = started({ ...chosen, DESK: 'stage', DESK_WEBHOOK_URL: undefined });
    expect((await staged(twilioCall('desk-events', event))).status).toBe(204);
    const { call: nowhere } = started({ DESK: 'toString' });
    expect((await nowhere(twilioCall('desk-events', event))).status).toBe(500);
  });
});
