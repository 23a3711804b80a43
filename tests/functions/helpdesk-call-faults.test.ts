import { describe, expect, test } from 'vitest';
import { handoverOfCall } from '../../shared/core/call/call-handover.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { BotAnswer } from '../../shared/core/voice-bot/voice-bot.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { failingAt } from '../support/failing-table.ts';
import { wrapTable } from '../support/jittery-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { runningClock } from '../support/running-clock.ts';
import { ACCOUNT_SID, callSidOf, helpdesk, scriptedBot } from '../support/voice-calls.ts';

const handoverId = handoverOfCall({ AccountSid: ACCOUNT_SID, CallSid: callSidOf(1) }) ?? '';
const APOLOGY = 'I am sorry, something went wrong on our side. I am connecting you with a person.';

/** A bot that is well until something is said to it. */
const until = (fails: () => Partial<BotAnswer> | Promise<Partial<BotAnswer>>) =>
  scriptedBot(({ heard }) =>
    heard.is === 'start' ? { says: [{ text: 'Hello!' }], known: { topic: 'mail', draft: { title: 'x' } } } : fails(),
  );

/** As for a bot over the network. */
const env = { SPEECH_TIMEOUT_SEC: '1' };

const never = () => new Promise<never>(() => {});

describe('a bot that fails', () => {
  test.for<[string, () => Partial<BotAnswer> | Promise<Partial<BotAnswer>>]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'throws what is no error',
      () => {
        throw 'broken';
      },
    ],
    ['never answers', never],
    ['answers nonsense', () => ({ says: 'hello' }) as never],
    ['gives the call to a bot that is not set up', () => ({ next: { bot: { is: 'watson' } } })],
  ])('and %s is apologised for, and the caller gets a person with all that is known', async ([, fails]) => {
    const clock = runningClock();
    const bot = until(fails);
    const { caller, table, lines } = helpdesk({ bot: ({ is }) => (is === 'watson' ? undefined : bot), clock, env });
    const call = caller();
    await call.calls();
    const beganMs = clock.nowMs();
    const person = await call.says('my mail is broken');
    expect(clock.nowMs() - beganMs).toBeLessThan(2_900);
    expect([person.said, person.ends]).toEqual([APOLOGY, 'Redirect']);
    expect(person.leadsTo).toMatch(/step=person&handover=h\w+&reason=assistant_failed$/);
    const known = await table.contexts.read(handoverId);
    expect(known?.facts).toMatchObject({ reason: 'bot_failed', topic: 'mail', draft: { title: 'x' } });
    expect(known?.record).toMatchObject({ reason: 'bot_failed', topic: 'mail' });
    expect((await table.openings.newest(clock.nowMs(), 1))[0]).toMatchObject({ handoverId, kind: 'call' });
    const said = (await table.transcripts.lines(handoverId, 10)).map(({ text }) => text);
    expect(said).toEqual(['Hello!', 'my mail is broken', APOLOGY]);
    expect(lines.join()).not.toMatch(/broken|5550001/);
  });

  test('goes round with others, or on and on alone, only so often', async () => {
    const round = scriptedBot(({ heard }) => ({ next: { bot: { is: heard.is === 'start' ? 'rasa' : 'helpdesk' } } }));
    const alone = scriptedBot(() => ({ says: [{ text: 'One moment.' }], next: 'go-on' }));
    for (const bot of [round, alone]) {
      const caller = helpdesk({ bot }).caller();
      let heard = await caller.calls();
      let turns = 1;
      for (; turns < 20 && heard.leadsTo.includes('helpdesk-call'); turns++) heard = await caller.waits();
      expect(heard.said).toMatch(/something went wrong/);
      expect(turns).toBeLessThan(8);
    }
  });

  test('and takes most of the time leaves the next bot a turn of its own', async () => {
    const clock = runningClock();
    const slow = scriptedBot(async ({ heard }) => {
      if (heard.is === 'start') return {};
      await clock.sleep(1_500);
      return { says: [{ text: 'Over to orders.' }], next: { bot: { is: 'rasa' } } };
    });
    const other = scriptedBot(({ heard }) => ({ says: [{ text: `Orders: ${heard.is}.` }] }));
    const caller = helpdesk({ bot: ({ is }) => (is === 'rasa' ? other : slow), clock, env }).caller();
    await caller.calls();
    const over = await caller.says('orders');
    expect([over.said, over.ends]).toEqual(['Over to orders.', 'Redirect']);
    expect((await caller.waits()).said).toBe('Orders: start.');
  });

  test('and is followed by a second leaves the third a turn of its own, however quick they are', async () => {
    const after = { helpdesk: 'rasa', rasa: 'watson', watson: undefined } as const;
    const botOf = (is: keyof typeof after) =>
      scriptedBot(({ heard }) => {
        const next = after[is];
        if (heard.is === 'start' && is === 'helpdesk') return {};
        return { says: [{ text: `This is ${is}.` }], ...(next && { next: { bot: { is: next } } }) };
      });
    const caller = helpdesk({ bot: ({ is }) => botOf(is as keyof typeof after), env }).caller();
    await caller.calls();
    const over = await caller.says('orders');
    expect([over.said, over.ends]).toEqual(['This is helpdesk. This is rasa.', 'Redirect']);
    expect((await caller.waits()).said).toBe('This is watson.');
  });

  test('has less time where the table took some of it, and is still apologised for with all that is known', async () => {
    const clock = runningClock();
    const table = wrapTable(memoryTable(), async (name, does) => {
      if (name === 'voice.around') await clock.sleep(600);
      return does();
    });
    const { caller } = helpdesk({ bot: until(never), clock, table });
    const call = caller();
    await call.calls();
    await call.says('my mail is broken');
    expect((await table.contexts.read(handoverId))?.facts.reason).toBe('bot_failed');
  });

  test('a table that does not tell what went before gets another chance to tell people', async () => {
    const broken = { now: false };
    const table = wrapTable(memoryTable(), async (name, does) => {
      if (name === 'voice.around' && broken.now) throw new Problem('state_unavailable');
      return does();
    });
    const { caller } = helpdesk({ bot: until(() => ({ says: [{ text: 'Noted.' }] })), table });
    const call = caller();
    await call.calls();
    await call.says('my mail is broken');
    broken.now = true;
    const person = await call.says('4 7 1 1');
    expect([person.said, person.ends]).toEqual([APOLOGY, 'Redirect']);
    expect(person.leadsTo).toContain(`handover=${handoverId}`);
    expect((await table.contexts.read(handoverId))?.facts).toMatchObject({ reason: 'bot_failed', topic: 'mail' });
    const said = (await table.transcripts.lines(handoverId, 10)).map(({ text }) => text);
    expect(said).toEqual(['Hello!', 'my mail is broken', 'Noted.', APOLOGY]);
  });

  test('may take several turns alone each time that something is said', async () => {
    const bot = scriptedBot(({ heard, state }) => {
      if (heard.is === 'start' || (heard.is === 'go-on' && state === 3)) return { says: [{ text: 'Done.' }] };
      return { says: [{ text: 'Wait.' }], next: 'go-on', state: heard.is === 'go-on' ? Number(state) + 1 : 1 };
    });
    const caller = helpdesk({ bot }).caller();
    await caller.calls();
    for (let times = 0; times < 3; times++) {
      let heard = await caller.says('do it');
      while (heard.ends === 'Redirect' && heard.leadsTo.includes('helpdesk-call')) heard = await caller.waits();
      expect([heard.said, heard.ends]).toEqual(['Done.', 'Gather']);
    }
  });

  test('that was given the call begins once, also where it needs time for that', async () => {
    const clock = runningClock();
    const slow = scriptedBot(async ({ heard }) => {
      if (heard.is !== 'start') await clock.sleep(1_500);
      return heard.is === 'start' ? {} : { next: { bot: { is: 'rasa' } } };
    });
    const other = scriptedBot(({ heard }) => (heard.is === 'start' ? { next: 'go-on' } : {}));
    const caller = helpdesk({ bot: ({ is }) => (is === 'rasa' ? other : slow), clock, env }).caller();
    await caller.calls();
    await caller.says('orders');
    for (let turn = 0; turn < 2; turn++) await caller.waits();
    expect(other.turns.map(({ heard }) => heard.is)).toEqual(['start', 'go-on']);
  });

  test('has at most 2.4 seconds for partners', async () => {
    const bot = until(() => ({}));
    const caller = helpdesk({ bot, clock: runningClock() }).caller();
    await caller.calls();
    const left = bot.turns[0]?.deadline.remainingMs() ?? 0;
    expect(left).toBeGreaterThan(2_300);
    expect(left).toBeLessThanOrEqual(2_400);
  });
});

