import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildWeb } from '../../scripts/build/web.ts';
import type { Conversation, ConversationEvent, JoinConversation } from '../../web/service-desk/conversation.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type TwilioTwin, twilioTwin } from './twilio/twilio-socket.ts';

const SID = `CH${'1'.repeat(32)}`;
const folder = temporaryFolder();
const { WebSocket: realSocket } = globalThis;
// What runs in browsers looks for it there.
Object.assign(globalThis, { self: globalThis });

let joinTwilioConversation: JoinConversation;
beforeAll(async () => {
  await buildWeb(folder);
  const file = pathToFileURL(join(folder, 'web/conversations-client.mjs')).href;
  ({ joinTwilioConversation } = await import(file));
});

let twin: TwilioTwin;
let events: ConversationEvent[];
let conversation: Conversation | undefined;

beforeEach(() => {
  twin = twilioTwin('visitor', SID);
  events = [];
  conversation = undefined;
  Object.assign(globalThis, { WebSocket: twin.WebSocket });
});
afterEach(async () => {
  await conversation?.disconnect(false);
  Object.assign(globalThis, { WebSocket: realSocket });
});

async function joined(token = 'token-1'): Promise<Conversation> {
  const pass = { token, identity: 'visitor', conversationSid: SID, endsAtMs: 0 };
  conversation = await joinTwilioConversation(pass, (event) => events.push(event));
  return conversation;
}

test('the customer joins, and learns who is there and what was said', async () => {
  twin.service.user('worker-1', 'Ada Byron', { image_url: 'https://cdn.example.com/ada.png' });
  twin.service.participant('worker-1');
  const { agents, isClosed, since } = await joined();
  expect(agents.map(({ id }) => id)).toEqual(['worker-1']);
  expect(await agents[0]?.profile()).toEqual({ name: 'Ada Byron', avatarUrl: 'https://cdn.example.com/ada.png' });
  expect(isClosed).toBe(false);
  expect((await since(0)).map(({ text }) => text)).toEqual(['Welcome']);
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
  const { service } = twin;
  service.user('worker-1', 'Ada Byron', {});
  service.participant('worker-1');
  await expect.poll(happened).toEqual(['worker-1 joined']);
  twin.types('worker-1');
  await expect.poll(happened).toContain('worker-1 types');
  service.message('worker-1', 'Hello');
  service.message('system', 'You are connected.');
  service.read('worker-1', 1);
  service.leave('worker-1');
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
  service.close();
  await expect.poll(happened).toContain('closed');
  expect(conversation?.isClosed).toBe(true);
});

test('somebody on the phone or by mail is no agent, and the customer is none', async () => {
  twin.service.participant('+15005550006', 'sms');
  const { agents } = await joined();
  twin.types('visitor');
  twin.service.read('visitor', 0);
  twin.service.message('visitor', 'Still here');
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
  const asked = twin.asked.filter((one) => !one.startsWith('GET') && !one.includes('cds.'));
  const aim = 'https://aim.us1.twilio.com/Client/v2';
  expect(asked).toEqual([
    `POST ${aim}/Conversations/${SID}/Messages`,
    `POST ${aim}/Conversations/${SID}/Messages`,
    `POST ${aim}/Typing`,
    `POST ${aim}/me/Conversations/${SID}`,
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
  twin.service.message('worker-1', 'Just now');
  await marking;
  await expect.poll(happened).toEqual(['1 worker-1: Just now']);
});

test('more messages than a page are all read', async () => {
  for (let at = 1; at < 250; at += 1) twin.service.message('worker-1', `line ${at}`);
  const { since } = await joined();
  const said = await since(40);
  expect(said.map(({ index }) => index)).toEqual(Array.from({ length: 210 }, (_, at) => at + 40));
});

test('an agent whom nobody knows has no name', async () => {
  twin.service.participant('worker-9');
  const { agents } = await joined();
  await expect(agents[0]?.profile()).rejects.toThrow();
});

test('a token that ends is told, and another takes its place without a word', async () => {
  const { renewToken } = await joined();
  twin.endsSoon();
  await expect.poll(happened).toEqual(['token-ends-soon']);
  await renewToken('token-2');
  expect(twin.tokens).toEqual(['token-1', 'token-2']);
  twin.service.message('worker-1', 'Still here');
  await expect.poll(happened).toContain('1 worker-1: Still here');
});

test('a connection that is lost is told, and what was said meanwhile when it is back', async () => {
  await joined();
  twin.isDown = true;
  twin.drop();
  await expect.poll(told).toContain('connection down');
  twin.isDown = false;
  await expect.poll(() => told().at(-1), { timeout: 20_000 }).toBe('connection up');
  twin.service.message('worker-1', 'Still here');
  await expect.poll(happened, { timeout: 20_000 }).toContain('1 worker-1: Still here');
});

test('a connection that is refused comes back with another token', async () => {
  const { renewToken } = await joined();
  twin.refused.add('token-1');
  twin.drop();
  await expect.poll(told, { timeout: 20_000 }).toContain('connection refused');
  await renewToken('token-2');
  await expect.poll(() => told().at(-1), { timeout: 20_000 }).toBe('connection up');
});

test('a token that is refused at once joins nothing, and leaves no connection', async () => {
  twin.refused.add('token-1');
  await expect(joined()).rejects.toThrow('the connection to Twilio failed');
  expect(twin.openSockets).toBe(0);
});

test('a conversation that is not there joins nothing, and leaves no connection', async () => {
  const pass = { token: 'token-1', identity: 'visitor', conversationSid: `CH${'2'.repeat(32)}`, endsAtMs: 0 };
  await expect(joinTwilioConversation(pass, (event) => events.push(event))).rejects.toThrow();
  await expect.poll(() => twin.openSockets).toBe(0);
});

test('who leaves is out of the conversation, hears no more and has no connection', async () => {
  const { disconnect } = await joined();
  const before = events.length;
  await disconnect(true);
  expect(twin.asked).toContain(`DELETE https://aim.us1.twilio.com/Client/v2/Conversations/${SID}/Participants/visitor`);
  await expect.poll(() => twin.openSockets).toBe(0);
  expect(events.length).toBe(before);
  await disconnect(true);
});

test('who is put out of the conversation knows that it is over', async () => {
  await joined();
  twin.service.leave('visitor');
  await expect.poll(happened).toEqual(['closed']);
});
