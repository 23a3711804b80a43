import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import agentView from '../../functions/agent-view.ts';
import { agentLink } from '../../shared/core/callers/agent-link.ts';
import type { Line } from '../../shared/core/handover/line.ts';
import type { CallRecord, HandoverRecord } from '../../shared/core/table.ts';
import { inboundOf, sessionToken, testSettings } from '../support/calls.ts';
import { type ChatFunctions, startChatFunctions } from '../support/chat-functions.ts';
import { testClock } from '../support/clock.ts';
import { startStandIn } from '../support/stand-in.ts';
import { type StartedFunction, startFunction } from '../support/start-function.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { NOW_MS } from '../support/who-calls.ts';

const secret = testSettings.SESSION_SECRET;
const urls = { of: (name: string) => `https://handover.example.com/${name}` };
const MINUTE_MS = 60_000;
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const program = { accept: 'application/json' };
const agent = (sub = 'agent-7') => ({ authorization: `Bearer ${sessionToken({ sub, role: 'agent' })}` });

let chat: ChatFunctions;
let view: StartedFunction;
const clock = testClock(NOW_MS);
beforeAll(async () => {
  chat = await startChatFunctions();
  view = startFunction(agentView, chat.env, clock);
});
afterAll(() => chat.close());
beforeEach(() => clock.jumpTo(NOW_MS));

const get = (query: string, headers: Readonly<Record<string, string>> = {}, fn = view) =>
  fn.call(inboundOf('', { method: 'GET', query, headers }));
const linkTo = (handoverId: string) => new URL(agentLink(urls, secret, handoverId, NOW_MS)).search.slice(1);
const asked = async (query: string, headers: Readonly<Record<string, string>>) => {
  const { status, body } = await get(query, { ...program, ...headers });
  return { status, body: JSON.parse(body) };
};

const record: HandoverRecord = {
  handoverId: '',
  conversationId: '',
  openedAtMs: NOW_MS - MINUTE_MS,
  topic: 'Orders',
  reason: 'The lamp arrived broken',
  name: 'Ada Lovelace',
  language: 'en',
  fields: { order: '4711' },
};

/** A chat that a person has, with what was said. */
async function handedOver(texts: readonly string[] = ['Where is my order?'], more: Partial<HandoverRecord> = {}) {
  const conversationId = `c-${randomUUID()}`;
  const handoverId = `h-${randomUUID()}`;
  await chat.table.transcripts.putHandover({ ...record, handoverId, conversationId, ...more });
  const human = { mode: 'human', pausedUntilMs: NOW_MS + 10 * MINUTE_MS, handoverId, owner: 'T-1' } as const;
  await chat.table.states.swap(conversationId, undefined, { epoch: 1, seq: 1, bot: 'plain', deskSeq: 0, ...human });
  for (const [at, text] of texts.entries()) {
    const line: Line = { by: 'customer', text, atMs: NOW_MS - 50_000 + at * 1_000, id: `l-${at}` };
    await chat.table.transcripts.add(conversationId, line);
  }
  return { conversationId, handoverId, link: linkTo(handoverId) };
}

/** The element in a page that holds what its script needs. */
const dataIn = (page: string) =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '');