describe('a request that comes again', () => {
  test('gets the answer of the first, whatever the bot would say now, and asks no bot', async () => {
    const bot = scriptedBot((_, nth) => ({ says: [{ text: `Answer ${nth}.` }] }));
    const caller = helpdesk({ bot }).caller();
    const first = await caller.calls();
    expect((await caller.again()).reply.body).toBe(first.reply.body);
    const second = await caller.says('hello');
    expect((await caller.again()).reply.body).toBe(second.reply.body);
    expect((await caller.again({ SpeechResult: 'other words' })).reply.body).toBe(second.reply.body);
    expect(bot.turns).toHaveLength(2);
  });

  test('while the first is under way elsewhere gets one answer with it', async () => {
    const table = memoryTable();
    const answers = await Promise.all(
      [1, 2, 3].map(async (nth) => {
        const desk = helpdesk({ bot: scriptedBot(() => ({ says: [{ text: `Instance ${nth}.` }] })), table });
        return { caller: desk.caller(), nth };
      }),
    );
    const url = (await answers[0]?.caller.calls())?.leadsTo.split('?')[1] ?? '';
    const bodies = await Promise.all(
      answers.map(async ({ nth }) => {
        const desk = helpdesk({ bot: scriptedBot(() => ({ says: [{ text: `Instance ${nth}.` }] })), table });
        return (await desk.caller(callSidOf(1), undefined, url).says(`words ${nth}`)).reply.body;
      }),
    );
    expect(new Set(bodies).size).toBe(1);
  });

  test('after the way to a person tells people nothing new', async () => {
    const { caller, table, clock } = helpdesk({ bot: until(() => ({})) });
    const call = caller();
    await call.calls();
    const person = await call.says('agent');
    const before = await table.contexts.read(handoverId);
    clock.advance(60_000);
    expect((await call.again()).reply.body).toBe(person.reply.body);
    expect(await table.contexts.read(handoverId)).toEqual(before);
    expect(await table.openings.newest(clock.nowMs(), 10)).toHaveLength(1);
  });

  test('that goes back to the flow and comes in once more is a new talk in the same call, told to people as one', async () => {
    const known = { name: 'Ada' };
    const bot = scriptedBot(({ heard }) => (heard.is === 'start' ? { says: [{ text: 'Hello!' }] } : { known }));
    const { caller, clock, table } = helpdesk({ bot });
    const call = caller();
    await call.calls();
    await call.says('my mail is broken');
    await call.says('agent');
    clock.advance(30_000);
    const again = await call.calls();
    expect([again.said, again.ends]).toEqual(['Hello!', 'Gather']);
    expect(bot.turns.at(-1)?.state).toBeUndefined();
    expect((await call.says('agent')).ends).toBe('Redirect');
    const texts = (await table.transcripts.lines(handoverId, 20)).map(({ text }) => text);
    expect(texts.filter((text) => ['Hello!', 'my mail is broken', 'agent'].includes(text))).toEqual([
      ...['Hello!', 'my mail is broken', 'agent', 'Hello!', 'agent'],
    ]);
    expect((await table.contexts.read(handoverId))?.facts.name).toBe('Ada');
  });
});

