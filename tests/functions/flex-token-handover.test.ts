import { describe, expect, test } from 'vitest';
import deskEvents from '../../functions/desk-events.ts';
import flexToken from '../../functions/flex-token.ts';
import handoverPush from '../../functions/handover-push.ts';
import pauseCheck from '../../functions/pause-check.ts';
import { webChatPlatform } from '../../shared/bots/web-chat/index.ts';
import { webChatTextSettings } from '../../shared/bots/web-chat/texts.ts';
import { Problem } from '../../shared/core/problems.ts';
import { joinProof } from '../../shared/core/web-chat/join-proof.ts';
import { flexDesk, flexDeskSettings } from '../../shared/desks/flex/index.ts';
import { withWebChats } from '../../shared/desks/with-web-chats.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { twilioRest } from '../../shared/twilio/rest.ts';
import { webChatCalls, webChatReach } from '../../shared/twilio/web-chat-reach.ts';
import { jsonCall, sessionToken, testSettings, twilioCall } from '../support/calls.ts';
import { deskModel, platformModel } from '../support/chat-world.ts';
import { testClock } from '../support/clock.ts';
import { type FakeConversation, fakeFlex } from '../support/fake-flex.ts';
import { flexSettings } from '../support/flex-settings.ts';
import { memoryTable } from '../support/memory-table.ts';
import { startFunction } from '../support/start-function.ts';

const conversationId = 'session-1';
const IM = (digit: string) => `IM${digit.repeat(32)}`;

const webhookDesk = {
  DESK: 'webhook',
  DESK_WEBHOOK_URL: 'https://desk.example.com/',
  DESK_WEBHOOK_SECRET: 'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=',
};

/** A bot, a page with web chats, and Flex; the desk of the bot is Flex, or another one. */
async function scene({ DESK = 'webhook', texts = '' } = {}) {
  const flex = fakeFlex();
  // What signs tokens takes its own time, so this clock does not jump.
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const clock = { ...systemClock, nowMs: testClock().nowMs, sleep };
  const table = memoryTable();
  const other = deskModel(clock);
  const platform = platformModel(clock);
  const env = { ...flexSettings, ...webhookDesk, DESK, WEB_CHAT_TEXTS: texts };
  const all = { ...testSettings, ...env };
  const calls = webChatCalls(webChatReach.read(all, []), flex.send);
  if (!calls) throw new Error('no web chats');
  const flexOwn = flexDesk({ settings: flexDeskSettings.read(all, []), send: flex.send, clock });
  const desk = withWebChats(DESK === 'flex' ? flexOwn : other.desk, calls);
  const webChat = webChatPlatform(calls, webChatTextSettings.read(all, []).WEB_CHAT_TEXTS);
  const bots = () => (bot: string) => (bot === 'web-chat' ? webChat : platform.platform);
  const started = <F extends { readonly ports: object }>(fn: F, ports: object) =>
    startFunction({ ...fn, ports: { ...fn.ports, table: () => table, ...ports } } as never, env, clock);
  const twilio = ({ settings }: { settings: Parameters<typeof twilioRest>[0] }) => twilioRest(settings, flex.send);
  const token = started(flexToken, { twilio, calls: () => calls });
  const checks = started(pauseCheck, { desk: () => desk });
  const events = started(deskEvents, { desk: () => desk, bots });
  const pushes = started(handoverPush, { bots, desk: () => desk });

  const visits = async (body: object, sub = 'user-1') => {
    const claims = { sub, iat: clock.nowMs() / 1_000 - 60, exp: clock.nowMs() / 1_000 + 3_600 };
    const headers = { origin: 'https://shop.example.com', authorization: `Bearer ${sessionToken(claims)}` };
    return JSON.parse((await token.call(jsonCall(body, headers))).body);
  };
  return {
    ...{ flex, table, other, platform, clock, visits },
    ask: async (body: object, about = conversationId) => {
      const headers = { authorization: testSettings.BOT_ACCESS_TOKEN };
      return JSON.parse((await checks.call(jsonCall({ conversationId: about, ...body }, headers))).body);
    },
    push: async (body: object) => {
      const headers = { authorization: testSettings.DESK_API_KEY };
      return JSON.parse((await pushes.call(jsonCall({ conversationId, ...body }, headers))).body);
    },
    chat: (at = 0) => flex.conversations[at] as FakeConversation,
    /** What Twilio tells by the webhook that the conversation has, or by that of the service. */
    async tells(chat: FakeConversation, event: Record<string, string>) {
      const query = new URL(chat.webhooks[0]?.url ?? 'https://handover.example.com/').search.slice(1);
      const known = { AccountSid: testSettings.TWILIO_ACCOUNT_SID, ConversationSid: chat.sid };
      expect((await events.call(twilioCall('desk-events', { ...known, ...event }, query))).status).toBe(204);
    },
    async times(at: number, EventType = 'workflow.timeout') {
      const task = flex.tasks[at];
      if (!task) throw new Error('no task');
      task.status = 'canceled';
      const fields = { EventType, TaskSid: task.sid, TaskAttributes: JSON.stringify(task.attributes) };
      expect((await events.call(twilioCall('desk-events', fields))).status).toBe(204);
    },
    texts: async (about = conversationId) =>
      (await table.transcripts.lines(about, 100)).map(({ by, text }) => `${by}: ${text}`),
    proof: (handoverId: string, about = conversationId, atMs = clock.nowMs()) =>
      joinProof({ handoverId, conversationId: about }, testSettings.SESSION_SECRET, atMs),
  };
}

