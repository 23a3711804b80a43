import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { agentLink } from '../../shared/core/callers/agent-link.ts';
import { stageOfFile } from '../stage/stage-of-file.ts';
import { testSettings } from '../support/calls.ts';
import { chromiumOfFile, type Page } from '../support/chromium.ts';

const stage = stageOfFile();
const ORIGIN = 'https://handover.example.com';
const DESKTOP = 'https://flex.twilio.com/agent-desktop';
const plugin = readFileSync(new URL('../../flex/handover-plugin.js', import.meta.url), 'utf8');

/**
 * The little of Flex UI 2 that a plug-in meets: the class that it extends, the components whose default properties it
 * changes, the configuration that the manager holds; and the panel, which asks the callback for the address of its frame
 * whenever another task is selected. Documented: twilio.com/docs/flex/developer, plugins and UI configuration, read
 * 2026-11-27.
 */
const desktop = (uiAttributes: unknown, crm: string) => `<!doctype html>
<title>Agent desktop</title>
<script type="importmap">{"imports":{"@twilio/flex-plugin":"/flex-plugin.js"}}</script>
<div id="panel"></div>
<script type="module">
  import HandoverPlugin from '/handover-plugin.js';
  const flex = {
    CRMContainer: { defaultProps: { uriCallback: ${crm} } },
    AgentDesktopView: { defaultProps: { showPanel2: false } },
  };
  const plugin = new HandoverPlugin();
  plugin.init(flex, { serviceConfiguration: { ui_attributes: ${JSON.stringify(uiAttributes)} } });
  window.flexNow = () => ({ name: plugin.name, shown: flex.AgentDesktopView.defaultProps.showPanel2 });
  window.select = (task) => {
    const address = flex.CRMContainer.defaultProps.uriCallback(task);
    const panel = document.getElementById('panel');
    panel.replaceChildren();
    if (address) panel.appendChild(Object.assign(document.createElement('iframe'), { src: address }));
    return address;
  };
</script>`;

const flexPlugin = 'export class FlexPlugin { constructor(name) { this.name = name; } }';
const script = (body: string) => ({ contentType: 'text/javascript', body });

const newPage = chromiumOfFile();
let page: Page;

beforeEach(async () => {
  page = await newPage();
  await page.route('https://flex.twilio.com/flex-plugin.js', (route) => route.fulfill(script(flexPlugin)));
  await page.route('https://flex.twilio.com/handover-plugin.js', (route) => route.fulfill(script(plugin)));
  // The functions as they are reached from outside.
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const answer = await stage.send(pathname + search, { headers: route.request().headers() });
    const headers = Object.fromEntries(answer.headers);
    await route.fulfill({ status: answer.status, headers, body: await answer.text() });
  });
  return () => page.close();
});

async function openDesktop(uiAttributes: unknown = { handover_origins: [ORIGIN] }, crm = "() => ''"): Promise<void> {
  const body = desktop(uiAttributes, crm);
  await page.route(DESKTOP, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(DESKTOP);
  await expect.poll(() => page.evaluate<boolean>("typeof window.select === 'function'")).toBe(true);
}

const select = (task: unknown) => page.evaluate<string>(`window.select(${JSON.stringify(task)})`);
const withUrl = (handoverUrl: unknown) => ({ attributes: { type: 'inbound', handoverUrl } });

async function addressOf(handoverId: string): Promise<string> {
  const { nowMs } = await stage.ask<{ nowMs: number }>('GET', '/_stage/clock');
  return agentLink({ of: (name) => `${ORIGIN}/${name}` }, testSettings.SESSION_SECRET, handoverId, nowMs);
}

const handOver = (handoverId: string, text: string) =>
  stage.ask('POST', '/_stage/state', {
    ...{ conversationId: `c-${handoverId}`, mode: 'human', handoverId },
    lines: [{ by: 'customer', text }],
  });

const shown = async () => page.frames()[1]?.textContent('#lines .text');

test('the panel shows the handover of the task that is selected, also when the agent comes back to it', async () => {
  await handOver('h-1', 'Where is my lamp?');
  await handOver('h-2', 'I want to cancel');
  const addresses = [await addressOf('h-1'), await addressOf('h-2')];
  await openDesktop();
  expect(await page.evaluate('window.flexNow()')).toEqual({ name: 'HandoverPlugin', shown: true });
  for (const [address, text] of [
    [addresses[0], 'Where is my lamp?'],
    [addresses[1], 'I want to cancel'],
  ] as const) {
    expect(await select(withUrl(address))).toBe(address);
    await expect.poll(shown, { timeout: 10_000 }).toBe(text);
  }
  await stage.ask('POST', '/_stage/clock', { advanceMs: 3_600_000 });
  await select(withUrl(addresses[0]));
  await expect.poll(shown, { timeout: 10_000 }).toBe('Where is my lamp?');
});

test.for([
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'http://handover.example.com/agent-view?handoverId=h-1',
  'https://evil.example.com/agent-view',
  'https://handover.example.com.evil.example.com/agent-view',
  'https://handover.example.com:8443/agent-view',
  'https://handover.example.com@evil.example.com/',
  'https://agent:secret@handover.example.com/agent-view',
  '//handover.example.com/agent-view',
  '/agent-view',
  '',
  7,
  { href: 'https://handover.example.com/' },
  null,
  undefined,
])('the address %j is not shown', async (handoverUrl) => {
  await openDesktop();
  expect(await select(withUrl(handoverUrl))).toBe('');
  expect(page.frames()).toHaveLength(1);
});

test('a CRM that was there is shown for every other task', async () => {
  await handOver('h-1', 'Hello');
  await openDesktop({}, "(task) => 'https://crm.example.com/' + (task ? task.attributes.customer ?? '' : '')");
  const address = await addressOf('h-1');
  expect(await select(withUrl(address))).toBe('https://crm.example.com/');
  await openDesktop(
    { handover_origins: ORIGIN },
    "(task) => 'https://crm.example.com/' + (task ? task.attributes.customer : '')",
  );
  expect(await select(withUrl(address))).toBe(address);
  expect(await select({ attributes: { customer: '4711' } })).toBe('https://crm.example.com/4711');
  expect(await select(undefined)).toBe('https://crm.example.com/');
});

test.for([
  {},
  { handover_origins: [] },
  { handover_origins: ['http://handover.example.com'] },
  { handover_origins: 7 },
])('with the configuration %j nothing of Flex is changed', async (uiAttributes) => {
  await openDesktop(uiAttributes);
  expect(await page.evaluate('window.flexNow()')).toEqual({ name: 'HandoverPlugin', shown: false });
  expect(await select(withUrl(await addressOf('h-1')))).toBe('');
});