describe('row 10: the signed link', () => {
  test('opens the page of its handover, as often as it is opened, and the page may ask on', async () => {
    const { handoverId, link } = await handedOver();
    for (const _ of ['first', 'again']) {
      const { status, headers, body } = await get(link, browser);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      for (const text of ['Ada Lovelace', 'The lamp arrived broken', 'Where is my order?', '4711', 'With a person'])
        expect(body).toContain(text);
      const { token } = dataIn(body);
      const polled = await asked(`handoverId=${handoverId}`, { authorization: `Bearer ${token}` });
      expect(polled).toMatchObject({ status: 200, body: { handoverId, lines: [{ text: 'Where is my order?' }] } });
    }
  });

  test.for([
    ['expired', (link: string) => link, 15 * MINUTE_MS],
    ['tampered with', (link: string) => `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`, 0],
    ['of another handover', (link: string) => link.replace(/handoverId=[^&]+/, 'handoverId=h-other'), 0],
    ['missing', (link: string) => link.replace(/&link=.*/, ''), 0],
  ] as const)('that is %s opens nothing and says what to do', async ([, changed, laterMs]) => {
    const { link } = await handedOver();
    clock.jumpTo(NOW_MS + laterMs);
    const { status, headers, body } = await get(changed(link), browser);
    expect([status, headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    expect(body).toContain('This link has expired');
    expect(body).not.toContain('Ada');
    const json = await get(changed(link), program);
    expect([json.status, JSON.parse(json.body)]).toMatchObject([401, { error: { code: 'unauthorized' } }]);
  });

  test('and whatever was said through it are in no log', async () => {
    const { handoverId, link } = await handedOver();
    await get(link, browser);
    const log = view.lines.join('\n');
    for (const text of [handoverId, link, 'Ada', 'lamp', '4711']) expect(log).not.toContain(text);
  });

  test('shows hostile words as words', async () => {
    const hostile = '</p><script>alert(1)</script><img src=x onerror="alert(1)"> & "quoted" \'single\'';
    const { link } = await handedOver([hostile], { name: hostile, reason: hostile, fields: { [hostile]: hostile } });
    const { body } = await get(link, browser);
    expect(body).not.toMatch(/<script>alert|<img|onerror="/);
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(dataIn(body).handoverId).toMatch(/^h-/);
  });
});

describe('a new link', () => {
  const renewed = (query: string, headers: Readonly<Record<string, string>>) => asked(`${query}&renew=1`, headers);

  test('is for whoever has the page or may see the handover', async () => {
    const { handoverId, link } = await handedOver();
    const { token } = dataIn((await get(link, browser)).body);
    clock.jumpTo(NOW_MS + 60 * MINUTE_MS);
    for (const headers of [{ authorization: `Bearer ${token}` }, agent()]) {
      const { body } = await renewed(`handoverId=${handoverId}`, headers);
      expect((await get(new URL(body.url).search.slice(1), browser)).status).toBe(200);
    }
  });

  test('is for nobody else', async () => {
    const { handoverId, link } = await handedOver();
    await chat.table.contexts.tell(handoverId, 'agents', { agent: 'agent-8' }, NOW_MS);
    expect((await renewed(`handoverId=${handoverId}`, agent())).status).toBe(403);
    expect((await renewed('handoverId=h-unknown', agent())).status).toBe(404);
    clock.jumpTo(NOW_MS + 20 * MINUTE_MS);
    expect((await renewed(link, {})).status).toBe(401);
  });
});

describe('the policy of a page', () => {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

  test('lets run what is in it and nothing else', async () => {
    const { link } = await handedOver();
    for (const [query, headers] of [
      [link, browser],
      ['', { ...browser, ...agent() }],
    ] as const) {
      const reply = await get(query, headers);
      const policy = reply.headers['content-security-policy'] ?? '';
      const [, script = ''] = /<script type="module">(.*?)<\/script>/s.exec(reply.body) ?? [];
      const [, style = ''] = /<style>(.*?)<\/style>/s.exec(reply.body) ?? [];
      expect(script.length).toBeGreaterThan(100);
      expect(policy).toMatch(/^default-src 'none'; /);
      expect(policy).toContain(`script-src ${hash(script)};`);
      expect(policy).toContain(`style-src ${hash(style)};`);
      expect(policy).not.toMatch(/unsafe|\*|https?:(?!\/\/flex\.twilio\.com)/);
      expect(reply.body.match(/<script|<style/g)).toHaveLength(3);
    }
  });

  test('lets only the desk frame it', async () => {
    const { link } = await handedOver();
    const policyWith = async (AGENT_FRAME_ORIGINS: string) => {
      const fn = startFunction(agentView, { ...chat.env, AGENT_FRAME_ORIGINS }, clock);
      return (await get(link, browser, fn)).headers['content-security-policy'];
    };
    expect(await policyWith('')).toContain('frame-ancestors https://flex.twilio.com;');
    expect(await policyWith('https://a.example.com https://b.example.com')).toContain(
      'frame-ancestors https://a.example.com https://b.example.com;',
    );
    for (const wrong of ['*', 'https://a.example.com/x', "'self'", 'https://a.example.com;script-src']) {
      const fn = startFunction(agentView, { ...chat.env, AGENT_FRAME_ORIGINS: wrong }, clock);
      expect((await get(link, browser, fn)).status).toBe(500);
    }
  });

  test('comes with headers that keep every answer to itself, refusals too', async () => {
    const { link } = await handedOver();
    for (const reply of [
      await get(link, browser),
      await get(link, program),
      await get('', program),
      await get('', browser),
    ])
      expect(reply.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    const unknown = await get('handoverId=h-unknown', { ...browser, ...agent() });
    expect(unknown.headers['content-security-policy']).toContain("script-src 'none'");
  });
});

describe('the JSON', () => {
  test('says who, why, how it stands and what was said', async () => {
    const { handoverId, conversationId } = await handedOver(['Where is my order?', 'Hello?']);
    const { body } = await asked(`handoverId=${handoverId}`, agent());
    expect(body).toEqual({
      handoverId,
      conversationId,
      state: 'human',
      reason: 'The lamp arrived broken',
      topic: 'Orders',
      name: 'Ada Lovelace',
      language: 'en',
      openedAtMs: NOW_MS - MINUTE_MS,
      untilMs: NOW_MS + 10 * MINUTE_MS,
      fields: { order: '4711' },
      lines: [
        { by: 'customer', text: 'Where is my order?', atMs: NOW_MS - 50_000, id: 'l-0' },
        { by: 'customer', text: 'Hello?', atMs: NOW_MS - 49_000, id: 'l-1' },
      ],
    });
  });

  test('has the incident that the bot has begun to write, also where it is told of the call, and the page shows it', async () => {
    const { handoverId, conversationId, link } = await handedOver();
    await chat.table.contexts.tell(handoverId, 'bot', { draft: { title: 'No <b>mail</b>', priority: 'high' } }, NOW_MS);
    await chat.table.contexts.tell(
      conversationId,
      'log',
      { draft: { priority: 'low', email: 'a@example.com' } },
      NOW_MS,
    );
    const draft = { title: 'No <b>mail</b>', priority: 'high', email: 'a@example.com' };
    expect((await asked(`handoverId=${handoverId}`, agent())).body).toMatchObject({ draft, fields: { order: '4711' } });
    const shown = async (language: string) => {
      const { body } = await get(link, { ...browser, 'accept-language': language });
      return body.slice(body.indexOf('id="draft"'), body.indexOf('id="advice"'));
    };
    expect(await shown('en')).toMatch(
      /^id="draft" >[\s\S]*Draft incident[\s\S]*>high<[\s\S]*>No &lt;b&gt;mail&lt;\/b&gt;</,
    );
    expect(await shown('de')).toContain('Entwurf der Störungsmeldung');
  });

  test('has no draft where there is none, and the page shows no block for it', async () => {
    const { handoverId, link } = await handedOver();
    await chat.table.contexts.tell(handoverId, 'bot', { draft: { title: '' } }, NOW_MS);
    expect((await asked(`handoverId=${handoverId}`, agent())).body).not.toHaveProperty('draft');
    expect((await get(link, browser)).body).toContain('id="draft" hidden>');
  });

  test('is what a program gets that asks for it; everybody else gets the page', async () => {
    const { link } = await handedOver();
    const typeFor = async (accept: string) => (await get(link, { accept })).headers['content-type'];
    expect(await typeFor('application/json')).toContain('application/json');
    expect(await typeFor('application/json, text/html')).toContain('text/html');
    expect(await typeFor('*/*')).toContain('text/html');
    expect((await get(link)).headers['content-type']).toContain('text/html');
  });

  test('comes a page at a time, the newest first, and nothing is lost between pages', async () => {
    const texts = Array.from({ length: 450 }, (_, n) => `line ${n}`);
    const { handoverId, conversationId } = await handedOver([]);
    const lines = texts.map(
      (text, n): Line => ({ by: 'bot', text, atMs: NOW_MS - 1_000 + Math.floor(n / 7), id: `n-${n}` }),
    );
    await chat.table.transcripts.putHistory(conversationId, handoverId, lines);
    const pages: string[][] = [];
    let before = '';
    do {
      const { body } = await asked(`handoverId=${handoverId}${before}`, agent());
      pages.unshift(body.lines.map(({ text }: Line) => text));
      before = body.next === undefined ? '' : `&before=${body.next}`;
      // A line that comes meanwhile moves no page.
      await chat.table.transcripts.add(conversationId, {
        by: 'bot',
        text: 'late',
        atMs: NOW_MS + pages.length,
        id: `late-${pages.length}`,
      });
    } while (before !== '');
    expect(pages.map((page) => page.length)).toEqual([50, 200, 200]);
    expect(new Set(pages.flat())).toEqual(new Set(texts));
  });

  test.for(['x', '..', '%00', 'MTIz', 'YS5i', 'A'.repeat(500)])('refuses the cursor %s', async (before) => {
    const { handoverId } = await handedOver();
    expect(await asked(`handoverId=${handoverId}&before=${before}`, agent())).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request' } },
    });
  });

  test('need not be sent again to whoever has it', async () => {
    const { handoverId, conversationId } = await handedOver();
    const headers = { ...program, ...agent() };
    const first = await get(`handoverId=${handoverId}`, headers);
    const known = { ...headers, 'if-none-match': first.headers.etag ?? '' };
    expect(await get(`handoverId=${handoverId}`, known)).toMatchObject({ status: 304, body: '' });
    await chat.table.transcripts.add(conversationId, { by: 'bot', text: 'News', atMs: NOW_MS, id: 'new' });
    expect((await get(`handoverId=${handoverId}`, known)).status).toBe(200);
  });

  test('shows what the bot tells of the conversation after the handover began', async () => {
    const { handoverId, conversationId } = await handedOver([], { reason: undefined, topic: undefined });
    await chat.table.contexts.tell(conversationId, 'bot', { reason: 'Told later', fields: { policy: 'A-7' } }, NOW_MS);
    expect((await asked(`handoverId=${handoverId}`, agent())).body).toMatchObject({
      reason: 'Told later',
      fields: { order: '4711', policy: 'A-7' },
    });
  });
});

describe('how it stands', () => {
  const stateOf = async (handoverId: string) => (await asked(`handoverId=${handoverId}`, agent())).body.state;

  test('is with a person until the pause is over', async () => {
    const { handoverId } = await handedOver();
    expect(await stateOf(handoverId)).toBe('human');
    clock.jumpTo(NOW_MS + 10 * MINUTE_MS);
    expect(await stateOf(handoverId)).toBe('ended');
  });

  test('is over for one after which another began', async () => {
    const { conversationId } = await handedOver();
    const earlier = `h-${randomUUID()}`;
    await chat.table.transcripts.putHandover({ ...record, handoverId: earlier, conversationId });
    expect(await stateOf(earlier)).toBe('ended');
  });

  test('is being handed over while nobody knows better, for half a minute', async () => {
    const handoverId = `h-${randomUUID()}`;
    await chat.table.transcripts.putHandover({
      ...record,
      handoverId,
      conversationId: handoverId.slice(2),
      openedAtMs: NOW_MS,
    });
    expect(await stateOf(handoverId)).toBe('pending');
    clock.jumpTo(NOW_MS + MINUTE_MS);
    expect(await stateOf(handoverId)).toBe('ended');
  });

  test('is where the call is for one that we placed', async () => {
    const handoverId = `h-${randomUUID()}`;
    const call: CallRecord = {
      ...{ requestId: randomUUID(), subject: 's', phone: '+15005550006', conversationId: 'c-call', topic: 'Claims' },
      ...{ name: 'Ada', language: undefined, status: 'agent_ringing', reason: undefined, callSid: undefined },
      ...{
        handoverId,
        dueAtMs: undefined,
        waitingSinceMs: undefined,
        createdAtMs: NOW_MS,
        updatedAtMs: NOW_MS,
        version: 1,
      },
    };
    await chat.table.calls.create(call);
    await chat.table.contexts.tell(handoverId, 'wish', { requestId: call.requestId }, NOW_MS);
    expect((await asked(`handoverId=${handoverId}`, agent())).body).toMatchObject({
      state: 'agent_ringing',
      phone: '+15005550006',
      name: 'Ada',
      topic: 'Claims',
      conversationId: 'c-call',
    });
    await chat.table.calls.swap(call, { ...call, status: 'failed', reason: 'nobody_answered', version: 2 });
    const { body } = await get(`handoverId=${handoverId}`, { ...browser, ...agent() });
    expect(body).toContain('Call failed');
    expect(body).toContain('<dd dir="auto">Nobody here took the call</dd>');
    expect((await asked(`handoverId=${handoverId}`, agent())).body.outcome).toBe('nobody_answered');
  });

  test('of a call that came in is open until its caller hangs up', async () => {
    const handoverId = `h-${randomUUID()}`;
    await chat.table.transcripts.putHandover({ ...record, handoverId, conversationId: handoverId, openedAtMs: NOW_MS });
    await chat.table.contexts.link(handoverId, `s-${handoverId}`, NOW_MS);
    expect((await asked(`handoverId=${handoverId}`, agent())).body).toMatchObject({
      state: 'open',
      conversationId: `s-${handoverId}`,
    });
    await chat.table.contexts.tell(handoverId, 'cdr', { endReason: 'assistant_transfer' }, NOW_MS);
    expect(await stateOf(handoverId)).toBe('open');
    // Nobody told of its end, and no call is as long.
    clock.jumpTo(NOW_MS + 4 * 60 * MINUTE_MS + 1);
    expect(await stateOf(handoverId)).toBe('ended');
    clock.jumpTo(NOW_MS);
    await chat.table.contexts.tell(`s-${handoverId}`, 'cdr', { endReason: 'caller_hangup' }, NOW_MS);
    await chat.table.contexts.tell(handoverId, 'cdr', { endReason: 'caller_hangup' }, NOW_MS + 1);
    expect(await stateOf(handoverId)).toBe('ended');
  });
});

describe('an agent with a session', () => {
  test('sees what is theirs or nobody’s, and nothing that a colleague has', async () => {
    const { handoverId } = await handedOver();
    const query = `handoverId=${handoverId}`;
    expect((await asked(query, agent('agent-7'))).status).toBe(200);
    await chat.table.contexts.tell(handoverId, 'agents', { agent: 'agent-7' }, NOW_MS);
    expect((await asked(query, agent('agent-7'))).status).toBe(200);
    expect(await asked(query, agent('agent-8'))).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    const page = await get(query, { ...browser, ...agent('agent-8') });
    expect([page.status, page.body.includes('A colleague has this one')]).toEqual([403, true]);
    expect((await get(linkTo(handoverId), program)).status).toBe(200);
  });

  test.for([
    ['that nobody knows', 'handoverId=h-unknown', 404, 'not_found'],
    ['with a path in it', 'handoverId=..%2F..%2Fsecrets', 400, 'invalid_request'],
    ['that is empty', 'handoverId=', 400, 'invalid_request'],
    ['that is there twice', 'handoverId=h-1&handoverId=h-2', 400, 'invalid_request'],
    ['that is another key', 'handoverId=h-1%23FACTS', 400, 'invalid_request'],
  ] as const)('asks in vain for a handover %s', async ([, query, status, code]) => {
    expect(await asked(query, agent())).toMatchObject({ status, body: { error: { code } } });
    const page = await get(query, { ...browser, ...agent() });
    expect([page.status, page.body.includes('There is no such handover')]).toEqual([status, true]);
  });

  test('of a visitor is refused', async () => {
    const headers = { authorization: `Bearer ${sessionToken({ sub: 'user-1' })}` };
    expect((await asked('handoverId=h-1', headers)).status).toBe(403);
    expect((await asked('', headers)).status).toBe(403);
  });
});

describe('the list', () => {
  test('has the open handovers, the newest first, each with a link that opens it', async () => {
    const [first, second, theirs, over] = [
      await handedOver(),
      await handedOver(),
      await handedOver(),
      await handedOver(),
    ];
    for (const [at, { handoverId, conversationId }] of [first, second, theirs, over].entries())
      await chat.table.openings.add({ handoverId, conversationId, kind: 'chat', openedAtMs: NOW_MS - 10_000 + at });
    await chat.table.contexts.tell(theirs.handoverId, 'agents', { agent: 'agent-8' }, NOW_MS);
    const state = await chat.table.states.read(over.conversationId);
    if (state)
      await chat.table.states.swap(over.conversationId, state, { ...state, seq: 2, mode: 'bot', pausedUntilMs: 0 });
    const { body } = await asked('', agent());
    const ids = body.handovers.map(({ handoverId }: { handoverId: string }) => handoverId);
    expect(ids.slice(0, 2)).toEqual([second.handoverId, first.handoverId]);
    expect(ids).not.toContain(theirs.handoverId);
    expect(ids).not.toContain(over.handoverId);
    const { url, ...listed } = body.handovers[0];
    expect(listed).toMatchObject({ kind: 'chat', state: 'human', name: 'Ada Lovelace', topic: 'Orders' });
    expect((await get(new URL(url).search.slice(1), browser)).status).toBe(200);
  });

  test('is a page too, whose token asks for the list of this agent and nothing else', async () => {
    const { handoverId, conversationId } = await handedOver();
    await chat.table.openings.add({ handoverId, conversationId, kind: 'chat', openedAtMs: NOW_MS });
    const { body } = await get('', { ...browser, ...agent() });
    expect(body).toContain('Open handovers');
    expect(body).toContain('Ada Lovelace');
    const { agent: sub, until, token } = dataIn(body);
    const own = { authorization: `Bearer ${token}` };
    const query = `agent=${sub}&until=${until}`;
    const { body: list } = await asked(query, own);
    expect(list.handovers.map((one: { handoverId: string }) => one.handoverId)).toContain(handoverId);
    for (const other of [
      '',
      `agent=agent-8&until=${until}`,
      `handoverId=${handoverId}`,
      `handoverId=${handoverId}&${query}`,
    ])
      expect((await asked(other, own)).status, other).toBe(401);
    clock.jumpTo(until);
    expect((await asked(query, own)).status).toBe(401);
  });

  test('leaves out what cannot be read any more', async () => {
    const { handoverId, conversationId } = await handedOver();
    for (const id of [`h-${randomUUID()}`, handoverId])
      await chat.table.openings.add({ handoverId: id, conversationId, kind: 'chat', openedAtMs: NOW_MS });
    const { status, body } = await asked('', agent());
    const ids = body.handovers.map((one: { handoverId: string }) => one.handoverId);
    expect([status, ids.includes(handoverId)]).toEqual([200, true]);
  });

  test('is not for whoever has a link', async () => {
    const { link } = await handedOver();
    expect((await asked(link.replace(/handoverId=[^&]+&/, ''), {})).status).toBe(401);
  });

  test('has what pause-check opens', async () => {
    const conversationId = randomUUID();
    await chat.ask({ conversationId, handover: { name: 'Grace', reason: 'A bug' } });
    const own = startFunction(agentView, chat.env);
    const jwt = sessionToken({ sub: 'agent-7', role: 'agent', iat: Math.floor(Date.now() / 1_000) });
    const { body } = await get('', { ...program, authorization: `Bearer ${jwt}` }, own);
    expect(JSON.parse(body).handovers[0]).toMatchObject({
      conversationId,
      state: 'human',
      name: 'Grace',
      reason: 'A bug',
    });
  });
});

test.for([
  ['de-AT,de;q=0.9,en;q=0.8', 'Bei einem Menschen', 'Dieser Link ist abgelaufen'],
  ['fr,en-GB;q=0.8,de;q=0.5', 'With a person', 'This link has expired'],
  ['', 'With a person', 'This link has expired'],
] as const)('a browser that asks for %j is spoken to in its language', async ([language, label, expired]) => {
  const { link } = await handedOver();
  const headers = { ...browser, 'accept-language': language };
  expect((await get(link, headers)).body).toContain(label);
  expect((await get('handoverId=h-1', headers)).body).toContain(expired);
});

test('another method is refused', async () => {
  for (const method of ['POST', 'DELETE'])
    expect((await view.call(inboundOf('{}', { method, headers: agent() }))).status).toBe(405);
});

test('a table that hangs is said in time, to people in words', async () => {
  const hanging = await startStandIn();
  hanging.behave('hang');
  const fn = startFunction(agentView, { ...chat.env, AWS_ENDPOINT_URL_DYNAMODB: new URL(hanging.url).origin });
  const query = new URL(agentLink(urls, secret, 'h-1', Date.now())).search.slice(1);
  const took = stopwatch();
  const { status, body } = await get(query, browser, fn);
  expect(took()).toBeLessThan(4_000);
  expect(status).toBeGreaterThanOrEqual(503);
  expect(body).toContain('It cannot be shown right now');
  await hanging.close();
});

test.for<[string, string, string]>([
  ['en', 'asked_for_person', 'Asked for a person'],
  ['en', 'bot_failed', 'The bot failed'],
  ['de', 'silence', 'Der Anrufer hat dem Bot nichts gesagt'],
  ['en', 'toString', 'toString'],
])(
  'a reason that is a code of ours is shown in words and told as it is, in %s: %s',
  async ([language, reason, said]) => {
    const { handoverId } = await handedOver([], { reason });
    await chat.table.openings.add({ handoverId, conversationId: 'c', kind: 'call', openedAtMs: NOW_MS });
    const headers = { ...browser, ...agent(), 'accept-language': language };
    const { body } = await get(`handoverId=${handoverId}`, headers);
    expect(body).toContain(`<p id="why" class="why" dir="auto">${said}</p>`);
    expect((await get('', headers)).body).toContain(`<p class="why" dir="auto">${said}</p>`);
    expect((await asked(`handoverId=${handoverId}`, agent())).body.reason).toBe(reason);
  },
);