const says = (Author: string, Body: string, MessageSid: string) => ({
  ...{ EventType: 'onMessageAdded', Source: 'SDK', Author, Body, MessageSid },
});

const withProof = (handover_proof: string) => ({
  connect: { topic: 'billing', transfer_info: { additional_data: { handover_proof, plan: 'gold' } } },
});

describe('a web chat', () => {
  test('is a handover: the bot is silent, and everything said stands in the transcript once', async () => {
    const { visits, ask, tells, chat, texts, table, other, flex, clock } = await scene();
    const { identity } = await visits({ conversationId, topic: 'billing', language: 'de', ...withProof('x') });
    // One request begins it: what it says comes by the webhook of the service.
    expect(chat().webhooks).toEqual([]);
    const [{ handoverId } = { handoverId: '' }, ...others] = await table.openings.newest(clock.nowMs(), 10);
    expect(others).toEqual([]);
    expect(await table.transcripts.handover(handoverId)).toMatchObject({
      ...{ conversationId, topic: 'billing', language: 'de', fields: { plan: 'gold' } },
    });
    for (const _ of [1, 2]) {
      await tells(chat(), says(identity, 'Hello', IM('1')));
      await tells(chat(), says('ada_40example_2Ecom', 'Hello, I am Ada', IM('2')));
    }
    expect(await texts()).toEqual(['customer: Hello', 'agent: Hello, I am Ada']);
    // What the bot hears meanwhile is not put into the visitor's chat, and no other desk hears of it.
    expect(await ask({ text: 'Are you there?' })).toMatchObject({ paused: true });
    expect(chat().messages).toEqual([]);
    expect([other.opened, other.told]).toEqual([[], []]);
    expect(flex.faultsOfForm).toEqual([]);
  });

  test.for([
    ['de-AT', '', 'Leider ist gerade niemand frei. Sie können mit dem Assistenten weitermachen.'],
    ['fr', '', 'Sorry, nobody is free right now. You can go on with the assistant.'],
    ['fr', '{"fr":{"nobodyCame":"Personne"}}', 'Personne'],
    ['en', '{"en":{"nobodyCame":"Later, please"}}', 'Later, please'],
  ])(
    'that nobody takes says so, is closed through its interaction, and the bot goes on: %s %s',
    async ([language, own, said]) => {
      const { visits, ask, times, chat, flex, other } = await scene({ texts: own });
      const first = await visits({ conversationId, language });
      for (const _ of [1, 2]) await times(0);
      expect(chat().messages.map(({ author, body }) => [author, body])).toEqual([['handover', said]]);
      expect(chat().messages[0]?.attributes).not.toHaveProperty('for');
      expect([chat().state, flex.interactions[0]?.channel.status]).toEqual(['closed', 'closed']);
      expect(await ask({ text: 'Hello?' })).toMatchObject({ paused: false });
      expect(other.told).toEqual([]);
      // The page asks again: not for the chat that is over.
      const second = await visits({ conversationId, language });
      expect(second.conversationSid).not.toBe(first.conversationSid);
      expect(await ask({ text: 'Hello?' })).toMatchObject({ paused: true });
    },
  );

  test('that the customer ends is over for the agent and the bot; one that an agent ends as well', async () => {
    const { visits, ask, tells, chat, flex, texts } = await scene();
    await visits({ conversationId });
    for (const _ of [1, 2]) expect(await visits({ action: 'end' })).toEqual({ ended: true });
    expect([chat().state, flex.interactions[0]?.channel.status]).toEqual(['closed', 'closed']);
    expect(await ask({ text: 'Bot?' })).toMatchObject({ paused: false });
    expect(await texts()).toEqual(['system: The handover has ended: customer']);
    await visits({ conversationId });
    await tells(chat(1), { EventType: 'onConversationStateUpdated', StateTo: 'closed' });
    expect(await ask({ text: 'Bot?' })).toMatchObject({ paused: false });
  });

  test('whose end Twilio does not take is ended later, for the words are written down', async () => {
    const { visits, ask, table, flex } = await scene();
    await visits({ conversationId });
    flex.fails('POST Channels', '500', '500', '500', '500');
    expect(await visits({ action: 'end' })).toEqual({ ended: true });
    expect(await ask({ text: 'Bot?' })).toMatchObject({ paused: false });
    expect(await table.outbox.waiting(conversationId, 'desk')).toHaveLength(1);
  });

  test('shows what a desk says elsewhere, once (row 35)', async () => {
    const { visits, push, chat } = await scene();
    await visits({ conversationId });
    const event = { eventType: 'message', text: 'From the back office', eventId: 'e-1', agentProfile: { name: 'Bo' } };
    for (const _ of [1, 2]) expect(await push(event)).toMatchObject({ delivered: true });
    expect(chat().messages.map(({ author, body }) => [author, body])).toEqual([['Bo', 'From the back office']]);
    expect(await push({ eventType: 'channel_update', paused: false })).toMatchObject({ delivered: true });
    expect(chat().state).toBe('closed');
  });

  test('that names no conversation is about one of its own', async () => {
    const { visits, ask } = await scene();
    const { identity } = await visits({});
    expect(await ask({ text: 'Hello' }, identity)).toMatchObject({ paused: true });
    expect(await ask({ text: 'Hello' })).toMatchObject({ paused: false });
  });

  test('begins, whatever fails beside it, and the next start makes it good', async () => {
    const { visits, chat, flex, table, tells, texts } = await scene();
    const { link } = table.contexts;
    const broken = async () => {
      throw new Problem('state_unavailable');
    };
    Object.assign(table.contexts, { link: broken });
    expect(await visits({ conversationId })).toMatchObject({ token: expect.any(String) });
    await tells(chat(), says('ada_40example_2Ecom', 'Hello', IM('1')));
    expect(await texts()).toEqual([]);
    Object.assign(table.contexts, { link });
    await visits({ conversationId });
    await tells(chat(), says('ada_40example_2Ecom', 'Hello?', IM('2')));
    expect(await texts()).toEqual(['agent: Hello?']);
    expect(flex.conversations).toHaveLength(1);
  });
});

