import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import callLeg from '../../functions/call-leg.ts';
import type { Clock } from '../../shared/core/clock.ts';
import type { Facts } from '../../shared/core/handover/context.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { Table } from '../../shared/core/table.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { failingAt } from '../support/failing-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { onlyVerb, readTwiml, redirectQuery } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

const handover = 'hbbbbbbbbbbbbbbbb';
const caller = {
  AccountSid: testSettings.TWILIO_ACCOUNT_SID,
  CallSid: 'CA00000000000000000000000000000001',
  CallStatus: 'in-progress',
  From: '+15005550001',
};
const key = 'dev::latest::893499::k';
const WW = 'WW00000000000000000000000000000001';
const withFlex = { FLEX_WORKFLOW_SID: WW };
const withoutFlow = { STUDIO_WEBHOOK_URL: undefined };
const CALL_LEG = 'https://handover.example.com/call-leg';

/** A Monday at ten in Berlin. */
const MONDAY_MS = Date.parse('2026-11-23T10:00:00+01:00');
const office = JSON.stringify({ timeZone: 'Europe/Berlin', weekly: { mon: ['09:00-17:00'], wed: ['09:00-17:00'] } });
const at = (nowMs: number): Clock => ({ ...steadyClock, nowMs: () => nowMs });

const never = new Proxy({}, { get: () => () => new Promise(() => {}) });
/** A table of which nothing is heard any more. */
const hung = new Proxy({} as Table, { get: () => never });

function scene(env: Env = {}, table: Table = memoryTable(), clock = at(MONDAY_MS)) {
  const { call, lines } = startFunction({ ...callLeg, ports: { table: () => table } }, env, clock);
  return {
    table,
    lines,
    step: (query: string, fields: Record<string, string> = {}) =>
      call(twilioCall('call-leg', { ...caller, ...fields }, query)),
    told: (facts: Facts, source: 'bot' | 'log' | 'refer' | 'call' = 'bot') =>
      table.contexts.tell(handover, source, facts, MONDAY_MS - 1_000),
    facts: async () => (await table.contexts.read(handover))?.facts,
  };
}

const names = (verbs: ReturnType<typeof readTwiml>) => verbs.map(({ name }) => name);
const ended = `step=assistant-ended&handover=${handover}`;
const person = `step=person&handover=${handover}`;
const queueEnded = `step=queue-ended&handover=${handover}`;
const completed = { DialCallStatus: 'completed', DialBridged: 'true' };

