import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentCaller, signList } from '../../../shared/core/callers/agent.ts';
import { agentLink, signAgentLink, signNow } from '../../../shared/core/callers/agent-link.ts';
import { visitorCaller } from '../../../shared/core/callers/session.ts';
import { inboundOf, sessionToken, testSettings } from '../../support/calls.ts';
import { knock, NOW_MS } from '../../support/who-calls.ts';

const secret = testSettings.SESSION_SECRET;
const MINUTE_MS = 60_000;

/** An agent's browser opens the page: no Origin, nothing but the address. */
const opens = (query: string, nowMs = NOW_MS, env = {}) =>
  knock(agentCaller, inboundOf('{}', { method: 'GET', query, headers: { 'content-type': 'application/json' } }), {
    nowMs,
    env,
  });
const polls = (query: string, token: string, nowMs = NOW_MS) =>
  knock(
    agentCaller,
    inboundOf('{}', {
      method: 'GET',
      query,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    }),
    { nowMs },
  );

describe('a signed link', () => {
  const link = signAgentLink('h7f2', secret, NOW_MS);
  const address = `handoverId=h7f2&link=${link}`;

  test('is short and safe in an address', () => {
    expect(link).toMatch(/^[0-9a-z]{6}\.[A-Za-z0-9_-]{43}$/);
  });

  test('is the whole address of the page for task attributes and texts', async () => {
    const urls = { of: (name: string) => `https://handover.example.com/base/${name}` };
    const whole = new URL(agentLink(urls, secret, 'h:1+2@x', NOW_MS));
    expect(whole.href).toMatch(/^https:\/\/handover\.example\.com\/base\/agent-view\?/);
    expect(whole.searchParams.get('handoverId')).toBe('h:1+2@x');
    expect((await opens(whole.search.slice(1))).who).toMatchObject({ kind: 'viewer', handoverId: 'h:1+2@x' });
  });

  test('opens its one handover and yields a token for it', async () => {
    const { who } = await opens(address);
    expect(who).toEqual({ kind: 'viewer', handoverId: 'h7f2', viewToken: expect.any(String) });
    expect((await polls('handoverId=h7f2', who.viewToken)).who).toEqual(who);
  });

  test('may be opened again within 15 minutes, not later', async () => {
    expect((await opens(address)).who.handoverId).toBe('h7f2');
    expect((await opens(address, NOW_MS + 15 * MINUTE_MS - 1)).who.handoverId).toBe('h7f2');
    expect((await opens(address, NOW_MS + 15 * MINUTE_MS)).code).toBe('unauthorized');
  });

  test('of an instance whose clock is ahead is good, one from the future is not', async () => {
    expect((await opens(address, NOW_MS - MINUTE_MS)).who.handoverId).toBe('h7f2');
    expect((await opens(address, NOW_MS - 2 * MINUTE_MS)).code).toBe('unauthorized');
  });

  test.for([
    ['of another handover', `handoverId=h7f3&link=${link}`],
    ['without a handover', `link=${link}`],
    ['with two handovers', `handoverId=h7f2&handoverId=h7f3&link=${link}`],
    ['that is there twice', `${address}&link=${link}`],
    ['that is missing', 'handoverId=h7f2'],
    ['that is empty', 'handoverId=h7f2&link='],
    [
      'made later by hand',
      `handoverId=h7f2&link=${link.replace(/^[0-9a-z]+/, (Math.floor(NOW_MS / 1_000) + 1).toString(36))}`,
    ],
    ['written in capitals', `handoverId=h7f2&link=${link.toUpperCase()}`],
    [
      'signed with the secret of somebody else',
      `handoverId=h7f2&link=${signAgentLink('h7f2', 'x'.repeat(32), NOW_MS)}`,
    ],
  ] as const)('%s opens nothing', async ([, query]) => {
    const { code, reply } = await opens(query);
    expect([code, reply.status]).toEqual(['unauthorized', 401]);
  });

  test('whatever of it is changed, it opens nothing', async () => {
    const letters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.');
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: link.length - 1 }), letters, async (at, letter) => {
        const changed = link.slice(0, at) + letter + link.slice(at + 1);
        fc.pre(changed !== link);
        expect((await opens(`handoverId=h7f2&link=${changed}`)).code).toBe('unauthorized');
      }),
    );
  });

  test('moves nothing between its time and the handover', async () => {
    const [madeAt = '', mac = ''] = signAgentLink('x.h7f2', secret, NOW_MS).split('.');
    expect((await opens(`handoverId=h7f2&link=${madeAt}.x.${mac}`)).code).toBe('unauthorized');
    expect((await opens(`handoverId=h7f2&link=${encodeURIComponent(`${madeAt}.x`)}.${mac}`)).code).toBe('unauthorized');
  });

  test('made before the secret was rotated still opens', async () => {
    const rotated = { SESSION_SECRET: 'n'.repeat(32), SESSION_SECRET_SECONDARY: secret };
    expect((await opens(address, NOW_MS, rotated)).who.handoverId).toBe('h7f2');
    expect((await opens(address, NOW_MS, { SESSION_SECRET: 'n'.repeat(32) })).code).toBe('unauthorized');
  });
});

