import { beforeEach, expect, test } from 'vitest';
import { chromiumOfFile, type Page, watch } from '../support/chromium.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

const newPage = chromiumOfFile();
let page: Page;
/** What the page complained about, and where it went. */
let complaints: string[];
let asked: string[];

beforeEach(async () => {
  page = await newPage();
  ({ complaints, asked } = watch(page));
  await page.goto(stage.url);
  return () => page.close();
});

const state = () => page.textContent('#scene-state');

test.for([
  ['phone', 'all 8 steps seen', 'One moment, I will connect you with a person.'],
  ['assistant-down', 'all 5 steps seen', 'handoverReason in the agent’s task: assistant_transfer'],
  ['click-to-call', 'all 6 steps seen', 'Thank you, so I need not say it again.'],
  ['nobody-there', 'all 6 steps seen', 'voicemail: Wants to talk about a parcel'],
  ['call-back', 'all 5 steps seen', 'Hello Grace, sorry that you had to wait.'],
  ['helpdesk', 'all 8 steps seen', 'What is the problem description for the issue?'],
  ['helpdesk-status', 'all 6 steps seen', 'That is not the code.'],
  ['botcopy', 'all 10 steps seen', 'Ada has left the conversation. You are now chatting with the bot.'],
] as const)('the button plays %s and shows step by step what everybody sees', async ([scene, end, line]) => {
  await page.click(`[data-scene=${scene}]`);
  await expect.poll(state, { timeout: 20_000 }).toBe(end);
  expect((await page.locator('.shown span').allTextContents()).filter((text) => text === line)).toHaveLength(1);
  expect(await page.locator('#steps .failed').count()).toBe(0);
  expect(await page.locator('#events li').count()).toBeGreaterThan(1);
  expect(complaints).toEqual([]);
});

test('every call is shown with who hears what, and for how long anybody was in silence', async () => {
  await stage.ask('POST', '/_stage/call-in', { says: ['I want a <b>person</b>'] });
  const words = () => page.locator('.call .leg-words').allTextContents();
  await expect.poll(words, { timeout: 10_000 }).toContain('I want a <b>person</b>');
  await expect.poll(words).toContainEqual(expect.stringMatching(/in line/));
  expect(await page.locator('.call .leg-name').allTextContents()).toEqual([
    'caller+15005550001',
    'assistantsip:+15005550010@sip.example.com',
  ]);
  await page.click('#reset');
  await expect.poll(() => page.locator('.call').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('a step that is not seen is said, with what is missing', async () => {
  await page.selectOption('#vendor', 'desk');
  await page.selectOption('#mode', '503');
  await page.click('#fault button');
  await expect.poll(() => page.textContent('#said')).toBe('the desk answers: 503.');
  await page.click('[data-scene=botcopy]');
  await expect.poll(state, { timeout: 20_000 }).toBe('a step was not seen');
  expect(await page.textContent('.missing')).toContain('the person answers, not the bot');
});

test('every function is listed with what it is for', async () => {
  const { length } = await stage.ask<readonly unknown[]>('GET', '/_stage/functions');
  await expect.poll(() => page.locator('#functions tr').count()).toBe(length);
  expect(await page.textContent('#function-count')).toBe(String(length));
  const rows = await page.locator('#functions tr').allTextContents();
  expect(rows.find((row) => row.startsWith('/pause-check'))).toContain('Tells a bot');
});

test('what was said is shown when a request is opened, with what came of it', async () => {
  await stage.ask('POST', '/_stage/botcopy/say', { text: 'I want a person' });
  const asks = page.locator('#events li', { hasText: 'Botcopy → pause-check' }).last();
  await expect.poll(() => page.locator('#events .chip').allTextContents()).toContain('paused for 10 min');
  await asks.click();
  const told = async () => (await page.locator('#events pre').allTextContents()).join('\n');
  await expect.poll(told).toContain('"queryText": "I want a person"');
  expect(await told()).toContain('"minutesPaused": 10');
});

test('a request that was open when the page asked what has been shows its answer, whichever is heard first', async () => {
  const other = await newPage();
  const chips = () => other.locator('#events .chip').allTextContents();
  let isAsked = false;
  // The list of what was before comes when the request that is open in it has long been answered.
  await other.route('**/_stage/events', async (route) => {
    isAsked = true;
    await expect.poll(chips).toContain('paused for 10 min');
    const open = (await stage.events()).map(({ answer: _, isOver: __, ...event }) => ({ ...event, status: 0 }));
    await route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(open) });
    await other.evaluate('document.body.dataset.listed = "yes"');
  });
  await other.goto(stage.url);
  await expect.poll(() => isAsked).toBe(true);
  await stage.ask('POST', '/_stage/botcopy/say', { text: 'I want a person' });
  await other.waitForSelector('body[data-listed]');
  expect(await chips()).toContain('paused for 10 min');
  expect(await chips()).not.toContain('…');
  await other.close();
});

test('a fault is marked where it struck, and taken back with a click', async () => {
  await page.selectOption('#vendor', 'desk');
  await page.selectOption('#mode', '503');
  await page.click('#fault button');
  await page.waitForSelector('#planned button');
  await stage.ask('POST', '/_stage/botcopy/say', { text: 'I want a person' });
  await expect.poll(() => page.locator('#events .faulty .chip.fault').count()).toBeGreaterThan(0);
  await page.click('#planned button');
  await expect.poll(() => page.locator('#planned button').count()).toBe(0);
  expect(await stage.ask('GET', '/_stage/faults')).toMatchObject({ planned: {} });
});

test('the clock moves, and a reset brings everything back', async () => {
  const before = (await stage.ask<{ nowMs: number }>('GET', '/_stage/clock')).nowMs;
  await page.click('[data-advance="600000"]');
  await expect
    .poll(async () => (await stage.ask<{ nowMs: number }>('GET', '/_stage/clock')).nowMs - before)
    .toBeGreaterThanOrEqual(600_000);
  await page.click('#reset');
  await expect.poll(() => page.textContent('#said')).toContain('as at the start');
  expect((await stage.ask<{ nowMs: number }>('GET', '/_stage/clock')).nowMs - before).toBeLessThan(60_000);
});

test('the page asks nobody but the stage, and its policy allows nobody else', async () => {
  await expect.poll(() => page.locator('#functions tr').count()).toBeGreaterThan(0);
  expect(new Set(asked.filter((origin) => origin !== 'null'))).toEqual(new Set([stage.url]));
  const policy = (await stage.send('/')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
});