describe('call-leg, when the assistant is done', () => {
  it.each([
    [{ DialCallStatus: 'busy' }, 'assistant_busy'],
    [{ DialCallStatus: 'no-answer' }, 'assistant_no_answer'],
    [{ DialCallStatus: 'failed' }, 'assistant_failed'],
    [{ DialCallStatus: 'canceled' }, 'assistant_failed'],
    [{ DialCallStatus: 'constructor' }, 'assistant_failed'],
    [{}, 'assistant_failed'],
    [{ DialCallStatus: 'completed', DialBridged: 'false' }, 'assistant_failed'],
    [{ DialCallStatus: 'completed' }, 'assistant_ended'],
    [{ DialCallStatus: 'completed', DialBridged: 'true' }, 'assistant_ended'],
    [{ DialCallStatus: 'answered' }, 'assistant_ended'],
  ])('row 3: returns to the flow after %o and says why: %s', async (fields, HandoverReason) => {
    const { step } = scene();
    expect(redirectQuery(await step(ended, fields))).toEqual({
      FlowEvent: 'return',
      HandoverId: handover,
      HandoverReason,
    });
  });

  it('row 3: leads to a person without a flow, and after a whole call only when AFTER_ASSISTANT says so', async () => {
    const toPerson = (reason: string) => `${CALL_LEG}?step=person&handover=${handover}&reason=${reason}`;
    const quiet = scene(withoutFlow);
    expect(onlyVerb(await quiet.step(ended, { DialCallStatus: 'busy' })).text).toBe(toPerson('assistant_busy'));
    expect(onlyVerb(await quiet.step(ended, completed)).name).toBe('Hangup');
    const { step } = scene({ ...withoutFlow, AFTER_ASSISTANT: 'person' });
    expect(onlyVerb(await step(ended, completed)).text).toBe(toPerson('assistant_ended'));
  });

  it('row 3: leads to a person when the assistant has said that one is wanted and hung up', async () => {
    for (const env of [{}, { AFTER_ASSISTANT: 'person' }]) {
      const { step, told } = scene(env);
      await told({ sessionHistoryKey: key, reason: 'a lost parcel' });
      expect(redirectQuery(await step(ended, completed))).toEqual({
        FlowEvent: 'return',
        HandoverId: handover,
        HandoverReason: 'assistant_transfer',
        SessionHistoryKey: key,
      });
    }
    const { step, told } = scene(withoutFlow);
    await told({ sessionHistoryKey: 'no key at all' }, 'log');
    expect(onlyVerb(await step(ended, completed)).text).toBe(
      `${CALL_LEG}?step=person&handover=${handover}&reason=assistant_transfer`,
    );
  });

  it('is told nothing by a REFER or by itself: only the bot says that a person is wanted', async () => {
    const { step, told } = scene();
    await told({ sessionHistoryKey: key }, 'refer');
    await told({ callSid: caller.CallSid }, 'call');
    expect(redirectQuery(await step(ended, completed)).HandoverReason).toBe('assistant_ended');
  });

  it('dials the target that the assistant named when it is listed, and no other', async () => {
    const env = { REFER_TARGETS: 'tel:+15005550008' };
    const listed = scene(env);
    await listed.told({ transferTarget: 'tel:+1-500-555-0008' });
    const dial = onlyVerb(await listed.step(ended, completed));
    expect([dial.name, dial.verbs[0]?.name, dial.verbs[0]?.text]).toEqual(['Dial', 'Number', '+15005550008']);
    expect(dial.attributes.action).toBe(`${CALL_LEG}?step=transferred&handover=${handover}`);
    const other = scene(env);
    await other.told({ transferTarget: 'tel:+19005551234' });
    expect(redirectQuery(await other.step(ended, completed)).HandoverReason).toBe('assistant_transfer');
  });

  it('ends with the talk at such a target, and without one leads to a person', async () => {
    const { step } = scene();
    const transferred = `step=transferred&handover=${handover}`;
    expect(onlyVerb(await step(transferred, completed)).name).toBe('Hangup');
    for (const DialCallStatus of ['busy', 'no-answer', 'failed', 'canceled', 'x'])
      expect(redirectQuery(await step(transferred, { DialCallStatus }))).toEqual({
        FlowEvent: 'return',
        HandoverId: handover,
      });
  });

  it('leads to a person in time when nobody knows whether one was asked for', async () => {
    const took = stopwatch();
    const unknown = { FlowEvent: 'return', HandoverId: handover, HandoverError: 'unavailable' };
    expect(redirectQuery(await scene({}, hung).step(ended, completed))).toEqual(unknown);
    expect(took()).toBeLessThan(1_500);
    const away = failingAt(memoryTable(), 0, 'before');
    expect(redirectQuery(await scene({}, away).step(ended, completed))).toEqual(unknown);
    const alone = scene(withoutFlow, failingAt(memoryTable(), 0, 'before'));
    expect(onlyVerb(await alone.step(ended, completed)).text).toBe(
      `${CALL_LEG}?step=person&handover=${handover}&error=unavailable`,
    );
    // Why a leg failed is known without a table.
    expect(redirectQuery(await scene({}, hung).step(ended, { DialCallStatus: 'busy' })).HandoverReason).toBe(
      'assistant_busy',
    );
  });

  it('finds the handover of a call whose URL does not name it', async () => {
    const { step } = scene();
    expect(redirectQuery(await step('step=assistant-ended', { DialCallStatus: 'busy' })).HandoverId).toMatch(
      /^h[a-z2-7]{16}$/,
    );
    expect(redirectQuery(await step('step=assistant-ended', { AccountSid: '', DialCallStatus: 'busy' }))).toEqual({
      FlowEvent: 'return',
      HandoverReason: 'assistant_busy',
    });
  });

  it('does not go back to a flow a third time without getting anywhere', async () => {
    const { step, facts } = scene(withFlex);
    for (const returns of [1, 2]) {
      expect(redirectQuery(await step(ended, { DialCallStatus: 'busy' })).FlowEvent).toBe('return');
      expect(await facts()).toMatchObject({ returns });
    }
    const third = onlyVerb(await step(ended, { DialCallStatus: 'busy' }));
    expect(third.text).toBe(`${CALL_LEG}?step=person&handover=${handover}&reason=assistant_busy&flow=off`);
    const enqueued = onlyVerb(await step(`${person}&flow=off`));
    expect(enqueued.name).toBe('Enqueue');
    const nobody = readTwiml(await step(`${queueEnded}&flow=off`, { QueueResult: 'leave' }));
    expect(names(nobody)).toContain('Gather');
    expect(await facts()).toMatchObject({ returns: 2 });
  });

  it('counts no return less because it could not read how many there were', async () => {
    const { table, told, facts } = scene();
    await told({ returns: 2 }, 'call');
    const unread = { ...table.contexts, read: () => Promise.reject(new Problem('state_unavailable')) };
    await scene({}, { ...table, contexts: unread }).step(ended, { DialCallStatus: 'busy' });
    expect(await facts()).toMatchObject({ returns: 2 });
  });

  it('sends a caller whose step it does not know to a person', async () => {
    const { step } = scene();
    for (const query of ['', 'step=unknown', 'step=agent&step=agent'])
      expect(redirectQuery(await step(query))).toMatchObject({ FlowEvent: 'return', HandoverError: 'unavailable' });
    const alone = scene({ ...withoutFlow, ...withFlex });
    expect(onlyVerb(await alone.step('step=unknown')).name).toBe('Enqueue');
  });
});

