import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HelpdeskParts } from '../../../shared/bots/helpdesk/parts.ts';
import { defaultLimits } from '../../../shared/bots/helpdesk/settings.ts';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { NotTaken } from '../../../shared/core/handover/not-taken.ts';
import type { Heard, VoiceCaller } from '../../../shared/core/voice-bot/voice-bot.ts';
import { type HelpdeskCall, helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { endlessTurn, memoryCodes, memoryIncidents, user } from '../../support/helpdesk-ports.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { plainUnderstanding } from '../../support/plain-understanding.ts';

const phone = '+15005550010';
const mobile = '+15005550011';
const theirs = '+15005550099';

const secretTicket = { number: 'INC7777777', title: 'Secret merger', openedAtMs: 0, state: 'new' } as const;
const jane = user('jane@example.com', {
  name: 'Jane Doe',
  phones: [phone],
  mobile,
  pin: '2468',
  tickets: [secretTicket],
});
const nearlyNobody = user('john@example.com', { tickets: [secretTicket] });

const said = (text: string): Heard => ({ is: 'words', text, confidence: 0.9 });
const keys = (pressed: string): Heard => ({ is: 'keys', keys: pressed });

/** What a caller may do who knows an address and nothing else. ADDRESS stands for it. */
const doing = fc.constantFrom<Heard>(
  said('what is the status of my ticket'),
  said('open an incident'),
  said('reset my password'),
  said('ADDRESS'),
  said('ADDRESS'),
  said('yes'),
  said('yes'),
  said('no'),
  said('low'),
  said('the printer is on fire'),
  said('skip'),
  said('help'),
  said('cancel'),
  said('start over'),
  said('thanks'),
  said('mumble'),
  said('I have not got any'),
  said('send me another code'),
  said('I did not get a code'),
  said('1 1 1 1 1 1'),
  keys('1'),
  keys('2'),
  keys('000000'),
  keys('9999'),
);

/** Asks for a status as far as it goes, and then whatever comes. */
const walk = fc
  .tuple(fc.boolean(), fc.array(doing, { minLength: 1, maxLength: 30 }))
  .map(([isDirect, more]): readonly Heard[] =>
    isDirect ? [said('what is the status of my ticket'), said('ADDRESS'), said('yes'), ...more] : more,
  );

const ways = fc.record({ hasCodes: fc.boolean(), hasPins: fc.boolean() });

interface Played {
  readonly answers: readonly string[];
  readonly call: HelpdeskCall;
}

/** Plays what was done with an address, and puts ADDRESS back for it in all answers. */
async function play(
  parts: HelpdeskParts,
  address: string,
  done: readonly Heard[],
  caller: VoiceCaller = { phone: theirs, isAttested: true },
): Promise<Played> {
  const call = helpdeskCall(parts, { caller, conversationId: 'call' });
  await call.start();
  for (const heard of done) {
    if (call.last && call.last.next !== 'listen') break;
    await call.heard(heard.is === 'words' ? said(heard.text.replace('ADDRESS', address)) : heard);
  }
  const spelled = parts.understanding.spelledOut(address);
  const bare = ({ says, choices, listens, isUnderstood, next, known }: (typeof call.answers)[number]) =>
    JSON.stringify({ says, choices, listens, isUnderstood, next, known })
      .replaceAll(address, 'ADDRESS')
      .replaceAll(spelled, 'ADDRESS');
  return { answers: call.answers.map(bare), call };
}

const partsOf = ({ hasCodes, hasPins }: { hasCodes: boolean; hasPins: boolean }): HelpdeskParts =>
  helpdeskParts({
    incidents: memoryIncidents([jane, nearlyNobody]).incidents,
    codes: hasCodes ? memoryCodes().codes : undefined,
    hasPins,
  });

test('row 42: whether an address is on file can be told neither from what is said nor from how many turns it takes', async () => {
  await fc.assert(
    fc.asyncProperty(ways, walk, fc.boolean(), async (have, done, isAttested) => {
      const caller = { phone: theirs, isAttested };
      const unknown = await play(partsOf(have), 'nobody@example.com', done, caller);
      const known = await play(partsOf(have), jane.email, done, caller);
      const withoutMobile = await play(partsOf(have), nearlyNobody.email, done, caller);
      expect(known.answers).toEqual(unknown.answers);
      expect(withoutMobile.answers).toEqual(unknown.answers);
    }),
    { numRuns: 300 },
  );
});

test.for([
  ['one number', (_: number): string => theirs],
  ['many numbers', (nth: number): string => `+1500555020${nth}`],
] as const)('row 42: nor can it over many calls from %s, for both come to the same limits', async ([_, phoneOf]) => {
  async function manyCalls(address: string): Promise<readonly (readonly string[])[]> {
    const parts = partsOf({ hasCodes: true, hasPins: true });
    const direct = [said('what is the status of my ticket'), said('ADDRESS'), said('yes')];
    const guessed = ['1', '2', '3', '4', '5', '6'].map(keys);
    const heard: (readonly string[])[] = [];
    for (let nth = 0; nth < 8; nth++) {
      const caller = { phone: phoneOf(nth), isAttested: false };
      heard.push((await play(parts, address, [...direct, ...guessed], caller)).answers);
    }
    return heard;
  }
  const known = await manyCalls(jane.email);
  expect(known).toEqual(await manyCalls('nobody@example.com'));
  expect(known.at(-1)?.join(' ')).toContain(words.noTickets);
});

test('row 42: no ticket is ever spoken of to a caller who is not verified', async () => {
  await fc.assert(
    fc.asyncProperty(ways, walk, async (have, done) => {
      const { answers } = await play(partsOf(have), jane.email, done);
      expect(answers.join(' ')).not.toMatch(/INC7777777|Secret merger|Jane Doe|2468|\+1500/);
    }),
    { numRuns: 300 },
  );
});

test('whatever is said in whatever order, the helpdesk answers', async () => {
  const anything = fc.oneof(
    doing,
    fc.string({ maxLength: 60 }).map(said),
    fc.string({ maxLength: 8 }).map(keys),
    fc.string({ maxLength: 8 }).map((value): Heard => ({ is: 'choice', value, title: value })),
    fc.constantFrom<Heard>({ is: 'go-on' }, { is: 'start' }),
  );
  await fc.assert(
    fc.asyncProperty(
      ways,
      fc.boolean(),
      fc.array(anything, { minLength: 30, maxLength: 30 }),
      async (have, isLocal, done) => {
        const parts = isLocal ? helpdeskParts() : partsOf(have);
        const { call } = await play(parts, jane.email, done);
        for (const { says, state } of call.answers) {
          expect(says.every((saying) => 'text' in saying && saying.text !== '')).toBe(true);
          expect(JSON.stringify(state).length).toBeLessThan(20_000);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('codes for one address are sent five times in an hour, and no more', async () => {
  const { codes, sent } = memoryCodes();
  const parts = helpdeskParts({ incidents: memoryIncidents([jane]).incidents, codes });
  for (let nth = 0; nth < 7; nth++) {
    const call = helpdeskCall(parts, { caller: { phone: `+1500555020${nth}`, isAttested: false } });
    await call.say('what is the status of my ticket');
    await call.say(jane.email);
    expect((await call.say('yes')).at(-1)).toBe(nth < 5 ? words.askCode : words.noTickets);
  }
  expect(sent).toHaveLength(5);
});

test('addresses are looked up five times in an hour for one number, and no more', async () => {
  const { incidents, asked } = memoryIncidents([jane]);
  const parts = helpdeskParts({ incidents, hasPins: true });
  for (let nth = 0; nth < 7; nth++) {
    const call = helpdeskCall(parts, { caller: { phone: theirs, isAttested: false } });
    await call.say('what is the status of my ticket');
    await call.say(`name${nth}@example.com`);
    expect((await call.say('yes')).at(-1)).toBe(nth < 5 ? words.askPin : words.noTickets);
  }
  expect(asked).toHaveLength(5);
});

test('PINs are checked ten times in a day for one address, not in an hour', async () => {
  const parts = helpdeskParts({ incidents: memoryIncidents([jane]).incidents, hasPins: true });
  for (let nth = 0; nth < 6; nth++) {
    const nowMs = 4 * nth * 3_600_000;
    const call = helpdeskCall(parts, { caller: { phone: theirs, isAttested: false }, nowMs });
    await call.say('what is the status of my ticket');
    await call.say(jane.email);
    await call.say('yes');
    expect(await call.press('1')).toEqual(nth < 5 ? [words.wrongPin, words.askPin] : [words.noTickets]);
    if (nth < 5) await call.press('2');
  }
});

test('PINs are checked ten times in a day for one address, also the right one', async () => {
  const { incidents } = memoryIncidents([jane]);
  const parts = helpdeskParts({ incidents, hasPins: true });
  const ends: (string | undefined)[] = [];
  for (let nth = 0; nth < 4; nth++) {
    const call = helpdeskCall(parts, { caller: { phone: `+1500555020${nth}`, isAttested: false } });
    await call.say('what is the status of my ticket');
    await call.say(jane.email);
    await call.say('yes');
    await call.press('1');
    await call.press('2');
    ends.push((await call.press('2468')).at(-1));
  }
  expect(ends).toEqual([words.anythingElse, words.anythingElse, words.anythingElse, words.noTickets]);
});

test('in whatever letters an address is given, it is one address, and a code counts for an hour', async () => {
  const { codes, sent } = memoryCodes();
  const understanding = {
    ...plainUnderstanding,
    emailCandidates: (text: string) => (text.includes('@') ? [text] : []),
  };
  const parts = helpdeskParts({ understanding, incidents: memoryIncidents([jane]).incidents, codes });
  const asks = async (address: string, nowMs: number) => {
    const call = helpdeskCall(parts, { caller: { phone: undefined, isAttested: false }, nowMs });
    await call.say('what is the status of my ticket');
    await call.say(address);
    return (await call.say('yes')).at(-1);
  };
  for (const address of [
    'jane@example.com',
    'Jane@example.com',
    'JANE@example.com',
    'jane@EXAMPLE.com',
    'jane@example.COM',
  ])
    expect(await asks(address, 0)).toBe(words.askCode);
  expect(await asks('janE@example.com', 3_599_000)).toBe(words.noTickets);
  expect(sent).toHaveLength(5);
  expect(await asks('janE@example.com', 3_600_000)).toBe(words.askCode);
});

test('a colleague is told of five addresses in an hour whether they are on file, and a stranger of none', async () => {
  const { incidents, asked } = memoryIncidents([jane]);
  const parts = helpdeskParts({ incidents });
  const opens = async (nth: number, caller: VoiceCaller) => {
    const call = helpdeskCall(parts, { caller });
    await call.say('open an incident');
    await call.say(`name${nth}@example.com`);
    return (await call.say('yes')).at(-1);
  };
  for (let nth = 0; nth < 7; nth++)
    expect(await opens(nth, { phone, isAttested: true })).toBe(nth < 5 ? words.askEmail : words.askPriority);
  expect(asked.filter((one) => one === 'userByEmail')).toHaveLength(5);
  for (let nth = 0; nth < 7; nth++)
    expect(await opens(nth, { phone: theirs, isAttested: false })).toBe(words.askPriority);
  expect(asked.filter((one) => one === 'userByEmail')).toHaveLength(12);
});

test('the calling number is looked up five times in an hour, and no more', async () => {
  const { incidents, asked } = memoryIncidents([]);
  const parts = helpdeskParts({ incidents });
  for (let nth = 0; nth < 7; nth++) {
    const call = helpdeskCall(parts, { caller: { phone: theirs, isAttested: true } });
    await call.say('open an incident');
    expect((await call.say('skip')).at(-1)).toBe(words.askPriority);
  }
  expect(asked).toHaveLength(5);
});

test('what is tried once more for a fault counts once', async () => {
  const { incidents, fails } = memoryIncidents([jane]);
  const { codes, sent } = memoryCodes();
  const limits = { ...defaultLimits, lookUpsPerHour: 1, codesPerHour: 1 };
  let isDown = true;
  const failing = {
    ...codes,
    async send(...given: Parameters<typeof codes.send>) {
      if (isDown) {
        isDown = false;
        throw new NotTaken('unknown', 'status 500');
      }
      return codes.send(...given);
    },
  };
  const call = helpdeskCall(helpdeskParts({ incidents, codes: failing, limits }));
  await call.say('what is the status of my ticket');
  await call.say(jane.email);
  expect(await call.say('yes')).toEqual([words.oneMoment, words.sendingCode, words.stillLooking, words.askCode]);
  expect(sent).toHaveLength(1);
  fails.push(new NotTaken('unknown', 'status 500'));
  const other = helpdeskCall(helpdeskParts({ incidents, codes, limits }));
  await other.say('what is the status of my ticket');
  await other.say(jane.email);
  expect((await other.say('yes')).at(-1)).toBe(words.askCode);
});

test('when the table does not answer nothing is looked up', async () => {
  const { incidents, asked } = memoryIncidents([jane]);
  const rates = { ...memoryTable().rates, take: async () => 1 };
  const call = helpdeskCall(helpdeskParts({ incidents, rates, hasPins: true }));
  await call.say('what is the status of my ticket');
  await call.say(jane.email);
  expect((await call.say('yes')).at(-1)).toBe(words.noTickets);
  expect(asked).toEqual([]);
});

test.for(['refused', 'unavailable'] as const)(
  'a code that could not be sent (%s) sounds like one for an address that is nobody’s',
  async (outcome) => {
    const heard: string[] = [];
    for (const address of [jane.email, 'nobody@example.com']) {
      const parts = helpdeskParts({ incidents: memoryIncidents([jane]).incidents, codes: memoryCodes(outcome).codes });
      const direct = [said('what is the status of my ticket'), said('ADDRESS'), said('yes'), keys('123456'), keys('1')];
      heard.push((await play(parts, address, direct)).answers.join(' '));
    }
    expect(heard[0]).toBe(heard[1]);
  },
);

test('the silence while a code is sent or checked is as long for an address that is nobody’s', async () => {
  const waits = async (address: string) => {
    const waited: number[] = [];
    const deadline = { ...endlessTurn, sleep: async (ms: number) => void waited.push(ms) };
    const call = helpdeskCall(partsOf({ hasCodes: true, hasPins: false }), { deadline });
    await call.say('what is the status of my ticket');
    await call.say(address);
    await call.say('yes');
    await call.press('000000');
    return waited;
  };
  expect(await waits(jane.email)).toEqual([1_200, 1_200]);
  expect(await waits('nobody@example.com')).toEqual([1_200, 1_200]);
});
