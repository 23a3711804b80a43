import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { buildWeb } from '../../scripts/build/web.ts';
import type { ServiceDesk } from '../../web/service-desk/chat-contract.ts';
import type * as ServiceDesks from '../../web/service-desk/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type BrowserTwilio, browserTwilio } from './browser-twilio.ts';
import { connectMessage, says } from './desk-scene.ts';
import { type FlexTokenTwin, flexTokenTwin } from './flex-token-twin.ts';
import { type RecordedChat, recordedChat } from './recorded-chat.ts';

const folder = temporaryFolder();
const built = (name: string) => join(folder, 'web', name);
beforeAll(() => buildWeb(folder));

let twilio: BrowserTwilio;
let flexToken: FlexTokenTwin;
beforeEach(async () => {
  twilio = await browserTwilio();
  flexToken = await flexTokenTwin();
  flexToken.passes = async () => ({ token: await twilio.token(), conversationSid: twilio.conversation.sid });
  onTestFinished(() => flexToken.close());
});
afterEach(() => twilio.close());

/** From the start of a chat to its end, with Twilio's own client between the chat and the people. */
async function chatThrough(desk: ServiceDesk, chat: RecordedChat): Promise<void> {
  chat.desk = desk;
  await desk.startChat(connectMessage({ message_to_human_agent: 'Wants a refund' }));
  // The conversation greets, as a flow does.
  await expect.poll(() => chat.lines).toEqual(['nobody: Welcome']);
  twilio.user('worker-1', 'Ada', { image_url: 'https://cdn.example.com/ada.png' });
  twilio.participant('worker-1');
  await expect.poll(() => chat.lines.at(-1)).toBe('joined worker-1 as Ada https://cdn.example.com/ada.png');
  await says(desk, 'It is about my parcel');
  twilio.read('worker-1', 2);
  twilio.types('worker-1');
  await expect.poll(() => chat.lines.slice(2).sort()).toEqual(['read', 'typing']);
  twilio.message('worker-1', 'Let me look.');
  await expect.poll(() => chat.lines.slice(4)).toEqual(['not typing', 'worker-1: Let me look.']);
  twilio.leave('worker-1');
  twilio.closes();
  await expect.poll(() => chat.lines.slice(6)).toEqual(['ended']);
  await expect.poll(() => flexToken.isOpen).toBe(false);
  await expect.poll(() => twilio.sockets.open).toBe(0);
}

test('row 14: the module loads the client of Twilio when a chat begins, and not before', async () => {
  Object.assign(globalThis, { self: globalThis });
  const { carbonServiceDesk } = (await import(pathToFileURL(built('service-desk.mjs')).href)) as typeof ServiceDesks;
  const chat = recordedChat('Carbon AI Chat');
  const desk = await carbonServiceDesk({ url: flexToken.url, session: () => 'session-1', twilio: twilio.options })(
    chat,
  );
  expect(twilio.sockets.tokens).toEqual([]);
  await chatThrough(desk, chat);
});

test('row 14: the one script has everything in it', async () => {
  const window = createContext({
    fetch,
    URL,
    AbortController,
    TextDecoder,
    TextEncoder,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    console,
    performance,
    atob,
    queueMicrotask,
    crypto,
    FormData,
    Blob,
    WebSocket,
  });
  Object.assign(window, { self: window, window });
  const script = readFileSync(built('service-desk.js'), 'utf8');
  const { watsonServiceDesk } = runInContext(`${script};HandoverServiceDesk`, window) as typeof ServiceDesks;
  const chat = recordedChat('watsonx web chat');
  await chatThrough(
    watsonServiceDesk({ url: flexToken.url, session: () => 'session-1', twilio: twilio.options })(chat),
    chat,
  );
});
