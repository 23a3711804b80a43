import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildWeb } from '../../scripts/build/web.ts';
import { chromiumOfFile } from '../support/chromium.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { root } from './type-faults.ts';

const SITE = 'https://shop.example.com';
const newPage = chromiumOfFile();
const folder = temporaryFolder();
beforeAll(() => buildWeb(folder));

/** Stands for the watsonx web chat, which only its maker serves: makes the service desk as it does, and asks it. */
const webChat = `(async () => {
  const { serviceDeskFactory, integrationID } = window.watsonAssistantChatOptions;
  const desk = serviceDeskFactory({ callback: {} });
  const answer = { output: { generic: [{ response_type: 'connect_to_agent', topic: 'billing' }] } };
  document.title = JSON.stringify([integrationID, desk.getName(), await desk.areAnyAgentsOnline(answer)]);
})()`;

test('row 14: the example page gives the web chat a service desk that asks flex-token', async () => {
  const page = await newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.route(/.*/, async (route) => {
    const url = new URL(route.request().url());
    if (url.href === `${SITE}/`) {
      const body = readFileSync(join(root, 'web/service-desk/example.html'), 'utf8');
      await route.fulfill({ contentType: 'text/html', body });
    } else if (url.pathname === '/service-desk.js') {
      await route.fulfill({ contentType: 'text/javascript', path: join(folder, 'web/service-desk.js') });
    } else if (url.pathname === '/my-session') await route.fulfill({ contentType: 'text/plain', body: 'session-1' });
    else if (url.pathname.endsWith('/WatsonAssistantChatEntry.js')) {
      await route.fulfill({ contentType: 'text/javascript', body: webChat });
    } else {
      asked.push(`${url.href} ${route.request().headers().authorization ?? 'no session'}`);
      const headers = {
        'access-control-allow-origin': SITE,
        'access-control-allow-headers': 'authorization, content-type',
      };
      await route.fulfill({ headers, contentType: 'application/json', body: '{"online":true}' });
    }
  });
  await page.goto(`${SITE}/`);
  await expect
    .poll(() => page.evaluate('document.title'))
    .toBe(JSON.stringify(['your-integration-id', 'handover to twilio flex', true]));
  expect(asked).toContain('https://handover.example.com/flex-token Bearer session-1');
  expect(complaints).toEqual([]);
  await page.close();
});