test('a call that comes in once more after it went to a person at once, or in the middle of a talk, begins anew', async () => {
  const atOnce = scriptedBot((_, nth) => (nth === 1 ? { next: 'person' } : { says: [{ text: 'Hello again!' }] }));
  const middle = scriptedBot(({ heard }) => ({ says: [{ text: heard.is === 'start' ? 'Hello again!' : 'Yes?' }] }));
  for (const bot of [atOnce, middle]) {
    const { caller, clock } = helpdesk({ bot });
    const call = caller();
    await call.calls();
    if (bot === middle) await call.says('hello');
    clock.advance(30_000);
    expect((await call.calls()).said).toBe('Hello again!');
  }
});

test('nothing follows a turn that ended the talk: a request for that begins anew', async () => {
  const { caller, table } = helpdesk({ bot: until(() => ({ says: [{ text: 'Bye.' }], next: 'hang-up' })) });
  const call = caller();
  await call.calls();
  await call.says('no');
  const at = (await table.voice.newest('+15005550001'))?.call.atMs;
  expect((await caller(callSidOf(1), undefined, `turn=2&at=${at}`).says('hello')).said).toBe('Hello!');
});

describe('on the way to a person', () => {
  test('what `REDACT` names is taken out of everything that is kept to be read', async () => {
    const secret = 'ada@example.com';
    const known = { name: secret, reason: secret, fields: { email: secret }, draft: { caller: secret } };
    const bot = scriptedBot(() => ({ says: [{ text: `I have ${secret}.` }], known }));
    const { caller, table } = helpdesk({ bot, env: { REDACT: 'email' } });
    const call = caller();
    await call.calls();
    await call.says(`my address is ${secret}`);
    await call.says('agent');
    const kept = [
      await table.contexts.read(handoverId),
      await table.transcripts.lines(handoverId, 10),
      (await table.voice.newest('+15005550001'))?.lines,
    ];
    expect(kept[1]).toHaveLength(5);
    expect(JSON.stringify(kept)).not.toContain(secret);
  });

  test('lines stand in the order of the turns, also where the clocks of those who took them differ', async () => {
    const { caller, clock, table } = helpdesk({ bot: until(() => ({ says: [{ text: 'Yes?' }] })) });
    const call = caller();
    await call.calls();
    clock.advance(5_000);
    await call.says('my mail');
    clock.jumpTo(clock.nowMs() - 7_000);
    await call.says('my printer');
    await call.says('agent');
    const texts = (await table.transcripts.lines(handoverId, 10)).map(({ text }) => text);
    expect(texts.slice(0, -1)).toEqual(['Hello!', 'my mail', 'Yes?', 'my printer', 'Yes?', 'agent']);
  });

  test('the reason of the bot is told rather than ours, and its last words also where they could not be kept', async () => {
    let isAway = false;
    const table = wrapTable(memoryTable(), async (name, does) => {
      if (isAway && name === 'voice.put') throw new Error('away');
      return does();
    });
    const bot = scriptedBot(({ heard }) => {
      isAway = heard.is === 'words';
      const known = { reason: 'two failed codes' };
      return heard.is === 'words' ? { says: [{ text: 'Somebody helps you.' }], next: 'person', known } : {};
    });
    const call = helpdesk({ bot, table }).caller();
    await call.calls();
    expect((await call.says('hello')).said).toMatch(/^Somebody helps you\. All right/);
    expect((await table.contexts.read(handoverId))?.facts.reason).toBe('two failed codes');
    const texts = (await table.transcripts.lines(handoverId, 10)).map(({ text }) => text);
    expect(texts.slice(0, 3)).toEqual(['I am listening.', 'hello', 'Somebody helps you.']);
  });
});

