import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStage } from '../../stage/stage.ts';
import type { PlayedConversation } from '../../web/carbon-ai-chat/played-conversation.ts';
import { chatSite } from '../build/chat-site.ts';
import type { Browser, Page } from '../chromium.ts';

interface InPage {
  readonly people: PlayedConversation;
  open(): void;
}

/** What the agent does in the picture, one after the other. */
const deeds: readonly ((people: PlayedConversation) => void)[] = [
  (people) => people.joins('worker-1', { name: 'Grace' }),
  (people) => people.says('worker-1', 'Hello Ada, this is Grace. I have read what you told the assistant.'),
  (people) => people.says('worker-1', 'I am sending you a new lamp **today**.'),
  (people) => people.types('worker-1', true),
];

async function write(page: Page, text: string): Promise<void> {
  await page.click('[contenteditable=true]');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** Takes the picture of a customer who talks to a person, in the real Carbon AI Chat, which shows nothing when its clock stands. */
export async function takeWebChat(browser: Browser, path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-pictures-'));
  const site = await chatSite(folder);
  await site.build();
  const stage = await openStage({ given: { ALLOWED_ORIGINS: site.origin }, port: 0, write: () => {} });
  try {
    const session = await fetch(`${stage.url}/_stage/session`, { method: 'POST', body: '{"sub":"visitor-1"}' });
    const { token } = (await session.json()) as { token: string };
    const page = await browser.newPage({ locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 460, height: 720 } });
    await page.goto(`${site.origin}/#${new URLSearchParams({ url: `${stage.url}/flex-token`, session: token })}`);
    await page.waitForFunction(() => 'people' in globalThis);
    await write(page, 'My lamp is broken, I want a person');
    await page.getByText('Connect to agent').click();
    await page.evaluate(() => (globalThis as unknown as InPage).open(), undefined);
    await page.waitForFunction(() => (globalThis as unknown as InPage).people.sent.length > 0);
    for (const deed of deeds) await page.evaluate(`(${deed})(people)`);
    await page.getByText('I am sending you a new lamp').last().click();
    await page.screenshot({ path });
    await page.close();
  } finally {
    await stage.close();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