describe('call-leg, when a caller is led to a person', () => {
  it('row 9: puts the call into line at the workflow with all that is known', async () => {
    const { step, told, table } = scene({ ...withoutFlow, ...withFlex, QUEUE_MINUTES: '7' });
    await told({ topic: 'claims', name: 'Grace', language: 'de-DE', reason: 'a dent', sessionHistoryKey: key });
    const line = onlyVerb(await step(`${person}&reason=assistant_busy&error=unavailable`));
    const named = `&handover=${handover}&since=${MONDAY_MS}&agent=0&language=de`;
    expect([line.name, line.attributes]).toEqual([
      'Enqueue',
      { workflowSid: WW, waitUrl: `${CALL_LEG}?step=hold${named}`, action: `${CALL_LEG}?step=queue-ended${named}` },
    ]);
    const [task] = line.verbs;
    expect([task?.name, task?.attributes]).toEqual(['Task', { priority: '0', timeout: '720' }]);
    const { handoverUrl, ...attributes } = JSON.parse(task?.text ?? '');
    expect(attributes).toEqual({
      type: 'inbound',
      handoverId: handover,
      handoverReason: 'assistant_busy',
      handoverError: 'unavailable',
      sessionHistoryKey: key,
      topic: 'claims',
      reason: 'a dent',
      name: 'Grace',
      language: 'de-DE',
    });
    expect(handoverUrl).toMatch(/^https:\/\/handover\.example\.com\/agent-view\?handoverId=hb{16}&link=\w+\.[\w-]+$/);
    expect(await table.openings.newest(MONDAY_MS, 9)).toMatchObject([{ handoverId: handover, kind: 'call' }]);
    expect((await table.contexts.read(handover))?.facts).toMatchObject({
      callSid: caller.CallSid,
      customerPhone: '+15005550001',
    });
  });

  it.each([
    ['a key as our own URLs have it', `&key=${key.replaceAll(':', '.')}`],
    ['a key as a flow of somebody else may write it', `&key=${encodeURIComponent(key)}`],
  ])('row 9: leaves out what it does not know, and never waits for the table: %s', async (_, told) => {
    const took = stopwatch();
    const { step } = scene({ ...withoutFlow, ...withFlex, SESSION_SECRET: undefined }, hung);
    const line = onlyVerb(await step(person + told));
    expect(JSON.parse(line.verbs[0]?.text ?? '')).toEqual({
      type: 'inbound',
      handoverId: handover,
      sessionHistoryKey: key,
    });
    expect(took()).toBeLessThan(1_500);
  });

  it('row 9: of a reason there is no more than a task holds', async () => {
    const { step, told } = scene({ ...withoutFlow, ...withFlex });
    await told({ reason: 'ab '.repeat(5_000) });
    const { reason } = JSON.parse(onlyVerb(await step(person)).verbs[0]?.text ?? '');
    expect(reason).toBe('ab '.repeat(5_000).slice(0, 500));
  });

  it('row 9: attributes come through XML and JSON whatever is in them', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'a"b',
        '</Task></Enqueue><Dial>+1900</Dial>',
        '{{x}}',
        '&amp;',
        '\\"',
        ']]>',
        '\u0001\uFFFE',
        '\uD800',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.record({ topic: text, name: text, reason: text }), async (facts) => {
        const { step, told } = scene({ ...withoutFlow, ...withFlex });
        await told(facts);
        const verbs = readTwiml(await step(person));
        expect(names(verbs)).toEqual(['Enqueue']);
        expect(names(verbs[0]?.verbs ?? [])).toEqual(['Task']);
        const read = JSON.parse(verbs[0]?.verbs[0]?.text ?? '');
        const writable = (value: string) => value.replace(/[\uFFFE\uFFFF]/g, '');
        const known = Object.entries(facts).filter(([, value]) => value !== '');
        expect(read).toMatchObject(Object.fromEntries(known.map(([name, value]) => [name, writable(value)])));
      }),
      { numRuns: 300 },
    );
  });

  it('row 3: rings the phones where there is no workflow: those of the team for its topic', async () => {
    const AGENT_QUEUES = JSON.stringify({ 'Claims & co': ['+15005550009'] });
    const { step, told } = scene({ ...withoutFlow, AGENT_QUEUES });
    const [moment, dial] = readTwiml(await step(person));
    expect(moment?.text).toContain('One moment');
    expect(dial?.verbs[0]?.text).toBe('+15005550008');
    await told({ topic: 'claims & CO' });
    const [, team] = readTwiml(await step(person));
    expect(team?.verbs[0]?.text).toBe('+15005550009');
    const next = new URL(team?.attributes.action ?? '').search.slice(1);
    const after = readTwiml(await step(next, { DialCallStatus: 'busy' }));
    expect(names(after)).toContain('Gather');
  });

  it('gives the flow a caller whom nobody answers, and offers something else where there is none', async () => {
    const { step } = scene();
    const [, dial] = readTwiml(await step(person));
    const next = new URL(dial?.attributes.action ?? '').search.slice(1);
    expect(redirectQuery(await step(next, { DialCallStatus: 'no-answer' }))).toEqual({
      FlowEvent: 'return',
      HandoverId: handover,
      HandoverError: 'nobody_answered',
    });
    const alone = scene(withoutFlow);
    expect(names(readTwiml(await alone.step(next, { DialCallStatus: 'no-answer' })))).toContain('Gather');
    const empty = scene({ ...withoutFlow, AGENT_NUMBERS: '' });
    expect(names(readTwiml(await empty.step(person)))).toContain('Gather');
  });

  it('says when people work again, to the flow as `closed`', async () => {
    const evening = at(Date.parse('2026-11-23T18:00:00+01:00'));
    const inFlow = scene({ BUSINESS_HOURS: office, ...withFlex }, memoryTable(), evening);
    expect(redirectQuery(await inFlow.step(person))).toEqual({
      FlowEvent: 'return',
      HandoverId: handover,
      HandoverError: 'closed',
    });
    expect(await inFlow.table.openings.newest(evening.nowMs(), 9)).toEqual([]);
    const [closed, offer] = readTwiml(await inFlow.step(`step=nobody&handover=${handover}`));
    expect(closed?.text).toBe('We are closed at this time. We open again on Wednesday at 9:00 AM.');
    expect(offer?.name).toBe('Gather');
    const alone = scene({ BUSINESS_HOURS: office, ...withoutFlow, ...withFlex }, memoryTable(), evening);
    const [first] = readTwiml(await alone.step(`${person}&language=de`));
    expect(first?.text).toBe('Im Moment ist bei uns niemand da. Wir sind am Mittwoch um 9:00 Uhr wieder da.');
    const open = scene({ BUSINESS_HOURS: office, ...withoutFlow, ...withFlex });
    expect(onlyVerb(await open.step(person)).name).toBe('Enqueue');
  });

  it('speaks the language of the caller also when a flow asks, which does not know it', async () => {
    const { step, told } = scene();
    await told({ language: 'de-AT' });
    const [offer] = readTwiml(await step(`step=nobody&handover=${handover}`));
    expect(offer?.verbs[0]?.text).toContain('drücken Sie die 2');
    expect(offer?.attributes.action).toContain('language=de');
    const [away] = readTwiml(
      await scene({}, failingAt(memoryTable(), 0, 'before')).step(`step=nobody&handover=${handover}`),
    );
    expect(away?.verbs[0]?.text).toContain('press 2');
  });

  it.each([
    ['no phones', ''],
    ['phones as the way out when the line fails', '+15005550008'],
  ])('keeps the place in line of a caller whom a flow sends to be called back, with %s', async (_, AGENT_NUMBERS) => {
    const table = memoryTable();
    const env = { ...withFlex, AGENT_NUMBERS, ALLOWED_COUNTRIES: 'US' };
    await scene(env, table).step(person);
    const later = at(MONDAY_MS + 300_000);
    const promised = readTwiml(
      await scene(env, table, later).step(`step=choice&handover=${handover}`, { Digits: '1' }),
    );
    expect(promised[0]?.text).toContain('We will call you back');
    const [due] = await table.due.until(later.nowMs(), 9);
    expect(await table.calls.read(due?.requestId ?? '')).toMatchObject({
      waitingSinceMs: MONDAY_MS,
      handoverId: handover,
    });
  });

  it('names the day where a weekday could be the wrong one, and nothing where they never work again', async () => {
    const ask = async (hours: object, language: string) => {
      const BUSINESS_HOURS = JSON.stringify({ timeZone: 'Europe/Berlin', ...hours });
      const { step } = scene({ BUSINESS_HOURS, ...withoutFlow }, memoryTable(), at(Date.parse('2026-11-23T18:00:00Z')));
      return readTwiml(await step(`step=nobody&language=${language}`))[0]?.text;
    };
    const weekly = { mon: ['09:00-17:00'] };
    expect(await ask({ weekly }, 'en')).toContain('on Monday, November 30 at 9:00 AM');
    expect(await ask({ weekly, holidays: ['2026-11-30'] }, 'de')).toContain('am Montag, 7. Dezember um 9:00 Uhr');
    expect(await ask({ weekly: {} }, 'en')).toBe('We are closed at this time.');
  });
});