describe('the table', () => {
  test('is asked once and written once in a turn', async () => {
    const used: string[] = [];
    const table = wrapTable(memoryTable(), async (name, does) => {
      used.push(name);
      return does();
    });
    const caller = helpdesk({ bot: until(() => ({ says: [{ text: 'Yes?' }] })), table }).caller();
    await caller.calls();
    expect(used.splice(0)).toEqual(['voice.newest', 'voice.put']);
    for (const turn of [caller.says('hello'), caller.says('repeat'), caller.waits()]) {
      await turn;
      used.splice(0);
    }
    await caller.says('hello');
    expect(used.splice(0)).toEqual(['voice.around', 'voice.put']);
    await caller.waits();
    expect(used.splice(0)).toEqual(['voice.around', 'voice.put']);
    await caller.says('agent');
    const all = [
      'voice.around',
      'voice.put',
      'voice.ofCall',
      'contexts.tell',
      'transcripts.putHandover',
      'openings.add',
    ];
    expect(used).toEqual([...all, 'transcripts.putHistory']);
  });

  test('may fail at any use, before or after it took effect: the caller always hears where they are led', async () => {
    for (const when of ['before', 'after'] as const)
      for (let at = 0; at < 12; at++) {
        const table = failingAt(memoryTable(), at, when);
        const caller = helpdesk({ bot: until(() => ({ says: [{ text: 'Yes?' }] })), table }).caller();
        const heard = [await caller.calls(), await caller.says('hello'), await caller.says('agent')];
        for (const { said, ends } of heard) {
          expect(said).not.toBe('');
          expect(['Gather', 'Redirect']).toContain(ends);
        }
        expect(heard.at(-1)?.ends).toBe('Redirect');
      }
  });

  test('that is never heard of costs the caller no silence of three seconds, and leads to a person', async () => {
    const clock = runningClock();
    const table = wrapTable(memoryTable(), never);
    const { caller, lines } = helpdesk({ bot: until(() => ({})), table, clock });
    const beganMs = clock.nowMs();
    const heard = await caller().calls();
    expect(clock.nowMs() - beganMs).toBeLessThan(3_000);
    expect([heard.said, heard.ends]).toEqual([APOLOGY, 'Redirect']);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', status: 200 });
  });

  test.for(['voice.around', 'voice.put'])(
    'that stops at %s after 2 s of silence costs one more at most',
    async (at) => {
      const clock = runningClock();
      const stuck = { now: false };
      const table = wrapTable(memoryTable(), (name, does) => (stuck.now && name === at ? never() : does()));
      const { caller } = helpdesk({ bot: until(() => ({ says: [{ text: 'Noted.' }] })), table, clock });
      const call = caller();
      await call.calls();
      stuck.now = true;
      const beganMs = clock.nowMs();
      const heard = await call.says('my mail is broken');
      expect(clock.nowMs() - beganMs).toBeLessThanOrEqual(1_000);
      expect([heard.said, heard.ends]).toEqual([APOLOGY, 'Redirect']);
    },
  );
});

