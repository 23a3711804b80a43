import { describe, expect, test } from 'vitest';
import { scriptedParty } from '../../stage/twins/twilio/voice/party.ts';
import { longestSilenceSec } from '../../stage/twins/twilio/voice/timeline.ts';
import { type Answers, voiceLine, words } from './voice-line.ts';

const enqueue = (more = '', task = 'priority="5"') =>
  `<Enqueue workflowSid="WW1" action="/left" ${more}><Task ${task}>{"handoverId":"h1"}</Task></Enqueue>`;

const waits = 'waitUrl="/hold"';
const hold = '<Say>Please hold</Say><Play>https://x.example/a.mp3</Play>';

function queue(start: string, answers: Answers = {}) {
  const line = voiceLine({ '/start': start, '/left': '<Say>Bye</Say>', '/hold': hold, ...answers });
  return {
    ...line,
    holds: () => line.asked.filter(({ path }) => path === '/hold').map(({ fields }) => fields),
    left: () => line.asked.find(({ path }) => path === '/left')?.fields,
    tasks: () => line.engine.tasks.all(),
    accept: () => line.engine.tasks.accept(scriptedParty('Ada', { says: ['Hello'], ends: 'hang-up' })),
  };
}

describe('waiting in line', () => {
  test('what waitUrl answers is heard, with what a caller may be told of the line', async () => {
    const line = queue(enqueue(waits));
    const { leg, over } = line.begin();
    await expect.poll(line.holds).toHaveLength(1);
    expect(line.holds()[0]).toMatchObject({
      ...{ CallSid: leg.sid, QueuePosition: '1', QueueTime: '0', AvgQueueTime: '0', CurrentQueueSize: '1' },
      ...{ QueueSid: expect.stringMatching(/^QU[0-9a-f]{32}$/), MaxQueueSize: '1000' },
    });
    line.accept();
    await over;
    expect(words(leg.heard)).toEqual([
      ...['line: Please hold', 'line: (plays https://x.example/a.mp3)', 'Ada: Hello', 'line: Bye'],
    ]);
    expect(line.left()).toMatchObject({ QueueResult: 'bridged', QueueSid: line.holds()[0]?.QueueSid });
    expect(longestSilenceSec(leg)).toBe(0);
    // The music breaks off when the agent is there.
    expect(leg.heard.map(({ atSec, forSec }) => [atSec, forSec]).slice(1, 3)).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  test('it is asked again when it has been played, and stops with the agent', async () => {
    const line = queue(enqueue(waits));
    const { leg, over } = line.begin();
    await expect.poll(line.holds).toHaveLength(1);
    line.engine.clock.moveBy(100_000);
    await expect.poll(line.holds).toHaveLength(4);
    expect(line.holds().map(({ QueueTime }) => QueueTime)).toEqual(['0', '31', '62', '93']);
    line.accept();
    await over;
    line.engine.clock.moveBy(100_000);
    await new Promise(setImmediate);
    expect(line.holds()).toHaveLength(4);
    expect(leg.alerts).toEqual([]);
  });

  test('the second in line is told so', async () => {
    const line = queue(enqueue(waits));
    line.begin();
    await expect.poll(line.holds).toHaveLength(1);
    line.engine.clock.moveBy(20_000);
    const second = line.begin();
    await expect
      .poll(() => line.holds().find(({ CallSid }) => CallSid === second.leg.sid))
      .toMatchObject({
        ...{ QueuePosition: '2', CurrentQueueSize: '2', AvgQueueTime: '10', QueueTime: '0' },
      });
  });

  test('without waitUrl music plays; with an empty one it is silent', async () => {
    for (const [more, silence] of [
      ['', 0],
      ['waitUrl=""', 60],
    ] as const) {
      const line = queue(enqueue(more));
      const { leg, over } = line.begin();
      await expect.poll(line.tasks).toHaveLength(1);
      line.engine.clock.moveBy(60_000);
      line.accept();
      await over;
      expect(longestSilenceSec(leg)).toBe(silence);
    }
  });
});

describe('leaving the line', () => {
  test('a caller whose document says so leaves, and the task is taken back', async () => {
    const line = queue(enqueue(waits), { '/hold': '<Say>Nobody is there</Say><Leave/>' });
    const { leg, over } = line.begin();
    await over;
    expect(line.left()).toMatchObject({ QueueResult: 'leave', CallStatus: 'in-progress' });
    expect(words(leg.heard)).toEqual(['line: Nobody is there', 'line: Bye']);
    expect(line.tasks()[0]?.state).toBe('canceled');
  });

  test('a caller who hangs up is gone, whatever they hear', async () => {
    for (const more of [waits, '']) {
      const line = queue(enqueue(more));
      const { leg, over } = line.begin({ hangsUpAt: 'queue' });
      await over;
      expect(line.left()).toMatchObject({ QueueResult: 'hangup', CallStatus: 'completed' });
      expect(leg.status).toBe('completed');
      expect(line.tasks()[0]?.state).toBe('canceled');
    }
  });

  test('a document that cannot be played is an error of the queue', async () => {
    const line = queue(enqueue(waits), { '/hold': 500 });
    await line.call();
    expect(line.left()).toMatchObject({ QueueResult: 'error' });
  });

  test('who finds the queue full is turned away at once', async () => {
    const line = queue(enqueue(waits));
    line.engine.tasks.mostWaiting = 0;
    await line.call();
    expect(line.left()).toMatchObject({ QueueResult: 'queue-full' });
    expect(line.left()?.QueueSid).toBeUndefined();
    expect(line.tasks()).toEqual([]);
  });

  test('a task that nobody takes in time is taken back, but its call waits on', async () => {
    const line = queue(enqueue(waits, 'timeout="300"'));
    const { leg, over } = line.begin();
    await expect.poll(line.holds).toHaveLength(1);
    line.engine.clock.moveBy(301_000);
    await expect.poll(() => line.tasks()[0]).toMatchObject({ state: 'canceled', reason: 'Task TTL Exceeded' });
    expect(leg.status).toBe('in-progress');
    await expect.poll(() => Number(line.holds().at(-1)?.QueueTime)).toBeGreaterThan(270);
    expect(line.left()).toBeUndefined();
    leg.end();
    await over;
  });
});

test('the most urgent is taken first, and of those who waits longest, a place kept counting', () => {
  const { tasks, clock } = voiceLine({}).engine;
  const nowMs = clock.nowMs();
  const add = (name: string, more: object) => tasks.add({ workflowSid: 'WW1', attributes: { name }, ...more });
  add('now', {});
  add('asked an hour ago', { virtualStartTimeMs: nowMs - 3_600_000 });
  add('urgent', { priority: 1 });
  expect(tasks.waiting('WW1').map(({ attributes }) => attributes.name)).toEqual(['urgent', 'asked an hour ago', 'now']);
  expect(tasks.accept(scriptedParty('Ada', {}))?.attributes.name).toBe('urgent');
});
