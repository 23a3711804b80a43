import { beforeEach, describe, expect, test } from 'vitest';
import { axeFaults } from '../support/axe.ts';
import { chromiumOfFile, type Frame, type Page, watch } from '../support/chromium.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();
const newPage = chromiumOfFile();

let page: Page;
let complaints: string[];
let asked: string[];

beforeEach(async () => {
  page = await newPage({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
  ({ complaints, asked } = watch(page));
  return () => page.close();
});

const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script> <b>bold</b>';

const clickOn = (group: string, words: string) => page.locator(`${group} button`, { hasText: words }).last().click();
const agentSees = () => page.locator('#ticket-lines .text').allTextContents();
const standing = () => page.textContent('.card .standing');
const isShown = (where: Page | Frame, text: string | RegExp) =>
  expect.poll(() => where.getByText(text).count(), { timeout: 20_000 }).toBeGreaterThan(0);

/** The complaints that are not of the chat about itself, or of a picture that nobody fetches. */
const real = () => complaints.filter((text) => !/feature-flags|img-src/.test(text));

/** The frame of the chat that a tab of the page holds. */
async function chatInPage(): Promise<Frame> {
  await page.goto(stage.url);
  await page.click('#tab-webchat');
  const frame = () => page.frames().find((one) => one.url().includes('/_stage/web-chat/'));
  await expect.poll(frame).toBeDefined();
  const found = frame();
  if (!found) throw new Error('no frame');
  return found;
}

test('in the real chat a customer gets to a person in Flex, to another, and back, with clicks alone', async () => {
  const chat = await chatInPage();
  await isShown(chat, 'I want to talk to a person');
  await chat.getByText('I want to talk to a person').last().click();
  await isShown(chat, 'I will get a person for you.');
  await chat.locator('cds-button', { hasText: 'Connect to agent' }).last().click();
  await expect.poll(standing, { timeout: 20_000 }).toBe('waits');
  await page.click('[data-verb=accept]');
  await isShown(chat, 'Ada connected.');
  await clickOn('#agent-says', 'Hello, how can I help?');
  await isShown(chat, 'Hello, how can I help?');
  await chat.click('[contenteditable=true]');
  await page.keyboard.type('My lamp is broken');
  await page.keyboard.press('Enter');
  await expect.poll(agentSees).toContain('My lamp is broken');
  await stage.ask('POST', '/_stage/flex/say', { text: HOSTILE });
  await isShown(chat, HOSTILE);
  await page.click('[data-verb=transfer]');
  await isShown(chat, 'Grace connected.');
  await expect.poll(standing).toBe('with Grace');
  await page.click('[data-verb=end]');
  await isShown(chat, 'Grace ended the chat.');
  await expect.poll(standing).toBe('ended');
  expect(await page.locator('main img').count()).toBe(0);
  expect(await chat.locator('img[src="x"]').count()).toBe(0);
  expect(real()).toEqual([]);
  expect(new Set(asked.filter((origin) => !/^null$|example\.com/.test(origin)))).toEqual(new Set([stage.url]));
});

describe('the small window', () => {
  const sees = () => page.locator('#chat .text').allTextContents();

  test('gets a customer to a person and back, too, and is theirs again after a reload', async () => {
    await page.goto(`${stage.url}/_stage/web-chat/plain/`);
    await clickOn('#says', 'I want to talk to a person');
    await expect.poll(() => page.textContent('#who'), { timeout: 20_000 }).toBe('Waiting for a person …');
    const tasks = async () => (await stage.ask<{ tasks: unknown[] }>('GET', '/_stage/flex')).tasks.length;
    await expect.poll(tasks).toBe(1);
    await stage.ask('POST', '/_stage/flex/accept', { name: '<b>Ada</b>' });
    await expect.poll(sees).toContainEqual(expect.stringMatching(/Ada.* is there\.$/));
    await stage.ask('POST', '/_stage/flex/say', { text: HOSTILE });
    await expect.poll(sees).toContain(HOSTILE);
    await stage.ask('POST', '/_stage/flex/typing');
    await expect.poll(() => page.textContent('#typing')).toBe('Typing …');
    await page.reload();
    await expect.poll(() => page.textContent('#who'), { timeout: 20_000 }).toBe('A person answers');
    await clickOn('#says', 'Thank you!');
    const said = async () => JSON.stringify(await stage.ask('GET', '/_stage/flex'));
    await expect.poll(said).toContain('Thank you!');
    await stage.ask('POST', '/_stage/flex/end');
    await expect.poll(() => page.textContent('#who')).toBe('The assistant answers');
    expect(await page.locator('img, main script, .text *').count()).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('says when nobody can be reached, and the assistant goes on', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: '503' });
    await page.goto(`${stage.url}/_stage/web-chat/plain/`);
    await clickOn('#says', 'I want to talk to a person');
    await expect.poll(sees, { timeout: 25_000 }).toContainEqual(expect.stringContaining('could not connect you'));
    await clickOn('#says', 'Where is my order?');
    await expect.poll(sees).toContain('Order 4711 left our house this morning.');
  });
});

describe('with DESK=flex', () => {
  const flexStage = stageOfFile({ DESK: 'flex' });

  test('who asks Watson for a person joins the handover that it has opened, with all that was said', async () => {
    await page.goto(`${flexStage.url}/_stage/web-chat/plain/`);
    await clickOn('#says', 'Where is my order?');
    await clickOn('#says', 'I want to talk to a person');
    await expect.poll(() => flexStage.lines.join('\n'), { timeout: 20_000 }).toContain('"joins":true');
    const { tasks } = await flexStage.ask<{ tasks: { attributes: { handoverId: string } }[] }>('GET', '/_stage/flex');
    expect(tasks).toHaveLength(1);
    await expect.poll(() => page.textContent('#who'), { timeout: 20_000 }).toBe('Waiting for a person …');
    await flexStage.ask('POST', '/_stage/flex/accept', { name: 'Ada' });
    await flexStage.ask('POST', '/_stage/flex/say', { text: 'Hello, this is Ada.' });
    await expect.poll(() => page.locator('#chat .text').allTextContents()).toContain('Hello, this is Ada.');
    const { handoverId } = tasks[0]?.attributes ?? {};
    const { url } = await flexStage.ask<{ url: string }>('POST', '/_stage/agent-link', { handoverId });
    await page.goto(url);
    await expect
      .poll(() => page.locator('#lines .text').allTextContents())
      .toEqual(expect.arrayContaining(['Where is my order?', 'Hello, this is Ada.']));
  });
});

test('what is no file of the chat is not found', async () => {
  for (const path of ['plain/nothing.js', '../page.ts', 'real/../files.ts', 'plain/%2e%2e/files.ts'])
    expect([path, (await stage.send(`/_stage/web-chat/${path}`)).status]).toEqual([path, 404]);
});
