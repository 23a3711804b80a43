import { beforeEach, describe, expect, test } from 'vitest';
import { agentLink } from '../../shared/core/callers/agent-link.ts';
import { inputs } from '../hostile/corpus.ts';
import { stageOfFile } from '../stage/stage-of-file.ts';
import { axeFaults } from '../support/axe.ts';
import { testSettings } from '../support/calls.ts';
import { chromiumOfFile, type Page, type PageOptions, watch } from '../support/chromium.ts';

const stage = stageOfFile();
const bot = { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' };

const blankPage = chromiumOfFile();
let page: Page;
/** What the page complained about, and where it went. */
let complaints: string[];
let asked: string[];

async function newPage(options: PageOptions = {}): Promise<Page> {
  const made = await blankPage({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  watch(made, { complaints, asked });
  return made;
}

beforeEach(async () => {
  complaints = [];
  asked = [];
  page = await newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
  return () => page.close();
});

type Said = { readonly by: string; readonly text: string };

/** A conversation that a person has, put straight into the table. */
const handOver = (lines: readonly Said[], more: object = {}) =>
  stage.ask('POST', '/_stage/state', { conversationId: 'c-1', mode: 'human', handoverId: 'h-1', lines, ...more });

async function tell(lines: readonly Said[], conversationId = 'c-1'): Promise<void> {
  const body = JSON.stringify({ conversationId, lines });
  expect((await stage.send('/bot-events', { method: 'POST', headers: bot, body })).status).toBe(204);
}

/** More than one request should bring: each has to be stored before its deadline. */
async function tellAll(lines: readonly Said[]): Promise<void> {
  const firstMs = Date.now() - 1_000;
  const timed = lines.map((line, n) => ({ ...line, atMs: firstMs + n }));
  for (let from = 0; from < timed.length; from += 90) await tell(timed.slice(from, from + 90));
}

/** The address that stands in a task. */
async function addressOf(handoverId: string): Promise<string> {
  const { nowMs } = await stage.ask<{ nowMs: number }>('GET', '/_stage/clock');
  return agentLink({ of: (name) => `${stage.url}/${name}` }, testSettings.SESSION_SECRET, handoverId, nowMs);
}

const open = async (on = page, handoverId = 'h-1') => on.goto(await addressOf(handoverId));
const texts = (on = page) => on.locator('#lines .text').allTextContents();

const isTooWide = (on: Page) =>
  on.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

/** Whatever the corpus holds as text of a customer, a few lines at a time. */
const hostileTexts = inputs
  .filter(({ id }) => id.startsWith('AP-'))
  .flatMap(({ id, given }) => {
    const lines = (given.state?.lines ?? []) as readonly Said[];
    const isShown = lines.length > 0 && lines.length < 10 && lines.every(({ text }) => typeof text === 'string');
    return isShown ? [[id, lines] as const] : [];
  });

describe('hostile words', () => {
  test.for(hostileTexts)('of %s are text in the page, and also when they come later', async ([, lines]) => {
    await handOver(lines);
    await open();
    // A page cannot hold the character zero.
    const wanted = lines.map(({ text }) => text.replaceAll('\0', '\uFFFD'));
    expect(await texts()).toEqual(wanted);
    await tell(lines);
    await expect.poll(() => texts(), { timeout: 10_000 }).toEqual([...wanted, ...wanted]);
    expect(await page.locator('.text *, #lines script, #lines img, #lines a, #lines svg, #lines style').count()).toBe(
      0,
    );
    expect(await page.locator('script').count()).toBe(2);
    expect(complaints).toEqual([]);
    expect(new Set(asked)).toEqual(new Set([stage.url]));
  });

  test('in who, why and what is known are text, too', async () => {
    const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>\u2028\'';
    const handover = { name: hostile, reason: hostile, topic: hostile, fields: { [hostile]: hostile, order: '</dd>' } };
    const body = JSON.stringify({ conversationId: 'c-2', handover });
    await stage.send('/pause-check', { method: 'POST', headers: bot, body });
    const handoverId = (await stage.events()).map(({ body }) => /"handoverId":"(h\w+)"/.exec(body)?.[1]).find(Boolean);
    await open(page, handoverId);
    for (const _ of ['as it came', 'as the script shows it']) {
      expect(await page.textContent('#who')).toBe(hostile);
      expect(await page.textContent('#why')).toBe(hostile);
      expect(await page.locator('#known dd').allTextContents()).toContain('</dd>');
      expect(await page.locator('img, #known script').count()).toBe(0);
      await tell([{ by: 'bot', text: 'something new' }], 'c-2');
      await page.waitForSelector('#known[data-said]');
    }
    expect(complaints).toEqual([]);
  });
});

describe('the page', () => {
  test('grows while it is open, in the order in which it was said, and says when it is over', async () => {
    await handOver([{ by: 'customer', text: 'Hello' }]);
    await open();
    await tell([
      { by: 'bot', text: 'One' },
      { by: 'customer', text: 'Two' },
    ]);
    await expect.poll(() => texts(), { timeout: 10_000 }).toEqual(['Hello', 'One', 'Two']);
    expect(await page.textContent('#state')).toBe('With a person');
    await stage.ask('POST', '/_stage/clock', { advanceMs: 600_000 });
    await expect.poll(() => page.textContent('#state'), { timeout: 10_000 }).toBe('Ended');
    expect(await page.textContent('#help')).toContain('nothing that you write reaches the customer');
  });

  test('shows the incident that the bot has begun to write once there is one, as text, and copies it', async () => {
    await handOver([{ by: 'customer', text: 'Hello' }]);
    await open();
    expect(await page.locator('#draft:not([hidden])').count()).toBe(0);
    const draft = { title: '<img src=x onerror=alert(1)>', priority: 'high' };
    await handOver([{ by: 'customer', text: 'Hello' }], { facts: { bot: { draft } } });
    await expect.poll(() => page.locator('#draft:not([hidden])').count(), { timeout: 10_000 }).toBe(1);
    for (const _ of ['as the script shows it', 'as it comes']) {
      expect(await page.textContent('#draft h2')).toBe('Draft incident');
      expect(await page.locator('#drafted dt').allTextContents()).toEqual(['title', 'priority']);
      expect(await page.locator('#drafted dd').allTextContents()).toEqual([draft.title, draft.priority]);
      expect(await page.locator('#drafted img').count()).toBe(0);
      expect(await axeFaults(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
      await open();
    }
    await page.click('#copy-summary');
    await expect.poll(() => page.textContent('#note')).toBe('Copied.');
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain(`\n\nDraft incident:\ntitle: ${draft.title}\npriority: high\n\n`);
    expect(complaints).toEqual([]);
  });

  test('shows times in the agent’s own time zone', async () => {
    await stage.ask('POST', '/_stage/clock', { nowMs: Date.now() });
    await handOver([{ by: 'customer', text: 'Hello' }]);
    await open();
    const shown = await page.textContent('#lines .when');
    const now = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: 'Europe/Berlin' }).format(Date.now());
    expect(shown).toMatch(/^\d\d:\d\d$/);
    expect([now, String((Number(now) + 23) % 24).padStart(2, '0')]).toContain(shown?.slice(0, 2));
  });

  test('shows earlier lines when it is asked to', async () => {
    await handOver([]);
    const many = Array.from({ length: 450 }, (_, n) => ({ by: 'bot', text: `line ${n}` }));
    await tellAll(many);
    await open();
    expect(await page.locator('#lines li').count()).toBe(200);
    for (const count of [400, 450]) {
      await page.click('#earlier');
      await expect.poll(() => page.locator('#lines li').count()).toBe(count);
    }
    expect(await texts()).toEqual(many.map(({ text }) => text));
    expect(await page.locator('#earlier[hidden]').count()).toBe(1);
    await tell([{ by: 'bot', text: 'line 450' }]);
    await expect.poll(() => page.locator('#lines li').count(), { timeout: 10_000 }).toBe(451);
    expect((await texts()).at(-1)).toBe('line 450');
  });

  test('shows words once that were heard before their turn was told, and each of two that share an id', async () => {
    await handOver([{ by: 'customer', text: 'A person, please' }]);
    const tellAs = (id: string, text: string, conversationId: string, atMs: number) =>
      tell([{ by: 'customer', text, ...{ id, atMs } }], conversationId);
    const { nowMs } = await stage.ask<{ nowMs: number }>('GET', '/_stage/clock');
    await tellAs('c-heard', 'My lamp broke', 'c-1', nowMs - 2_000);
    await tellAs('1', 'Later', 'c-1', nowMs - 1_000);
    await open();
    const event = { name: 'message_logged' };
    const at = (ms: number) => new Date(ms).toISOString();
    const response = { context: { global: { system: { turn_count: 2 } } } };
    const request = { input: { text: 'My lamp broke' } };
    const payload = { session_id: 'c-1', request, response, request_timestamp: at(nowMs - 2_100) };
    const body = JSON.stringify({ event, payload });
    expect((await stage.send('/bot-events', { method: 'POST', headers: bot, body })).status).toBe(204);
    // The conversation that has the handover's own name belongs to it, too.
    await tellAs('1', 'Earlier', 'h-1', nowMs - 1_500);
    const wanted = ['My lamp broke', 'Earlier', 'Later', 'A person, please'];
    await expect.poll(async () => (await texts()).sort(), { timeout: 10_000 }).toEqual([...wanted].sort());
    const now = await texts();
    await page.reload();
    expect(await texts()).toEqual(now);
  });

  test('that was left behind by more than an answer holds has no gap', async () => {
    await handOver([]);
    await tell([{ by: 'customer', text: 'Hello', ...{ atMs: Date.now() - 60_000 } }]);
    await open();
    const many = Array.from({ length: 450 }, (_, n) => ({ by: 'bot', text: `line ${n}` }));
    let isTold = () => {};
    const told = new Promise<void>((resolve) => {
      isTold = resolve;
    });
    await page.route(/agent-view\?handoverId/, async (route) => {
      await told;
      await route.continue();
    });
    await tellAll(many);
    isTold();
    await expect.poll(() => page.locator('#lines li').count(), { timeout: 15_000 }).toBe(200);
    for (const count of [400, 451]) {
      await page.click('#earlier');
      await expect.poll(() => page.locator('#lines li').count()).toBe(count);
    }
    expect(await texts()).toEqual(['Hello', ...many.map(({ text }) => text)]);
  });

  test('asks one thing at a time, however often it is looked at', async () => {
    await handOver([{ by: 'customer', text: 'Hello' }]);
    await open();
    let underWay = 0;
    let most = 0;
    await page.route(/agent-view\?handoverId/, async (route) => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (const _ of [1, 2, 3]) await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
      underWay -= 1;
      await route.continue();
    });
    await tell([{ by: 'bot', text: 'Hi' }]);
    await expect.poll(() => texts(), { timeout: 10_000 }).toEqual(['Hello', 'Hi']);
    expect(most).toBe(1);
  });

  test('can be used with the keyboard alone, and copies what is known and was said', async () => {
    await handOver([{ by: 'customer', text: 'Where is my order?' }]);
    await open();
    const focused = () => page.evaluate<string>('document.activeElement.className || document.activeElement.id');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('said');
    const reached: string[] = [];
    await page.evaluate('document.activeElement.blur(), document.body.focus()');
    await page.goto(await addressOf('h-1'));
    for (let steps = 0; steps < 8 && !reached.includes('copy-summary'); steps++) {
      await page.keyboard.press('Tab');
      reached.push(await focused());
    }
    await page.keyboard.press('Enter');
    await expect.poll(() => page.textContent('#note')).toBe('Copied.');
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toMatch(
      /A customer\nThe bot has not said why\.\n[\s\S]*Handover: h-1\n\n\d\d:\d\d Customer: Where is my order\?$/,
    );
  });

  test('says when there is no connection, and goes on when there is one again', async () => {
    await handOver([]);
    await open();
    await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode: '500' });
    await expect.poll(() => page.textContent('#note'), { timeout: 10_000 }).toContain('No connection');
    await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode: 'ok' });
    await tell([{ by: 'bot', text: 'Back' }]);
    await expect.poll(() => texts(), { timeout: 20_000 }).toEqual(['Back']);
    expect(await page.textContent('#note')).toBe('');
  });

  test('comes back in its tab after the link has expired, and in no other', async () => {
    await handOver([{ by: 'customer', text: 'Hello' }]);
    const address = await addressOf('h-1');
    await page.goto(address);
    await stage.ask('POST', '/_stage/clock', { advanceMs: 3_600_000 });
    await page.goto(address);
    await expect.poll(() => texts(), { timeout: 10_000 }).toEqual(['Hello']);
    const other = await newPage();
    await other.goto(address);
    expect(await other.textContent('h1')).toBe('This link has expired');
    await stage.ask('POST', '/_stage/clock', { advanceMs: 9 * 3_600_000 });
    await page.goto(address);
    expect(await page.textContent('h1')).toBe('This link has expired');
    await other.close();
  });

  test('that was open for a shift says so and asks no more', async () => {
    await handOver([]);
    await open();
    await stage.ask('POST', '/_stage/clock', { advanceMs: 9 * 3_600_000 });
    await expect.poll(() => page.textContent('#note'), { timeout: 10_000 }).toContain('open for too long');
  });

  test('may be framed by the desk and by nobody else', async () => {
    await handOver([{ by: 'customer', text: 'Hello' }]);
    const address = await addressOf('h-1');
    const frames = { contentType: 'text/html', body: `<iframe src="${address}"></iframe>` };
    const seenIn = async (origin: string) => {
      const desk = await newPage();
      await desk.route(`${origin}/**`, (route) => route.fulfill(frames));
      await desk.goto(`${origin}/agent-desktop`);
      const frame = () => desk.frames()[1];
      await expect.poll(() => frame()?.url()).toMatch(/^(http:|chrome-error:)/);
      const shown = frame()?.url().startsWith(stage.url) ? await frame()?.textContent('#lines .text') : undefined;
      await desk.close();
      return shown;
    };
    expect(await seenIn('https://flex.twilio.com')).toBe('Hello');
    complaints = [];
    expect(await seenIn('https://evil.example.com')).toBeUndefined();
    expect(complaints.join()).toContain('frame-ancestors');
  });
});

