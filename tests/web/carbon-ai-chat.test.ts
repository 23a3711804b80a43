import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chatSite } from '../../scripts/build/chat-site.ts';
import type { PlayedConversation } from '../../web/carbon-ai-chat/played-conversation.ts';
import { stageOfFile } from '../stage/stage-of-file.ts';
import { chromiumOfFile, type Page, watch } from '../support/chromium.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { root, typeFaults } from './type-faults.ts';

const site = await chatSite(temporaryFolder());
beforeAll(site.build, 120_000);
afterAll(site.close);
const stage = stageOfFile({ ALLOWED_ORIGINS: site.origin });
const newPage = chromiumOfFile();

/** What is in the page for the test. */
interface InPage {
  readonly people: PlayedConversation;
  open(): void;
}

let page: Page;
/** What the page complained about, and whom it asked. */
let complaints: string[];
let asked: string[];

beforeEach(async () => {
  page = await newPage();
  ({ complaints, asked } = watch(page));
  const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'visitor-1' });
  const given = new URLSearchParams({ url: `${stage.url}/flex-token`, session: token });
  await page.goto(`${site.origin}/#${given}`);
  await ready();
  return () => page.close();
});

/** The scripts of the page have run. */
const ready = () => page.waitForFunction(() => 'people' in globalThis);

/** Does something with the people in the conversation. */
const play = <T>(deed: (people: PlayedConversation) => T) =>
  page.evaluate((source: string) => {
    const { people } = globalThis as unknown as InPage;
    return new Function('people', `return (${source})(people)`)(people) as T;
  }, String(deed));
const open = () => page.evaluate(() => (globalThis as unknown as InPage).open(), undefined);

const isShown = (text: string | RegExp) =>
  expect.poll(() => page.getByText(text).count(), { timeout: 10_000 }).toBeGreaterThan(0);

async function say(text: string): Promise<void> {
  await page.click('[contenteditable=true]');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** The card in which the chat offers a person, not what it reads out of it. */
const connect = () => page.locator('cds-button', { hasText: 'Connect to agent' }).last().click();

/** The customer has asked for a person, and Ada has come. */
async function answered(): Promise<void> {
  await say('I want a person');
  await connect();
  await open();
  await expect.poll(() => play((people) => people.sent.length)).toBe(1);
  await play((people) => people.joins('worker-1', { name: 'Ada Byron' }));
  await isShown('Ada Byron connected.');
}

/** How often a chat was begun in Flex. */
const chatsInFlex = async () =>
  (await stage.events()).filter(({ method, url }) => method === 'POST' && url.endsWith('/v2/WebChats')).length;

test('row 14: in the real chat, from the assistant to a person, to another and back', async () => {
  await answered();
  expect(await play((people) => people.sent)).toEqual(['Wants a person']);
  await play((people) => people.says('worker-1', 'Hello, how **can** I help?'));
  await isShown('Hello, how can I help?');
  await say('My parcel is lost');
  await expect.poll(() => play((people) => people.sent)).toEqual(['Wants a person', 'My parcel is lost']);
  expect(await play((people) => people.deeds)).toContain('typing');
  await play((people) => {
    people.leaves('worker-1');
    people.joins('worker-2', { name: 'Bo Derek' });
    people.says('worker-2', 'I take over.');
  });
  for (const text of ["You're being transferred.", 'Bo Derek connected.', 'I take over.']) await isShown(text);
  expect(await chatsInFlex()).toBe(1);
  await play((people) => people.closes());
  await isShown('Bo Derek ended the chat.');
  // The chat adds this a moment later, and a card before it can be pressed no more.
  await isShown('Can I help you with anything else?');
  // Back to the assistant, and to another chat in Flex when they ask again.
  await say('And now?');
  await isShown('Say that you want a person.');
  await say('I want a person again');
  await connect();
  await expect.poll(chatsInFlex).toBe(2);
  expect(complaints.filter((text) => !text.includes('@carbon/feature-flags'))).toEqual([]);
});

test('row 14: a start that fails is told in the real chat, and the assistant goes on', async () => {
  await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: ['503', '503', '503', '503', '503', '503'] });
  await say('I want a person');
  await connect();
  await isShown('We could not connect you with a person. Please try again in a moment.');
  await say('And now?');
  await isShown('Say that you want a person.');
});

test('row 14: the customer ends the chat in the real chat', async () => {
  await answered();
  await page.locator('cds-button', { hasText: 'Disconnect' }).last().click();
  await page.click('[role=dialog] .cds-aichat--confirm-modal__yes-button');
  await isShown('You disconnected from the live agent.');
  await expect.poll(() => play((people) => people.deeds)).toContain('leave');
});

test('row 14: after a reload the customer is with the same agent, and sees what was missed', async () => {
  await answered();
  await play((people) => people.says('worker-1', 'Before'));
  await isShown('Before');
  await page.reload();
  await ready();
  // The same conversation as before, and what was said meanwhile.
  await play((people) => {
    people.joins('worker-1', { name: 'Ada Byron' });
    for (const text of ['Wants a person', 'Before', 'Meanwhile']) people.says('worker-1', text);
  });
  await open();
  await isShown('Meanwhile');
  expect(await page.getByText('Ada Byron connected.').count()).toBeLessThanOrEqual(1);
  await say('Still here');
  await expect.poll(() => play((people) => people.sent)).toEqual(['Still here']);
  expect(await chatsInFlex()).toBe(1);
});

test('row 16: hostile words stay words, in the real chat', async () => {
  await say('I want a person');
  await connect();
  await open();
  await expect.poll(() => play((people) => people.sent.length)).toBe(1);
  await play((people) => {
    people.joins('worker-1', { name: '<img src=x onerror=alert(1)>', avatarUrl: 'http://127.0.0.1:9/a.png' });
    people.says('worker-1', '<img src=y onerror=alert(2)><script>alert(3)</script> <b>bold</b> &lt;i&gt;');
    people.says('worker-1', '![p](https://evil.example.com/p.png) [x](javascript:alert(4))');
    people.says('worker-1', '', [{ name: '"><img src=z>.pdf', url: 'https://media.example.com/a.pdf' }]);
  });
  await isShown('<img src=y onerror=alert(2)><script>alert(3)</script> <b>bold</b> &lt;i&gt;');
  await isShown('![p](https://evil.example.com/p.png)');
  await isShown('"><img src=z>.pdf');
  for (const source of ['x', 'y', 'z', 'http://127.0.0.1:9/a.png', 'https://evil.example.com/p.png']) {
    expect([source, await page.locator(`img[src="${source}"]`).count()]).toEqual([source, 0]);
  }
  expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
  expect(await page.locator('a[href="https://media.example.com/a.pdf"]').count()).toBe(1);
  expect(new Set(asked.filter((origin) => origin !== 'null'))).toEqual(new Set([site.origin, stage.url]));
});

test('row 16: a file that may be sent goes, one that may not is told, in the real chat', async () => {
  await answered();
  const input = page.locator('input[type=file]');
  await input.setInputFiles({ name: 'virus.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') });
  await isShown('Files of this type cannot be sent.');
  expect(await play((people) => people.sent)).toEqual(['Wants a person']);
});

test('the service desk fits the types of the chat', () => {
  expect(typeFaults(`${root}/web/carbon-ai-chat/page.ts`, 'es2023,dom,dom.iterable')).toBe('');
});
