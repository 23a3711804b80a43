import { describe, expect, test } from 'vitest';
import { chromiumOfFile } from '../support/chromium.ts';
import { stageOfFile } from './stage-of-file.ts';
import { openStagePage } from './stage-page.ts';

const newPage = chromiumOfFile();

describe.for(['flex', 'genesys', 'servicenow'])('with DESK=%s', (DESK) => {
  const stage = stageOfFile({ DESK });

  test('a bot’s customer is in the agent’s list, is answered and given back there', async () => {
    const { page, complaints, clickOn } = await openStagePage(newPage, stage);
    const customerSees = () => page.locator('#chat .text').allTextContents();
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
