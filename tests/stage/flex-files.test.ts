import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { chromiumOfFile } from '../support/chromium.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();
const newPage = chromiumOfFile();

interface Shown {
  readonly conversations: readonly {
    readonly messages: readonly { readonly author: string; readonly media: readonly object[] }[];
  }[];
}

/** A pass of a visitor for a new chat. */
async function pass() {
  const { token: session } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'user-1' });
  const headers = { origin: stage.url, authorization: `Bearer ${session}`, 'content-type': 'application/json' };
  const answer = await stage.send('/flex-token', { method: 'POST', headers, body: '{}' });
  return (await answer.json()) as { token: string; identity: string; conversationSid: string };
}

test('a visitor sends a file with the real client in a browser, and it can be fetched from where it is said to be', async () => {
  const { outputFiles } = await build({
    ...{ bundle: true, write: false, format: 'iife', globalName: 'chat', platform: 'browser', logLevel: 'error' },
    entryPoints: ['web/service-desk/twilio-conversation.ts'],
  });
  const page = await newPage();
  await page.goto(`${stage.url}/_stage/clock`);
  await page.evaluate(`${outputFiles[0]?.text};globalThis.chat = chat`);
  const url = await page.evaluate<string>(`(async () => {
    const options = { Twilsock: { uri: 'ws://' + location.host + '/_stage/twilio/v3/wsconnect' } };
    const pass = ${JSON.stringify({ ...(await pass()), endsAtMs: 0 })};
    const conversation = await chat.joinTwilioConversation(pass, () => {}, options);
    const index = await conversation.sendFile(new File(['bill'], 'bill.txt', { type: 'text/plain' }));
    const [said] = await conversation.since(index);
    const address = await said.files[0].url();
    await conversation.disconnect(false);
    return address;
  })()`);
  const { conversations } = await stage.ask<Shown & Record<string, unknown>>('GET', '/_stage/flex');
  const media = { filename: 'bill.txt', contentType: 'text/plain', size: 4 };
  expect(conversations[0]?.messages.map((message) => message.media)).toEqual([[expect.objectContaining(media)]]);
  const fetched = await fetch(url);
  expect([fetched.headers.get('content-disposition'), await fetched.text()]).toEqual(['attachment', 'bill']);
});

const MEDIA = '/_stage/twilio/media/Media?Category=media&Filename=x.txt';

test('a file is taken only with a token, and none that is too large', async () => {
  const { token } = await pass();
  const send = (headers: Record<string, string>, body: Uint8Array<ArrayBuffer> | string = 'x') =>
    stage.send(MEDIA, { method: 'POST', headers, body }).then(({ status }) => status);
  expect(await send({})).toBe(401);
  expect(await send({ 'x-twilio-token': `${token}x` })).toBe(401);
  expect(await send({ 'x-twilio-token': token })).toBe(201);
  expect(await send({ 'x-twilio-token': token }, new Uint8Array(10_000_001))).toBe(413);
});

test('the page of a site that may chat is let in by its browser, another is not', async () => {
  const preflight = (origin: string) =>
    stage.send(MEDIA, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-twilio-token' },
    });
  const { status, headers } = await preflight('https://shop.example.com');
  expect([status, headers.get('access-control-allow-origin')]).toEqual([204, 'https://shop.example.com']);
  expect((await preflight('https://evil.example.net')).status).toBe(404);
});
