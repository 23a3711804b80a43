import { describe, expect, test } from 'vitest';
import { words } from '../../shared/bots/helpdesk/words-en.ts';
import { en } from '../../shared/core/voice-bot/words/en.ts';
import { helpdeskStage } from './helpdesk-stage.ts';
import type { LegStory } from './phone-stage.ts';

const stage = helpdeskStage({});

const HELPDESK = '+15005550012';
const ABRAHAM = { phone: '+15005550121', spoken: 'abraham dot lincoln at example dot com' };
/** Nobody may hear nothing for longer, and an apology comes so soon after the last word. */
const LIMITS = { silenceSec: 3, apologySec: 8 };

interface Incident {
  readonly number: string;
  readonly short_description: string;
  readonly urgency: string;
  readonly impact: string;
  readonly caller_id: string;
  readonly correlation_id?: string;
}

const incidents = async () =>
  (await stage.ask<{ incidents: readonly Incident[] }>('GET', '/_stage/servicenow')).incidents;
const fault = (mode: string) => stage.ask('POST', '/_stage/faults', { vendor: 'servicenow', mode });

/** Somebody who calls the helpdesk, and does one thing after the other. */
async function caller(from: object = { from: ABRAHAM.phone }) {
  const { callSid } = await stage.ask<{ callSid: string }>('POST', '/_stage/call-in', {
    ...{ to: HELPDESK, waits: true, ...from },
  });
  const leg = () => stage.leg(callSid);
  const isSettled = ({ asks, status, heard }: LegStory & { asks?: string }) =>
    asks !== undefined || status === 'completed' || heard.at(-1)?.text.startsWith('(plays');
  let known = 0;

  /** What they have heard since, when they are asked again, or stand in line, or the call is over. */
  async function hears(): Promise<string> {
    const since = known;
    await expect
      .poll(async () => isSettled(await leg()) && (await leg()).heard.length > since, { timeout: 12_000 })
      .toBe(true);
    const { heard } = await leg();
    known = heard.length;
    return heard
      .slice(since)
      .filter(({ by }) => by === 'line')
      .map(({ text }) => text)
      .join(' ');
  }
  const does = async (what: string, deed: object) => {
    await stage.ask('POST', `/_stage/calls/${what}`, { callSid, ...deed });
    return hears();
  };
  return {
    callSid,
    leg,
    hears,
    says: (text: string) => does('say', { text }),
    presses: (keys: string) => does('press', { keys }),
    hangsUp: () => stage.ask('POST', '/_stage/calls/hang-up', { callSid }),
  };
}

type Caller = Awaited<ReturnType<typeof caller>>;

/** Up to the question whether to open an incident with a description and a priority. */
async function confirms(call: Caller): Promise<string> {
  await call.hears();
  await call.says('I have a problem with my email');
  await call.says(ABRAHAM.spoken);
  await call.presses('1');
  expect(await call.presses('3')).toBe(words.askDescription);
  return call.says('Outlook asks for my password again and again');
}

/** That nobody was in silence too long, and how long it took from the last thing that they said to these words. */
async function secondsTo(call: Caller, answer: string): Promise<number> {
  const { heard, longestSilenceSec, alerts, party } = (await call.leg()) as LegStory & { party: string };
  expect(longestSilenceSec).toBeLessThanOrEqual(LIMITS.silenceSec);
  expect(alerts).toEqual([]);
  const at = heard.findIndex(({ text }) => text.includes(answer));
  const own = heard.slice(0, at).findLast(({ by }) => by === party) as { atSec: number; forSec?: number } | undefined;
  return (heard[at]?.atSec ?? Number.POSITIVE_INFINITY) - ((own?.atSec ?? 0) + (own?.forSec ?? 0));
}

test('row 41: a caller opens an incident in words and by key, and hears its number', async () => {
  const before = await incidents();
  const call = await caller();
  expect(await confirms(call)).toContain(words.shouldIOpen);
  const opened = await call.says('yes');
  const [incident, ...more] = (await incidents()).slice(before.length);
  expect(more).toEqual([]);
  expect(incident).toMatchObject({ short_description: 'Problem with email', urgency: '1', impact: '1' });
  expect(opened).toContain(words.opened(incident?.number ?? ''));
  expect(await call.says('goodbye')).toBe(words.goodbye);
  expect(await secondsTo(call, words.goodbye)).toBeLessThan(LIMITS.silenceSec);
  expect((await call.leg()).status).toBe('completed');
});

describe('row 42: how tickets stand', () => {
  const asks = async (call: Caller) => {
    await call.hears();
    await call.says('what is the status of my ticket');
    await call.says(ABRAHAM.spoken);
    return call.says('yes');
  };

  test('row 42: who is known by their number hears the newest first', async () => {
    const heard = await asks(await caller());
    expect(heard.match(/"[^"]+"/g)).toEqual([
      '"Problem with email"',
      '"New monitor for the theatre"',
      '"Cannot reach the file server"',
    ]);
    expect(heard).toContain(words.more(1));
  });

  test.for([
    ['another phone', { from: '+15005552222' }],
    ['the same number, for which nobody vouches', { from: ABRAHAM.phone, stirVerstat: '' }],
    ['a weaker word for it', { from: ABRAHAM.phone, stirVerstat: 'TN-Validation-Passed-B' }],
    ['a number that is withheld', { from: '+266696687' }],
  ] as const)('row 42: from %s nothing is read out before a code', async ([, from]) => {
    const call = await caller(from);
    const heard = [await asks(call), await call.presses('0000#'), await call.says('read me my tickets')];
    expect(heard.join(' ')).not.toMatch(/INC\d|theatre|file server/);
    const texts = await stage.ask<{ to: string; body: string }[]>('GET', '/_stage/texts');
    expect(texts.map(({ to }) => to).every((to) => to === ABRAHAM.phone)).toBe(true);
  });
});