describe('call-leg, when a caller waits in line', () => {
  it('is heard how it goes, the position where it is told, and music', async () => {
    const { step } = scene(withFlex);
    const heard = async (fields: Record<string, string>, query = '') => {
      const [say, play, ...rest] = readTwiml(await step(`step=hold${query}`, fields));
      expect([say?.name, play?.name, rest]).toEqual(['Say', 'Play', []]);
      expect(play?.text).toMatch(/^https:\/\/s3\.amazonaws\.com\/com\.twilio\.music\.classical\/.+\.mp3$/);
      return say?.text;
    };
    expect(await heard({})).toBe('Everybody is on the phone. Please stay on the line.');
    expect(await heard({ QueuePosition: '1', QueueTime: '0' })).toContain('You are next in line.');
    expect(await heard({ QueuePosition: '3', QueueTime: '299' })).toContain('You are number 3 in line.');
    expect(await heard({ QueuePosition: '3' }, '&language=de')).toContain('Sie sind an Stelle 3.');
    for (const QueuePosition of ['x', '-1', '1.5', '0', '9999999'])
      expect(await heard({ QueuePosition })).toContain('Everybody is on the phone.');
    const own = scene({ ...withFlex, HOLD_MUSIC_URL: 'https://a.example/b.mp3' });
    expect(readTwiml(await own.step('step=hold'))[1]?.text).toBe('https://a.example/b.mp3');
  });

  it('leaves the line when the wait has been long enough', async () => {
    const { step } = scene({ ...withFlex, QUEUE_MINUTES: '5' });
    expect(onlyVerb(await step('step=hold', { QueueTime: '300' })).name).toBe('Leave');
  });

  it.each(['bridged', 'redirected-from-bridged', 'bridging-in-process', 'hangup'])(
    'ends with %s',
    async (QueueResult) => {
      const { step } = scene(withFlex);
      expect(onlyVerb(await step(queueEnded, { QueueResult })).name).toBe('Hangup');
    },
  );

  it.each([
    ['leave', 'nobody_answered'],
    ['redirected', 'nobody_answered'],
    ['', 'nobody_answered'],
    ['constructor', 'nobody_answered'],
    ['queue-full', 'unavailable'],
    ['error', 'unavailable'],
    ['system-error', 'unavailable'],
  ])('row 3: goes on after %j: the flow is told %s', async (QueueResult, HandoverError) => {
    const { step } = scene(withFlex);
    expect(redirectQuery(await step(queueEnded, { QueueResult }))).toEqual({
      FlowEvent: 'return',
      HandoverId: handover,
      HandoverError,
    });
    const alone = readTwiml(await scene({ ...withFlex, ...withoutFlow }).step(queueEnded, { QueueResult }));
    expect(names(alone)).toEqual(HandoverError === 'unavailable' ? ['Dial'] : ['Gather', 'Say', 'Hangup']);
    const phoneless = scene({ ...withFlex, ...withoutFlow, AGENT_NUMBERS: '' });
    expect(names(readTwiml(await phoneless.step(queueEnded, { QueueResult })))).toContain('Gather');
  });
});

