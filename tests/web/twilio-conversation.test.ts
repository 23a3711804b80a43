import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildWeb } from '../../scripts/build/web.ts';
import type { Conversation, ConversationEvent } from '../../web/service-desk/conversation.ts';
import type * as TwilioConversation from '../../web/service-desk/twilio-conversation.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type BrowserTwilio, browserTwilio } from './browser-twilio.ts';

const folder = temporaryFolder();
// What runs in browsers looks for it there.
Object.assign(globalThis, { self: globalThis });

let joinTwilioConversation: typeof TwilioConversation.joinTwilioConversation;
beforeAll(async () => {
  await buildWeb(folder);
  const file = pathToFileURL(join(folder, 'web/conversations-client.mjs')).href;
  ({ joinTwilioConversation } = await import(file));
});

let twin: BrowserTwilio;
let events: ConversationEvent[];
let conversation: Conversation | undefined;

beforeEach(async () => {
  twin = await browserTwilio();
  events = [];
  conversation = undefined;
});
afterEach(async () => {
  await conversation?.disconnect(false);
  await twin.close();
});

const hear = (event: ConversationEvent) => void events.push(event);
const passFor = (token: string, conversationSid = twin.conversation.sid) => ({
  token,
  conversationSid,
  identity: 'visitor',
  endsAtMs: 0,
});

async function joined(token?: string): Promise<Conversation> {
  conversation = await joinTwilioConversation(passFor(token ?? (await twin.token())), hear, twin.options);
  return conversation;
}

test('the customer joins, and learns who is there and what was said', async () => {
  twin.user('worker-1', 'Ada Byron', { image_url: 'https://cdn.example.com/ada.png' });
  twin.participant('worker-1');
  const { agents, isClosed, since } = await joined();
  expect(agents.map(({ id }) => id)).toEqual(['worker-1']);
  expect(await agents[0]?.profile()).toEqual({ name: 'Ada Byron', avatarUrl: 'https://cdn.example.com/ada.png' });
  expect(isClosed).toBe(false);
  expect((await since(0)).map(({ text }) => text)).toEqual(['Welcome']);
});

test('what stands there for agents is not shown, and who speaks for the customer is none of them', async () => {
  const forAgents = { for: 'agents' };
  twin.participant('customer-h1');
  twin.message('bot', 'Customer: hello', forAgents);
  const { agents, since } = await joined();
  expect(agents).toEqual([]);
  expect((await since(0)).map(({ text }) => text)).toEqual(['Welcome']);
  twin.message('customer-h1', 'said elsewhere', forAgents);
  twin.message('handover', 'Nobody is free');
  const shown = () => events.flatMap((event) => (event.kind === 'said' ? [event.said.text] : []));
  await expect.poll(shown).toEqual(['Nobody is free']);
});

/** What was told, in short words. */
const told = () =>
  events.flatMap((event) => {
    switch (event.kind) {
      case 'joined':
        return `${event.agent.id} joined`;
      case 'left':
        return `${event.agentId} left`;
      case 'said':
        return `${event.said.index} ${event.said.isMine ? 'mine' : event.said.agentId}: ${event.said.text}`;
      case 'typing':
        return `${event.agentId} ${event.isTyping ? 'types' : 'types no more'}`;
      case 'read':
        return `${event.agentId} has read ${event.index}`;
      case 'connection':
        return `connection ${event.is}`;
      default:
        return event.kind;
    }
  });

/** The same without what is said of the connection. */
const happened = () => told().filter((line) => !line.startsWith('connection'));

test('what people do is told as it happens', async () => {
  await joined();
  twin.user('worker-1', 'Ada Byron', {});
  twin.participant('worker-1');
  await expect.poll(happened).toEqual(['worker-1 joined']);
  twin.types('worker-1');
  await expect.poll(happened).toContain('worker-1 types');
  twin.message('worker-1', 'Hello');
  twin.message('system', 'You are connected.');
  twin.read('worker-1', 1);
  twin.leave('worker-1');
  await expect
    .poll(happened)
    .toEqual([
      'worker-1 joined',
      'worker-1 types',
      'worker-1 types no more',
      '1 worker-1: Hello',
      '2 system: You are connected.',
      'worker-1 has read 1',
      'worker-1 left',
    ]);
  twin.closes();
  await expect.poll(happened).toContain('closed');
  expect(conversation?.isClosed).toBe(true);
});

test('somebody on the phone or by mail is no agent, and the customer is none', async () => {
  twin.participant('+15005550006', 'sms');
  const { agents } = await joined();
  twin.types('visitor');
  twin.read('visitor', 0);
  twin.message('visitor', 'Still here');
  await expect.poll(happened).toEqual(['1 mine: Still here']);
  expect(agents).toEqual([]);
});