describe('a handover of a bot at Flex', () => {
  async function handedOver() {
    const all = await scene({ DESK: 'flex' });
    expect(await all.ask({ text: 'A person', handover: { topic: 'billing' } })).toMatchObject({ paused: true });
    return { ...all, handoverId: all.chat().uniqueName ?? '' };
  }

  test('is joined by whoever brings the proof, who reads there what agents write', async () => {
    const { visits, proof, handoverId, chat, flex, tells, texts, platform, ask } = await handedOver();
    const joined = await visits({ conversationId, ...withProof(proof(handoverId)) });
    expect(joined).toMatchObject({ conversationSid: chat().sid, token: expect.any(String) });
    expect(chat().participants).toEqual([`customer-${handoverId}`, joined.identity]);
    expect(chat().webhooks.map(({ url }) => new URL(url).searchParams.has('shown'))).toEqual([true]);
    await tells(chat(), says('ada_40example_2Ecom', 'Hello, I am Ada', IM('1')));
    await tells(chat(), says(joined.identity, 'Hello Ada', IM('2')));
    expect(platform.texts()).toEqual([]);
    expect((await texts()).slice(-2)).toEqual(['agent: Hello, I am Ada', 'customer: Hello Ada']);
    // As often as it is asked, also by a page that was reloaded.
    expect(await visits({ ...withProof(proof(handoverId)) })).toMatchObject({ conversationSid: chat().sid });
    expect(await visits({ action: 'refresh' })).toMatchObject({ conversationSid: chat().sid });
    expect(flex.conversations).toHaveLength(1);
    expect(await visits({ action: 'end' })).toEqual({ ended: true });
    expect([chat().state, flex.interactions[0]?.channel.status]).toEqual(['closed', 'closed']);
    expect(await ask({ text: 'Bot?' })).toMatchObject({ paused: false });
    expect(flex.faultsOfForm).toEqual([]);
  });

  test.for([
    ['no proof', () => ({})],
    ['a forged one', ({ proof, handoverId }: Handed) => withProof(`${proof(handoverId).slice(0, -4)}AAAA`)],
    [
      'an old one',
      ({ proof, handoverId, clock }: Handed) => withProof(proof(handoverId, conversationId, clock.nowMs() - 901_000)),
    ],
    ['one of another conversation', ({ proof, handoverId }: Handed) => withProof(proof(handoverId, 'session-2'))],
    ['one of another handover', ({ proof }: Handed) => withProof(proof('haaaaaaaaaaaaaaaa'))],
  ] as const)('is closed to everybody else: %s', async ([, brings]) => {
    const all = await handedOver();
    const { visits, chat, flex, ask } = all;
    const { conversationSid, identity } = await visits({ conversationId, ...brings(all) }, 'stranger');
    expect(conversationSid).not.toBe(chat().sid);
    expect(chat(0).participants).not.toContain(identity);
    expect(chat(0).webhooks.map(({ url }) => new URL(url).searchParams.has('shown'))).toEqual([false]);
    const opened = await all.table.openings.newest(all.clock.nowMs(), 10);
    expect(opened.map((one) => one.conversationId).sort()).toEqual([conversationId, identity].sort());
    // And what its customer says goes on to their own agent alone.
    expect(await ask({ text: 'Still mine' })).toMatchObject({ paused: true });
    expect(chat(0).messages.at(-1)?.body).toBe('Still mine');
    expect(flex.conversations[1]?.messages).toEqual([]);
    await visits({ action: 'end' }, 'stranger');
    expect(chat(0).state).toBe('active');
    expect(await ask({ text: 'Still mine' })).toMatchObject({ paused: true });
  });
  type Handed = Awaited<ReturnType<typeof handedOver>>;

  test('that is over is joined by nobody: its visitor gets a chat', async () => {
    const { visits, proof, handoverId, chat, ask } = await handedOver();
    await ask({ end: true });
    const { conversationSid } = await visits({ conversationId, ...withProof(proof(handoverId)) });
    expect(conversationSid).toBe(chat(1).sid);
  });

  test('that a visitor has joined is erased with their chat; gone at Twilio too, it is no chat that is still open', async () => {
    const { visits, proof, handoverId, table, flex, chat } = await handedOver();
    const { identity } = await visits(withProof(proof(handoverId)));
    expect(await table.contexts.read(handoverId)).toMatchObject({ facts: { visitor: identity } });
    const gone = flex.conversations.shift();
    const { conversationSid } = await visits({});
    expect(conversationSid).toBe(chat().sid);
    expect(conversationSid).not.toBe(gone?.sid);
  });

  test('is not ended by whoever writes its name into the attributes of their own conversation', async () => {
    const { visits, proof, handoverId, chat, ask } = await handedOver();
    await ask({ text: 'A person', handover: {} }, 'session-2');
    await visits(withProof(proof(handoverId)));
    Object.assign(chat(0), { attributes: { handoverId: chat(1).uniqueName } });
    expect(await visits({ action: 'end' })).toEqual({ ended: true });
    expect(chat(1).state).toBe('active');
    expect(await ask({ text: 'Still mine' }, 'session-2')).toMatchObject({ paused: true });
  });

  test('is joined instead of a chat that was open before', async () => {
    const { visits, proof, handoverId, chat } = await handedOver();
    const before = await visits({ conversationId: 'session-9' });
    expect(before.conversationSid).toBe(chat(1).sid);
    expect(await visits({ ...withProof(proof(handoverId)) })).toMatchObject({ conversationSid: chat(0).sid });
    expect(chat(1).state).toBe('closed');
  });

  test('is not joined while Twilio refuses it, and nobody is told a token', async () => {
    const { visits, proof, handoverId, flex } = await handedOver();
    flex.fails('POST Participants', '403');
    expect(await visits(withProof(proof(handoverId)))).toMatchObject({ error: { code: 'chat_unavailable' } });
    expect(await visits(withProof(proof(handoverId)))).toMatchObject({ token: expect.any(String) });
  });
});