describe('a request that says nothing readable', () => {
  test.for([
    'turn=x&at=y',
    'turn=0&at=1767225900000',
    'turn=1',
    'turn=1&at=1',
    'turn=1&turn=1&at=1767225900000',
    'turn=99999&at=1767225900000',
    'turn=3&at=1767225900000',
    'turn=1e1&at=9999999999999',
    'at=%00',
    'turn[]=1',
  ])('of its place begins the call anew: %s', async (query) => {
    const { caller } = helpdesk({ bot: until(() => ({})) });
    const heard = await caller(callSidOf(1), undefined, query).says('hello');
    expect([heard.said, heard.ends]).toEqual(['Hello!', 'Gather']);
  });

  test.for<[string, Record<string, string>]>([
    ['no SID', { CallSid: '' }],
    ['a malformed SID', { CallSid: 'CA1' }],
    ['no account', { AccountSid: '' }],
  ])('of its call is apologised for, and leads to a person: %s', async ([, fields]) => {
    const heard = await helpdesk({ bot: until(() => ({})) })
      .caller()
      .says('hello', fields);
    expect([heard.said, heard.ends]).toEqual([APOLOGY, 'Redirect']);
    expect(heard.leadsTo).toBe(`${testSettings.PUBLIC_BASE_URL}/call-leg?step=person&reason=assistant_failed`);
  });

  test('is refused unsigned, and by another method', async () => {
    const { call } = helpdesk({ bot: until(() => ({})) });
    const forged = { ...twilioCall('helpdesk-call', { CallSid: callSidOf(1) }), body: new Uint8Array([65]) };
    expect((await call(forged)).status).toBe(403);
    expect((await call({ ...twilioCall('helpdesk-call', {}), method: 'GET' })).status).toBe(405);
  });
});
