import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { answered, builtDesks, connectMessage, says, settled, shapes } from './desk-scene.ts';

const open = builtDesks();

/** How long a question for the availability may take. */
const LIMIT_MS = 5_000;

describe.for(shapes)('row 14: %s', (shape) => {
  test.for([true, false, null])('whether anybody is there is %s when the function says so', async (online) => {
    const { desk, flexToken } = await open(shape);
    flexToken.availability = { online };
    expect(await desk.areAnyAgentsOnline(connectMessage({ topic: 'billing' }))).toBe(online);
    expect(flexToken.asked[0]?.body).toEqual({ action: 'availability', topic: 'billing' });
  });

  test.for([
    ['fails', { status: 500, code: 'internal' }],
    ['refuses', { status: 401, code: 'unauthorized' }],
    ['is cut off', 'cut'],
    ['is somebody else', 'nonsense'],
  ] as const)('it is not known when the function %s', async ([, trouble]) => {
    const { desk, flexToken } = await open(shape);
    flexToken.troubles.availability = [trouble];
    expect(await desk.areAnyAgentsOnline(connectMessage())).toBeNull();
  });

  test('it is not known when the answer makes no sense or takes longer than the chat waits', async () => {
    const { desk, flexToken, clock } = await open(shape);
    flexToken.availability = { online: 'perhaps' };
    expect(await desk.areAnyAgentsOnline(connectMessage())).toBeNull();
    flexToken.troubles.availability = ['hangs'];
    const asked = desk.areAnyAgentsOnline(connectMessage());
    await expect.poll(() => flexToken.asked).toHaveLength(2);
    clock.advance(LIMIT_MS - 1);
    expect(await asked).toBeNull();
  });

  test('somebody who waits learns minutes, else their place, when it changes, and nothing after an agent has come', async () => {
    const { desk, chat, people, flexToken, clock } = await open(shape);
    const steps = [
      [{ online: true, waitSeconds: 61, positionInQueue: 9 }, 'waiting, minutes 2'],
      [{ online: true, waitSeconds: 119 }, undefined],
      [{ online: true, waitSeconds: 5 }, 'waiting, minutes 1'],
      [{ online: true, positionInQueue: 4 }, 'waiting, place 3'],
      [{ online: true, positionInQueue: 7 }, undefined],
      [{ online: true, positionInQueue: 2 }, 'waiting, place 1'],
      [{ online: null }, undefined],
    ] as const;
    const lines: string[] = [];
    for (const [at, [availability, line]] of steps.entries()) {
      flexToken.availability = availability;
      if (at === 0) await desk.startChat(connectMessage());
      else clock.advance(20_000);
      if (line !== undefined) lines.push(line);
      await expect.poll(() => flexToken.actions.filter((action) => action === 'availability')).toHaveLength(at + 1);
      await expect.poll(() => chat.lines).toEqual(lines);
    }
    people.joins('Ada');
    await expect.poll(() => chat.lines).toEqual([...lines, 'joined Ada']);
    clock.advance(60_000);
    await settled({ desk });
    expect(flexToken.actions.filter((action) => action === 'availability')).toHaveLength(steps.length + 1);
  });

  test('what is learnt of the line after an agent has come is not shown', async () => {
    const { desk, chat, people, flexToken } = await open(shape);
    flexToken.availability = { online: true, waitSeconds: 61 };
    await desk.startChat(connectMessage());
    people.joins('Ada');
    await expect.poll(() => chat.lines).toContain('joined Ada');
    await settled({ desk });
    await setImmediate();
    expect(chat.lines.at(-1)).toBe('joined Ada');
  });

  test('somebody who waits reads the words of the page when nothing is known', async () => {
    const { desk, chat } = await open(shape, { texts: { waiting: 'Somebody will be here soon.' } });
    await desk.startChat(connectMessage());
    await expect.poll(() => chat.lines).toEqual(['waiting, words Somebody will be here soon.']);
  });

  test('a connection that blinks is nobody’s business, one that is away is told once, and once when it is back', async () => {
    const { chat, people, clock } = await answered(await open(shape));
    people.tells({ kind: 'connection', is: 'down' });
    clock.advance(1_000);
    people.tells({ kind: 'connection', is: 'down' });
    clock.advance(1_900);
    people.tells({ kind: 'connection', is: 'up' });
    clock.advance(60_000);
    await setImmediate();
    expect(chat.lines).toEqual([]);
    people.tells({ kind: 'connection', is: 'down' });
    clock.advance(2_000);
    people.tells({ kind: 'connection', is: 'down' });
    clock.advance(1_000);
    await expect.poll(() => chat.lines).toEqual(['disconnected']);
    people.tells({ kind: 'connection', is: 'down' });
    clock.advance(10_000);
    people.tells({ kind: 'connection', is: 'up' });
    people.tells({ kind: 'connection', is: 'up' });
    await expect.poll(() => chat.lines).toEqual(['disconnected', 'connected again']);
  });

  test('for somebody who waits a connection that stays away is the end, and leaves no orphan', async () => {
    const { desk, chat, people, clock, flexToken } = await open(shape);
    await desk.startChat(connectMessage());
    people.tells({ kind: 'connection', is: 'down' });
    clock.advance(59_000);
    await setImmediate();
    expect(chat.lines).toEqual([]);
    clock.advance(1_000);
    await expect
      .poll(() => chat.lines)
      .toEqual(['could not connect: The connection was lost before somebody could answer. Please try again.']);
    await expect.poll(() => flexToken.isOpen).toBe(false);
    await expect(says(desk, 'Hello?')).rejects.toThrow('chat_not_open');
  });
});