test('what the customer does reaches Twilio', async () => {
  const { send, typing, markRead, since } = await joined();
  expect(await send('My parcel is lost')).toBe(1);
  expect(await send('It was due on Monday')).toBe(2);
  await typing();
  await typing();
  await markRead(2);
  const asked = twin.sockets.asked.filter((one) => !one.startsWith('GET') && !one.includes('cds.'));
  const aim = 'https://aim.us1.twilio.com/Client/v2';
  expect(asked).toEqual([
    `POST ${aim}/Conversations/${twin.conversation.sid}/Messages`,
    `POST ${aim}/Conversations/${twin.conversation.sid}/Messages`,
    `POST ${aim}/Typing`,
    `POST ${aim}/me/Conversations/${twin.conversation.sid}`,
  ]);
  await expect.poll(happened).toEqual(['1 mine: My parcel is lost', '2 mine: It was due on Monday']);
  expect((await since(1)).map(({ index, text, isMine }) => [index, text, isMine])).toEqual([
    [1, 'My parcel is lost', true],
    [2, 'It was due on Monday', true],
  ]);
});

test('what the customer has read is told without that a message gets lost', async () => {
  const { markRead } = await joined();
  const marking = markRead(0);
  twin.message('worker-1', 'Just now');
  await marking;
  await expect.poll(happened).toEqual(['1 worker-1: Just now']);
});

test('more messages than a page are all read', async () => {
  for (let at = 1; at < 250; at += 1) twin.message('worker-1', `line ${at}`);
  const { since } = await joined();
  const said = await since(40);
  expect(said.map(({ index }) => index)).toEqual(Array.from({ length: 210 }, (_, at) => at + 40));
});

test('an agent whom nobody knows has no name', async () => {
  twin.participant('worker-9');
  const { agents } = await joined();
  expect(await agents[0]?.profile()).toEqual({ name: undefined, avatarUrl: undefined });
});

test('a token that ends is told, and another takes its place without a word', async () => {
  const { renewToken } = await joined();
  twin.sockets.endsSoon();
  await expect.poll(happened).toEqual(['token-ends-soon']);
  await renewToken(await twin.token());
  expect(twin.sockets.tokens.length).toBe(2);
  twin.message('worker-1', 'Still here');
  await expect.poll(happened).toContain('1 worker-1: Still here');
});

test('a connection that is lost is told, and what was said meanwhile when it is back', async () => {
  await joined();
  twin.isDown = true;
  twin.sockets.drop();
  await expect.poll(told).toContain('connection down');
  twin.isDown = false;
  await expect.poll(() => told().at(-1), { timeout: 20_000 }).toBe('connection up');
  twin.message('worker-1', 'Still here');
  await expect.poll(happened, { timeout: 20_000 }).toContain('1 worker-1: Still here');
});

test('a connection that is refused comes back with another token', async () => {
  const { renewToken } = await joined();
  twin.isDown = true;
  twin.sockets.drop();
  await expect.poll(told).toContain('connection down');
  twin.clock.moveBy(3_600_000);
  twin.isDown = false;
  await expect.poll(told, { timeout: 20_000 }).toContain('connection refused');
  await renewToken(await twin.token());
  await expect.poll(() => told().at(-1), { timeout: 20_000 }).toBe('connection up');
});

test('a connection whose token has ended comes back with another', async () => {
  const { renewToken } = await joined();
  twin.clock.moveBy(3_600_000);
  await expect.poll(happened).toContain('token-ends-soon');
  await expect.poll(() => told().at(-1)).toBe('connection down');
  await renewToken(await twin.token());
  await expect.poll(() => told().at(-1), { timeout: 20_000 }).toBe('connection up');
});

test('a token that is refused at once joins nothing, and leaves no connection', async () => {
  await expect(joined(`${await twin.token()}x`)).rejects.toThrow('the connection to Twilio failed');
  await expect.poll(() => twin.sockets.open).toBe(0);
});

test('a conversation that is not there joins nothing, and leaves no connection', async () => {
  const pass = passFor(await twin.token(), `CH${'2'.repeat(32)}`);
  await expect(joinTwilioConversation(pass, hear, twin.options)).rejects.toThrow();
  await expect.poll(() => twin.sockets.open).toBe(0);
});

test('who leaves is out of the conversation, hears no more and has no connection', async () => {
  const { disconnect } = await joined();
  const before = events.length;
  await disconnect(true);
  expect(twin.sockets.asked).toContain(
    `DELETE https://aim.us1.twilio.com/Client/v2/Conversations/${twin.conversation.sid}/Participants/visitor`,
  );
  await expect.poll(() => twin.sockets.open).toBe(0);
  expect(events.length).toBe(before);
  await disconnect(true);
});

test('who is put out of the conversation knows that it is over', async () => {
  await joined();
  twin.leave('visitor');
  await expect.poll(happened).toEqual(['closed']);
});
