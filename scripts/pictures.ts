/** `npm run pictures`: takes the pictures of the agent's page, of the web chat and of the stage's own page for docs/. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStage, type Stage } from '../stage/stage.ts';
import { type Browser, launchChromium } from './chromium.ts';
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { installPlatforms, installWeb, installWebChat } from './install.mjs';
import { takeStagePage } from './pictures/stage-page.ts';
import { takeWebChat } from './pictures/web-chat.ts';

const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url));

/** A time at which all pictures are taken, so that they differ only where the page does. */
const NOW_MS = Date.UTC(2026, 0, 15, 13, 5);

const minutesAgo = (minutes: number) => NOW_MS - minutes * 60_000;

const lines = [
  { by: 'bot', text: 'Hello! How can I help you?', atMs: minutesAgo(6), id: 'l-1' },
  { by: 'customer', text: 'Where is my order 4711?', atMs: minutesAgo(5.5), id: 'l-2' },
  {
    by: 'bot',
    text: 'It was delivered yesterday.\n- All is well\n- Something is wrong',
    atMs: minutesAgo(5.4),
    id: 'l-3',
  },
  { by: 'customer', text: 'The lamp is broken, the glass is in pieces.', atMs: minutesAgo(3), id: 'l-4' },
  { by: 'bot', text: 'I am sorry. I will get you a colleague.', atMs: minutesAgo(2.9), id: 'l-5' },
];

const handover = {
  topic: 'Claims',
  reason: 'The lamp of order 4711 arrived broken; she wants a new one before Saturday.',
  name: 'Ada Lovelace',
  language: 'en',
  fields: { order: '4711', article: 'Desk lamp, green', 'delivered on': '14 January' },
  lines,
};

async function ask(stage: Stage, path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const headers = {
    authorization: stage.settings.BOT_ACCESS_TOKEN ?? '',
    'content-type': 'application/json',
  };
  const answer = await fetch(`${stage.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
  const text = await answer.text();
  return text === '' ? {} : JSON.parse(text);
}

/** A handover as it looks a few minutes after it began, and two more for the list. */
async function play(stage: Stage): Promise<string> {
  await ask(stage, '/_stage/clock', { nowMs: NOW_MS });
  const others = { 'c-3': ['Grace Hopper', 'A question about an invoice'], 'c-2': ['Alan Turing', 'Wants to cancel'] };
  for (const [conversationId, [name, reason]] of Object.entries(others)) {
    await ask(stage, '/pause-check', { conversationId, handover: { name, reason } });
    await ask(stage, '/_stage/clock', { advanceMs: 60_000 });
  }
  await ask(stage, '/pause-check', { conversationId: 'c-1', handover });
  const said = [{ by: 'agent', text: 'Hello Ada, this is Grace. I am sending you a new one today.' }];
  await ask(stage, '/bot-events', { conversationId: 'c-1', lines: said });
  const { token } = await ask(stage, '/_stage/session', { sub: 'agent-7', role: 'agent' });
  return String(token);
}

interface Picture {
  readonly name: string;
  readonly query: string;
  readonly token: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { name, query, token, width, height, colorScheme } = picture;
  const page = await browser.newPage({
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width, height },
    extraHTTPHeaders: { authorization: `Bearer ${token}` },
  });
  await page.emulateMedia({ colorScheme });
  // The page's own clock, so that it shows times without the day.
  await page.clock.setFixedTime(NOW_MS);
  await page.goto(`${url}/agent-view${query}`);
  await page.waitForSelector('main');
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}

mkdirSync(folder, { recursive: true });
installPlatforms();
installWeb();
installWebChat();
const stage = await openStage({ given: {}, port: 0, write: () => {} });
const browser = await launchChromium();
try {
  const token = await play(stage);
  const answer = await fetch(`${stage.url}/agent-view`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  });
  const { handovers } = (await answer.json()) as { handovers: readonly { url: string }[] };
  const query = new URL(handovers[0]?.url ?? '').search;
  const of = (name: string, width: number, colorScheme: Picture['colorScheme'], height = 720): Picture => ({
    ...{ name, query, token, width, height, colorScheme },
  });
  const pictures = [
    of('agent-view-narrow', 360, 'light', 780),
    of('agent-view-wide', 1100, 'light', 620),
    of('agent-view-dark', 1100, 'dark', 620),
    { ...of('agent-view-list', 720, 'light', 340), query: '' },
  ];
  for (const picture of pictures) await take(browser, stage.url, picture);
  await takeWebChat(browser, join(folder, 'web-chat.png'));
  await takeStagePage(browser, stage, folder, NOW_MS);
} finally {
  await browser.close();
  await stage.close();
}
