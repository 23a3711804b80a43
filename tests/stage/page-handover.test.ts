import { beforeEach, describe, expect, test } from 'vitest';
import { inputs } from '../hostile/corpus.ts';
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
  return () => page.close();
});

const customerSees = () => page.locator('#chat .text').allTextContents();
const agentSees = () => page.locator('#ticket-lines .text').allTextContents();
const nextStep = () => page.locator('#guide [aria-current] b').allTextContents();

/** The customer has asked for a person with a click, and the agent has accepted with another. */
async function handedOver(): Promise<void> {
  await clickOn('#customer-says', 'I want to talk to a person');
  await page.click('[data-verb=accept]');
  await expect.poll(customerSees).toContain('You are now chatting with an Agent.');
}

test('somebody new plays a whole handover with clicks alone', async () => {
  expect(await nextStep()).toEqual(['Ask for a person']);
  await clickOn('#customer-says', 'Where is my order?');
  await expect.poll(customerSees).toContain('Order 4711 left our house this morning.');
  await handedOver();
  expect(await agentSees()).toEqual(expect.arrayContaining(['Where is my order?', 'I want to talk to a person']));
  await expect.poll(() => page.textContent('#who-answers')).toBe('A person answers');
  await clickOn('#agent-says', 'Hello, how can I help?');
  await expect.poll(customerSees).toContain('Hello, how can I help?');
  await clickOn('#customer-says', 'The lamp of my order is broken.');
  await expect.poll(agentSees).toContain('The lamp of my order is broken.');
  await expect.poll(nextStep).toEqual(['End']);
  await page.click('[data-verb=end]');
  await expect.poll(customerSees).toContainEqual(expect.stringContaining('You are now chatting with the bot.'));
  await clickOn('#customer-says', 'Hello');
  await expect.poll(customerSees).toContainEqual(expect.stringContaining('Hello, I am the bot.'));
  expect(await nextStep()).toEqual([]);
  const asked = await page.locator('#events .label').allTextContents();
  for (const words of [
    'Botcopy → pause-check a person is wanted: “I want to talk to a person”',
    '→ Desk a person is wanted',
  ])
    expect(asked).toContain(words);
  for (const words of ['Desk → handover-push “Hello, how can I help?”', '→ Botcopy back to the bot'])
    expect(asked).toContain(words);
  expect(complaints).toEqual([]);
});

test('each side sees the other typing', async () => {
  await handedOver();
  await page.click('#agent-text');
  await page.keyboard.type('One');
  await expect.poll(() => page.textContent('#chat-typing')).toBe('Ada is typing …');
  await page.click('#customer-text');
  await page.keyboard.type('It');
  await expect.poll(() => page.textContent('#ticket-typing')).toMatch(/ is typing …$/);
});

test('the agent’s page is beside the conversation, and the customer is the same after a reload', async () => {
  await handedOver();
  await page.click('#show-view');
  const frame = () => page.frames().find((one) => one.url().includes('/agent-view?'));
  await expect.poll(() => frame()?.textContent('#state')).toBe('With a person');
  await page.reload();
  await expect.poll(customerSees).toContain('I want to talk to a person');
  await page.click('#new-chat');
  await expect.poll(customerSees).toEqual([]);
  expect(complaints).toEqual([]);
});

test('an agent whose words are not taken is told why', async () => {
  await handedOver();
  await stage.ask('POST', '/_stage/faults', { vendor: 'internal', mode: 'throw' });
  await clickOn('#agent-says', 'Hello, how can I help?');
  await expect.poll(() => page.textContent('#ticket-note')).toContain('handover-push answered 500');
});

test('with a table that hangs the page goes on, and the bot answers', async () => {
  await page.selectOption('#vendor', 'dynamodb');
  await page.selectOption('#mode', 'hang');
  await page.click('#fault button');
  await clickOn('#customer-says', 'I want to talk to a person');
  await expect.poll(customerSees).toContain('I will get a person for you.');
  await expect.poll(() => page.locator('#events .chip').allTextContents()).toEqual(['the bot answers']);
  expect(await page.textContent('#who-answers')).toBe('The bot answers');
  await page.click('#reset');
  await expect.poll(() => page.locator('#events li').count()).toBe(0);
  await handedOver();
});

/** What the corpus holds as words of a customer, each once. */
const hostileTexts = inputs
  .filter(({ id }) => id.startsWith('AP-'))
  .flatMap(({ given }) => (given.state?.lines ?? []) as readonly { text: unknown }[])
  .map(({ text }) => text)
  .filter((text): text is string => typeof text === 'string' && text.length < 1_000)
  .filter((text, index, all) => all.indexOf(text) === index);

describe('hostile words', () => {
  const name = '"><img src=x onerror=alert(1)><b>Ada</b>';

  test('are text in both chats, in the list, in the requests and in the agent’s page', async () => {
    expect(hostileTexts.length).toBeGreaterThan(5);
    const own = (await page.evaluate<string>("sessionStorage.getItem('handover stage customer')")) ?? '';
    await page.locator('#agent-name').fill(name);
    await handedOver();
    for (const text of hostileTexts) {
      await stage.ask('POST', '/_stage/botcopy/say', { userId: own, text });
      await stage.ask('POST', '/_stage/desk/say', { agent: name, text });
    }
    // What arrives at the other side has no white space around it.
    const bare = (texts: readonly string[]) => texts.map((text) => text.trim()).slice(-2 * hostileTexts.length);
    const wanted = bare(hostileTexts.flatMap((text) => [text, text]));
    await expect.poll(async () => bare(await customerSees())).toEqual(wanted);
    await expect.poll(async () => bare(await agentSees())).toEqual(wanted);
    await expect.poll(() => page.textContent('.card .standing')).toBe(`with ${name}`);
    await page.locator('#events li', { hasText: 'alert(1)' }).last().click();
    await page.click('#show-view');
    await expect.poll(() => page.frames().length).toBe(2);
    expect(await page.locator('main img, main script, main style, main a[href^="data:"], .text *').count()).toBe(0);
    expect(await page.locator('main svg, .pane b b').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('for everybody', () => {
  test.for(['light', 'dark'] as const)('axe finds nothing to complain about, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    expect(await axeFaults(page)).toEqual([]);
    await handedOver();
    await stage.ask('POST', '/_stage/call-in', { says: ['Hello'] });
    await page.waitForSelector('.call');
    await page.locator('#events li').last().click();
    expect(await axeFaults(page)).toEqual([]);
  });

  test('a phone shows one column at a time and scrolls only down', async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    await clickOn('#customer-says', 'I want to talk to a person');
    await expect.poll(() => page.textContent('#waiting-count')).toBe('1');
    await page.click('[data-show=agent]');
    await page.click('[data-verb=accept]');
    await page.click('[data-show=between]');
    expect(await page.locator('#chat, #ticket').count()).toBe(2);
    const isTooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await page.evaluate<boolean>(isTooWide)).toBe(false);
  });
});