describe('a ServiceNow that does not answer', () => {
  /** What the caller says last, by what is asked of ServiceNow then. */
  const lastWords: Readonly<Record<string, (call: Caller) => Promise<() => Promise<string>>>> = {
    'who that is': async (call) => {
      await call.hears();
      await call.says('I have a problem with my email');
      await call.says(ABRAHAM.spoken);
      return () => call.says('yes');
    },
    'to open it': async (call) => {
      await confirms(call);
      return () => call.says('yes');
    },
    'for the tickets': async (call) => {
      await call.hears();
      await call.says('what is the status of my ticket');
      await call.says(ABRAHAM.spoken);
      return () => call.says('yes');
    },
  };

  test.for(Object.keys(lastWords).flatMap((asked) => ['hang', '500', 'html'].map((mode) => [mode, asked] as const)))(
    'row 43: %s, asked %s: an apology within 8 s, never more than 3 s of silence, and a person',
    async ([mode, asked]) => {
      const call = await caller();
      const last = await lastWords[asked]?.(call);
      await fault(mode);
      const heard = (await last?.()) ?? '';
      expect(heard).toContain(words.away);
      expect(await secondsTo(call, words.away)).toBeLessThanOrEqual(LIMITS.apologySec);
      const view = await stage.seenByAgent(call.callSid);
      const said = view.lines.map(({ text }) => text);
      expect(said).toContain('yes');
      expect(said).toContain(words.away);
    },
  );
});

describe('row 44: a person', () => {
  const phones = helpdeskStage({ DESK: 'phone' });

  test('row 44: who asks for an agent in the middle gets one, who has heard who waits and why, and sees the rest', async () => {
    await phones.people({ '+15005550008': { presses: ['1'], says: ['Hello, how can I help?'] } });
    const callSid = await phones.callIn({
      ...{ to: HELPDESK, from: ABRAHAM.phone },
      speaks: ['I forgot my password', ABRAHAM.spoken, 'yes', 'medium', 'let me speak to a human'],
      says: ['My password.'],
    });
    const agent = await phones.legTo('+15005550008');
    await expect.poll(async () => (await phones.leg(callSid)).heard.at(-1)?.text).toBe('Hello, how can I help?');
    const { heard } = await phones.leg(agent.callSid);
    expect(heard[0]?.text).toMatch(/incident/i);
    const own = (await phones.events()).filter(({ conversationId }) => conversationId === callSid);
    const { handoverId } = own.find((event) => event.handoverId !== undefined) ?? {};
    const { url } = await phones.ask<{ url: string }>('POST', '/_stage/agent-link', { handoverId });
    const { pathname, search } = new URL(url);
    const view = await phones.send(`${pathname}${search}`, { headers: { accept: 'application/json' } });
    expect(await view.json()).toMatchObject({
      topic: 'incident',
      fields: { email: 'abraham.lincoln@example.com', priority: 'medium' },
      draft: { short_description: 'Problem resetting password', urgency: '2' },
      lines: expect.arrayContaining([expect.objectContaining({ text: 'let me speak to a human' })]),
    });
    expect((await phones.leg(callSid)).longestSilenceSec).toBeLessThanOrEqual(LIMITS.silenceSec);
  });
});

describe('a line that breaks', () => {
  test('row 41: who calls again within the hour goes on where it stopped, and hears no address before', async () => {
    const before = await incidents();
    const first = await caller({ from: '+15005552222' });
    await confirms(first);
    await first.hangsUp();
    const again = await caller({ from: '+15005552222' });
    const asked = await again.hears();
    expect(asked).toContain(en.words.resume);
    const goesOn = await again.says('yes');
    expect(asked + goesOn).not.toMatch(/lincoln/i);
    expect(goesOn).toContain(words.shouldIOpen);
    expect(await again.says('yes')).toMatch(/Successfully opened up incident INC\d+/);
    expect((await incidents()).length - before.length).toBe(1);
  });

  test.for([
    ['an hour later', { from: '+15005552222' }, 3_601_000],
    ['from another phone', { from: '+15005553333' }, 0],
    ['from one that is withheld', { from: '+266696687' }, 0],
  ] as const)('row 41: %s nobody is asked for it', async ([, from, advanceMs]) => {
    const first = await caller({ from: '+15005552222' });
    await confirms(first);
    await first.hangsUp();
    await stage.ask('POST', '/_stage/clock', { advanceMs });
    expect(await (await caller(from)).hears()).toContain(words.whatCanIDo);
  });
});

test('a request that Twilio repeats gets the same TwiML, and opens nothing twice', async () => {
  const before = await incidents();
  const call = await caller();
  /** All requests so far that are not known yet, once more. */
  let repeated = 0;
  async function repeats(): Promise<void> {
    const asked = (await stage.events()).filter(({ url }) => url.includes('/helpdesk-call'));
    for (const { url, body, headers, answer } of asked.slice(repeated)) {
      const { pathname, search } = new URL(url);
      const again = await stage.send(`${pathname}${search}`, { method: 'POST', body, headers: { ...headers } });
      expect(await again.text()).toBe(answer);
    }
    repeated = asked.length;
  }
  await expect.poll(async () => (await stage.leg(call.callSid)).heard.length).toBeGreaterThan(1);
  await repeats();
  await confirms(call);
  await call.says('yes');
  await repeats();
  expect(repeated).toBeGreaterThan(6);
  expect((await incidents()).length - before.length).toBe(1);
});