describe('call-leg, when it fails itself', () => {
  const broken = (query: string, env: Env) => {
    const failing = () => {
      throw new Error('broken');
    };
    const { call } = startFunction({ ...callLeg, answer: failing, ports: {} }, env);
    return call(twilioCall('call-leg', caller, query));
  };

  it('still plays music, and still leads to a person', async () => {
    expect(names(readTwiml(await broken('step=hold', withFlex)))).toEqual(['Say', 'Play']);
    expect(redirectQuery(await broken(person, withFlex)).HandoverError).toBe('unavailable');
    const line = onlyVerb(await broken(person, { ...withFlex, ...withoutFlow }));
    expect(JSON.parse(line.verbs[0]?.text ?? '')).toMatchObject({ type: 'inbound', handoverId: handover });
    expect(names(readTwiml(await broken(queueEnded, { ...withFlex, ...withoutFlow })))).toEqual(['Say', 'Dial']);
    const teams = { ...withoutFlow, AGENT_NUMBERS: '', AGENT_QUEUES: '{"claims":["+15005550009"]}' };
    expect(readTwiml(await broken(person, teams))[1]?.verbs[0]?.text).toBe('+15005550009');
  });

  it('is not set up with settings that would leave somebody in silence', async () => {
    for (const env of [
      { HOLD_MUSIC_URL: 'http://a.example/b.mp3' },
      { HOLD_MUSIC_URL: 'https://user:pw@a.example/b.mp3' },
      { HOLD_MUSIC_URL: 'b.mp3' },
      { QUEUE_MINUTES: '0' },
      { BUSINESS_HOURS: '{}' },
      { AGENT_QUEUES: '{"a":["1"]}' },
      { DESK: 'flex' },
    ])
      expect((await scene(env).step(person)).status).toBe(500);
  });
});
