import { describe, expect, test } from 'vitest';
import { chromiumOfFile, watch } from '../support/chromium.ts';
import { stageOfFile } from './stage-of-file.ts';

const newPage = chromiumOfFile();

describe.for(['flex', 'genesys', 'servicenow'])('with DESK=%s', (DESK) => {
  const stage = stageOfFile({ DESK });

  test('a bot’s customer is in the agent’s list, is answered and given back there', async () => {
    const page = await newPage({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
    const { complaints } = watch(page);
    const clickOn = (group: string, words: string) =>
      page.locator(`${group} button`, { hasText: words }).last().click();
    const customerSees = () => page.locator('#chat .text').allTextContents();
    await page.goto(stage.url);
    await page.waitForSelector('#customer-says button');
    await clickOn('#customer-says', 'I want to talk to a person');
    await page.click('[data-verb=accept]');
    await clickOn('#agent-says', 'Hello, how can I help?');
    await expect.poll(customerSees).toContain('Hello, how can I help?');
    await clickOn('#customer-says', 'The lamp of my order is broken.');
    await expect
      .poll(() => page.locator('#ticket-lines .line.customer .text').allTextContents())
      .toContain('The lamp of my order is broken.');
    await page.click('[data-verb=end]');
    await expect.poll(() => page.textContent('#who-answers')).toBe('The bot answers');
    expect(await page.textContent('.card .standing')).toBe('ended');
    expect(complaints).toEqual([]);
    await page.close();
  });
});