describe('axe finds nothing', () => {
  const conversation = [
    { by: 'customer', text: `A very long word: ${'Donaudampfschifffahrt'.repeat(20)}` },
    { by: 'bot', text: 'Which one?\n- The lamp\n- The table' },
    { by: 'system', text: 'The bot asks for a person' },
    { by: 'agent', text: 'Hello, this is Grace.' },
  ];
  const sizes = [
    ['360 px', 360],
    ['a wide screen', 1400],
  ] as const;

  test.for(sizes)('in the page on %s, light and dark, and it fits', async ([, width]) => {
    await handOver(conversation);
    await page.setViewportSize({ width, height: 740 });
    await open();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page)).toEqual([]);
    }
    expect(await isTooWide(page)).toBe(false);
    await page.click('summary');
    expect(await axeFaults(page)).toEqual([]);
  });

  test('in every standing', async () => {
    await handOver(conversation);
    await open();
    for (const state of ['pending', 'ended', 'open', 'calling', 'connected', 'failed'])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(`document.getElementById('state').dataset.state = '${state}'`);
        expect(await axeFaults(page), `${state} ${colorScheme}`).toEqual([]);
      }
  });

  test.for(sizes)('in the list and in a refusal on %s', async ([, width]) => {
    await stage.send('/pause-check', {
      method: 'POST',
      headers: bot,
      body: JSON.stringify({ conversationId: 'c-3', handover: { name: 'Ada', reason: 'A lamp '.repeat(40) } }),
    });
    const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'agent-7', role: 'agent' });
    for (const headers of [{ authorization: `Bearer ${token}` }, {}]) {
      const own = await newPage({ extraHTTPHeaders: headers, viewport: { width, height: 740 } });
      await own.goto(`${stage.url}/agent-view`);
      for (const colorScheme of ['light', 'dark'] as const) {
        await own.emulateMedia({ colorScheme });
        expect(await axeFaults(own)).toEqual([]);
      }
      expect(await isTooWide(own)).toBe(false);
      await own.close();
    }
  });
});

