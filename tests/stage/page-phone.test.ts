import { beforeEach, expect, test } from 'vitest';
import { axeFaults } from '../support/axe.ts';
import { chromiumOfFile, type Page } from '../support/chromium.ts';
import { stageOfFile } from './stage-of-file.ts';
import { openStagePage, type StagePage } from './stage-page.ts';

const stage = stageOfFile();
const newPage = chromiumOfFile();

let page: Page;
let complaints: StagePage['complaints'];
let clickOn: StagePage['clickOn'];

beforeEach(async () => {
  ({ page, complaints, clickOn } = await openStagePage(newPage, stage));
  await page.click('#tab-phone');
  return () => page.close();
});

const hears = () => page.locator('#call-lines .line.bot .text').allTextContents();
const all = () => page.locator('#call-lines .line').allTextContents();
const state = () => page.textContent('#call-state');
const called = async () =>
  (await stage.ask<{ from: string; to: string; status: string }[]>('GET', '/_stage/calls')).filter(
    ({ to }) => to === '+15005550012',
  );

/** Presses a key, and says what is pressed and not yet sent right after it. */
const press = (key: string) =>
  page.evaluate<string>(`{
    [...document.querySelectorAll('#keypad button')].find((one) => one.textContent === ${JSON.stringify(key)}).click();
    document.querySelector('#pressed').textContent;
  }`);

/** A call to the helpdesk that listens. */
async function inCall(): Promise<void> {
  await page.click('#call');
  await expect.poll(state).toBe('It listens');
}

test('somebody calls, says something, talks with a person, hangs up and calls again', async () => {
  expect(await state()).toBe('No call');
  await inCall();
  expect((await hears()).join()).toContain('help');
  await page.locator('#call-text').fill('My <b>mail</b> is broken');
  await page.keyboard.press('Enter');
  await expect.poll(all).toContain('YYouMy <b>mail</b> is broken');
  await expect.poll(state).toBe('It listens');
  await clickOn('#call-says', 'Agent');
  await expect.poll(() => page.textContent('#tickets')).toContain('Asked for a person');
  await page.click('[data-verb=accept]');
  expect(await page.textContent('#ticket-about')).toContain('reason: Asked for a person');
  await expect.poll(all).toContainEqual(expect.stringContaining('Hello, this is Ada.'));
  await page.locator('#call-text').fill('My mail is broken.');
  await clickOn('#call-form', 'Say');
  await expect.poll(all).toContain('YYouMy mail is broken.');
  expect((await all()).at(-1)).toBe('YYouMy mail is broken.');
  await clickOn('#phone', 'Hang up');
  await expect.poll(state).toMatch(/^Over after \d:\d\d$/);
  await clickOn('#phone', 'Call again');
  await expect.poll(async () => (await called()).map(({ status }) => status)).toEqual(['completed', 'in-progress']);
  expect(complaints).toEqual([]);
});

test('what can be chosen is on keys, and a code comes to the phone as a text message', async () => {
  const offered = () => page.locator('#call-says button').allTextContents();
  await page.selectOption('#calls-from', 'unproven');
  await inCall();
  expect(await page.locator('#phone-texts li').count()).toBe(0);
  await clickOn('#call-says', 'What is the status of my ticket?');
  await expect.poll(async () => (await hears()).at(-1)).toBe('What is your email address?');
  await page.locator('#call-text').fill('abraham dot lincoln at example dot com');
  await page.keyboard.press('Enter');
  await expect.poll(offered).toEqual(['1 yes', '2 no']);
  await clickOn('#call-says', '1 yes');
  await expect.poll(() => page.locator('#phone-texts li').allTextContents(), { timeout: 8_000 }).toHaveLength(1);
  const code = /\d{6}/.exec((await page.textContent('#phone-texts')) ?? '')?.[0] ?? '';
  await expect.poll(async () => (await hears()).at(-1)).toContain('key in the code');
  for (const key of `${code}#`) await clickOn('#keypad', key);
  await expect.poll(async () => (await hears()).join()).toMatch(/Incident INC\d+: "Problem with email"/);
  expect(complaints).toEqual([]);
});

test('keys go out together, by # at once, and nothing is something to say as well', async () => {
  await inCall();
  const own = () => page.locator('#call-lines .line.mine .text').allTextContents();
  expect(await press('*')).toBe('*');
  await expect.poll(own, { timeout: 5_000 }).toEqual(['(presses *)']);
  expect(await page.textContent('#pressed')).toBe('');
  const before = (await hears()).length;
  await clickOn('#phone', 'Say nothing');
  await expect.poll(async () => (await hears()).length).toBeGreaterThan(before);
  expect(await press('#')).toBe('');
  await expect.poll(own).toEqual(['(presses *)', '(presses #)']);
  expect(complaints).toEqual([]);
});

test('a call is still there when the page is loaded again, and gone after a reset', async () => {
  await inCall();
  await page.reload();
  await page.click('#tab-phone');
  await expect.poll(state).toBe('It listens');
  await page.click('#reset');
  await expect.poll(state).toBe('No call');
});

test.for([
  ['own', '+15005550121', true],
  ['unproven', '+15005550121', false],
  ['withheld', '+266696687', false],
] as const)('the phone is %s', async ([kind, from, isVouchedFor]) => {
  await page.selectOption('#calls-from', kind);
  await page.click('#call');
  await expect.poll(async () => (await called()).map((call) => call.from)).toEqual([from]);
  const asked = (await stage.events()).find(({ url }) => url.includes('/helpdesk-call'));
  expect(asked?.body.includes('StirVerstat=TN-Validation-Passed-A')).toBe(isVouchedFor);
});

test.for(['light', 'dark'] as const)('axe finds nothing to complain about, %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  expect(await axeFaults(page)).toEqual([]);
  await inCall();
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await axeFaults(page)).toEqual([]);
  const isTooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
  expect(await page.evaluate<boolean>(isTooWide)).toBe(false);
});
