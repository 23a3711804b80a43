import { join } from 'node:path';
import type { Stage } from '../../stage/stage.ts';
import type { Browser, Page } from '../chromium.ts';

const SETTLES_MS = 900;

const settled = () => new Promise((resolve) => setTimeout(resolve, SETTLES_MS));

async function clickOn(page: Page, group: string, words: string): Promise<void> {
  await page.locator(`${group} button`, { hasText: words }).last().click();
  await settled();
}

/** The page of the stage, with a customer who has this name in every picture. */
async function openPage(browser: Browser, stage: Stage, nowMs: number): Promise<Page> {
  const viewport = { width: 1_440, height: 900 };
  const page = await browser.newPage({ locale: 'en-GB', timezoneId: 'UTC', viewport });
  await page.clock.setSystemTime(nowMs);
  await page.goto(stage.url);
  await page.evaluate("sessionStorage.setItem('handover stage customer', 'ada@example.com')");
  await page.evaluate("sessionStorage.setItem('handover stage visitor', 'visitor-ada')");
  await page.reload();
  await page.waitForSelector('#customer-says button');
  return page;
}

/** A customer of a bot who talks to an agent, with the agent's page beside. */
async function takeBotChat(browser: Browser, stage: Stage, folder: string, nowMs: number): Promise<void> {
  const page = await openPage(browser, stage, nowMs);
  const take = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  await clickOn(page, '#customer-says', 'Where is my order?');
  await clickOn(page, '#customer-says', 'I want to talk to a person');
  await clickOn(page, '#agent-does', 'Accept');
  await clickOn(page, '#agent-says', 'Hello, how can I help?');
  await clickOn(page, '#customer-says', 'The lamp of my order is broken.');
  await page.click('#agent-text');
  await page.keyboard.type('I am sending you');
  await settled();
  await take('stage');
  await page.click('#show-view');
  await page.setViewportSize({ width: 1_760, height: 960 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await settled();
  await take('stage-dark');
  await page.click('#show-view');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 800 });
  await settled();
  await take('stage-narrow');
  await page.close();
}

/** A customer in the real web chat who talks to an agent of Flex. */
async function takeWebChat(browser: Browser, stage: Stage, folder: string, nowMs: number): Promise<void> {
  const page = await openPage(browser, stage, nowMs);
  await page.click('#tab-webchat');
  await page.waitForSelector('#webchat iframe');
  const chat = page.frames().find((frame) => frame.url().includes('/_stage/web-chat/'));
  if (!chat) throw new Error('the web chat is not in the page');
  await chat.getByText('I want to talk to a person').last().click();
  await chat.locator('cds-button', { hasText: 'Connect to agent' }).last().click();
  await page.waitForSelector('[data-verb=accept]');
  await clickOn(page, '#agent-does', 'Accept');
  await clickOn(page, '#agent-says', 'Hello, how can I help?');
  await chat.click('[contenteditable=true]');
  await page.keyboard.type('The lamp of my order is broken.');
  await page.keyboard.press('Enter');
  await settled();
  await clickOn(page, '#agent-says', 'I am sending you a new one today.');
  await page.screenshot({ path: join(folder, 'stage-web-chat.png') });
  await page.close();
}

/** A caller of the helpdesk, and the agent whom they asked for, with the incident as the bot has begun it. */
async function takeHelpdesk(browser: Browser, stage: Stage, folder: string, nowMs: number): Promise<void> {
  const page = await openPage(browser, stage, nowMs);
  await page.click('#tab-phone');
  await clickOn(page, '#phone', 'Call helpdesk');
  await clickOn(page, '#call-says', 'I cannot log in to my email');
  const says = async (text: string) => {
    await page.click('#call-text');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
    await settled();
  };
  await says('abraham dot lincoln at example dot com');
  await clickOn(page, '#call-says', 'yes');
  await settled();
  await clickOn(page, '#call-says', 'high');
  await clickOn(page, '#call-says', 'Agent');
  await clickOn(page, '#agent-does', 'Accept');
  await page.click('#show-view');
  await settled();
  await page.screenshot({ path: join(folder, 'helpdesk.png'), clip: { x: 0, y: 130, width: 1_440, height: 680 } });
  await page.close();
}

/** Takes the pictures of the stage's own page while somebody plays a handover there. */
export async function takeStagePage(browser: Browser, stage: Stage, folder: string, nowMs: number): Promise<void> {
  const fresh = async () => {
    await fetch(`${stage.url}/_stage/reset`, { method: 'POST' });
    await fetch(`${stage.url}/_stage/clock`, { method: 'POST', body: JSON.stringify({ nowMs }) });
    await fetch(`${stage.url}/_stage/events`, { method: 'DELETE' });
  };
  await fresh();
  await takeBotChat(browser, stage, folder, nowMs);
  await fresh();
  await takeWebChat(browser, stage, folder, nowMs);
  await fresh();
  await takeHelpdesk(browser, stage, folder, nowMs);
}