test('the list grows and shrinks while it is open, and its links open', async () => {
  const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'agent-7', role: 'agent' });
  const answer = await stage.send('/agent-view', {
    headers: { authorization: `Bearer ${token}`, accept: 'text/html' },
  });
  const shown = { status: 200, contentType: 'text/html', body: await answer.text() };
  // As a desk shows it that asked with the session of its agent: from then on the page asks by itself.
  await page.route(`${stage.url}/agent-view`, (route) => route.fulfill(shown));
  await page.goto(`${stage.url}/agent-view`);
  expect(await page.locator('#none:not([hidden])').count()).toBe(1);
  const ask = (body: object) =>
    stage.send('/pause-check', { method: 'POST', headers: bot, body: JSON.stringify(body) });
  await ask({ conversationId: 'c-4', handover: { name: 'Ada <b>', reason: 'not_understood' } });
  await expect.poll(() => page.locator('#open .name').allTextContents(), { timeout: 15_000 }).toEqual(['Ada <b>']);
  const why = 'The bot did not understand the caller';
  expect(await page.textContent('#open .why')).toBe(why);
  await page.click('#open a');
  expect(await page.textContent('#who')).toBe('Ada <b>');
  await tell([{ by: 'customer', text: 'A word' }], 'c-4');
  await expect.poll(() => texts(), { timeout: 15_000 }).toContain('A word');
  expect(await page.textContent('#why')).toBe(why);
  await page.goto(`${stage.url}/agent-view`);
  await ask({ conversationId: 'c-4', end: true });
  await expect.poll(() => page.locator('#open li').count(), { timeout: 15_000 }).toBe(0);
  expect(complaints).toEqual([]);
}, 60_000);