describe('the token of an opened page', () => {
  test('is good for a shift and for its handover, not longer and for no other', async () => {
    const { viewToken } = (await opens(`handoverId=h1&link=${signAgentLink('h1', secret, NOW_MS)}`)).who;
    const shiftMs = 8 * 60 * MINUTE_MS;
    expect((await polls('handoverId=h1', viewToken, NOW_MS + shiftMs - 1)).who.handoverId).toBe('h1');
    expect((await polls('handoverId=h1', viewToken, NOW_MS + shiftMs)).code).toBe('unauthorized');
    expect((await polls('handoverId=h2', viewToken)).code).toBe('unauthorized');
    expect((await polls('', viewToken)).code).toBe('unauthorized');
  });

  test('and the link cannot stand for each other', async () => {
    const link = signAgentLink('h1', secret, NOW_MS);
    const { viewToken } = (await opens(`handoverId=h1&link=${link}`)).who;
    expect((await polls('handoverId=h1', link)).code).toBe('unauthorized');
    expect((await opens(`handoverId=h1&link=${viewToken}`)).code).toBe('unauthorized');
  });

  test('is no session of a visitor', async () => {
    const { viewToken } = (await opens(`handoverId=h1&link=${signAgentLink('h1', secret, NOW_MS)}`)).who;
    const headers = { authorization: `Bearer ${viewToken}`, origin: 'https://shop.example.com' };
    expect((await knock(visitorCaller, inboundOf('', { headers }))).code).toBe('unauthorized');
  });
});

describe('the token of an opened list', () => {
  const untilMs = NOW_MS + 10 * 60 * MINUTE_MS;
  const token = signList('agent-7', untilMs, secret, NOW_MS);
  const own = `agent=agent-7&until=${untilMs}`;

  test('is its agent for a shift, without a handover, and nobody else', async () => {
    const shiftMs = 8 * 60 * MINUTE_MS;
    const who = { kind: 'agent', sub: 'agent-7', endsAtMs: untilMs };
    expect((await polls(own, token, NOW_MS + shiftMs - 1)).who).toEqual(who);
    expect((await polls(own, token, NOW_MS + shiftMs)).code).toBe('unauthorized');
    for (const query of [
      '',
      'agent=agent-7',
      `agent=agent-8&until=${untilMs}`,
      `agent=agent-7&until=${untilMs + 1}`,
      `${own}&agent=agent-7`,
      'handoverId=agent-7',
      `handoverId=h1&${own}`,
    ])
      expect((await polls(query, token)).code, query).toBe('unauthorized');
  });

  test('is nobody any more once the session that opened the list is over', async () => {
    const endsAtMs = NOW_MS + 10 * MINUTE_MS;
    const short = signList('agent-7', endsAtMs, secret, NOW_MS);
    const query = `agent=agent-7&until=${endsAtMs}`;
    expect((await polls(query, short, endsAtMs - 1)).who.sub).toBe('agent-7');
    expect((await polls(query, short, endsAtMs)).code).toBe('unauthorized');
  });

  test('cannot be stood for by what opens a handover', async () => {
    for (const purpose of ['link', 'view'] as const)
      for (const about of ['agent-7', JSON.stringify(['agent-7', untilMs])])
        expect((await polls(own, signNow(purpose, about, secret, NOW_MS))).code).toBe('unauthorized');
  });
});

describe('the session of an agent', () => {
  test('tells who they are, with or without a handover in the address', async () => {
    const exp = NOW_MS / 1_000 + 60;
    const jwt = sessionToken({ sub: 'agent-7', role: 'agent', exp });
    const who = { kind: 'agent', sub: 'agent-7', endsAtMs: exp * 1_000 };
    expect((await polls('handoverId=h1', jwt)).who).toEqual(who);
    expect((await polls('', jwt)).who).toEqual(who);
  });

  test.for([
    ['of a visitor', { sub: 'user-1' }, 'forbidden'],
    ['of another role', { sub: 'user-1', role: 'Agent' }, 'forbidden'],
    ['that expired', { sub: 'agent-7', role: 'agent', exp: NOW_MS / 1_000 }, 'unauthorized'],
    ['that is too old', { sub: 'agent-7', role: 'agent', iat: 1_000_000_000 }, 'session_too_old'],
    ['for somebody else', { sub: 'agent-7', role: 'agent', aud: 'flex' }, 'unauthorized'],
  ] as const)('one %s opens nothing', async ([, claims, code]) => {
    expect((await polls('handoverId=h1', sessionToken(claims))).code).toBe(code);
  });

  test('counts before a link in the same address', async () => {
    const address = `handoverId=h1&link=${signAgentLink('h1', secret, NOW_MS)}`;
    expect((await polls(address, sessionToken({ sub: 'user-1' }))).code).toBe('forbidden');
  });

  test('nothing at all is nobody', async () => {
    expect((await opens('')).code).toBe('unauthorized');
  });
});
