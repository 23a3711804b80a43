import { describe, expect, test } from 'vitest';
import { answered, builtDesks, connectMessage, settled, shapes } from './desk-scene.ts';

const open = builtDesks();
const MINUTE_MS = 60_000;

describe.for(shapes)('row 14: %s', (shape) => {
  test('a token is renewed before it ends, again and again', async () => {
    const scene = await answered(await open(shape));
    const { people, flexToken, clock } = scene;
    const refreshes = () => flexToken.actions.filter((action) => action === 'refresh').length;
    clock.advance(56 * MINUTE_MS);
    await settled(scene);
    expect(refreshes()).toBe(0);
    clock.advance(MINUTE_MS);
    await expect.poll(() => people.deeds).toContain('renewed token-2');
    clock.advance(57 * MINUTE_MS);
    await expect.poll(() => people.deeds).toContain('renewed token-3');
    expect(refreshes()).toBe(2);
  });

  test('a token of a wrong clock is renewed by how long it lives', async () => {
    const scene = await open(shape);
    const { desk, people, flexToken, clock } = scene;
    // By the clock of this visitor everything that the function hands out is over since yesterday.
    flexToken.nowMs = () => clock.nowMs() - 86_400_000;
    await desk.startChat(connectMessage());
    clock.advance(56 * MINUTE_MS);
    await settled(scene);
    expect(flexToken.actions).not.toContain('refresh');
    clock.advance(MINUTE_MS);
    await expect.poll(() => people.deeds).toContain('renewed token-2');
  });

  test('a token is renewed as soon as Twilio says that it ends', async () => {
    const { people } = await answered(await open(shape));
    people.tells({ kind: 'token-ends-soon' });
    people.tells({ kind: 'token-ends-soon' });
    await expect.poll(() => people.deeds).toContain('renewed token-2');
    expect(people.deeds).not.toContain('renewed token-3');
  });

  test('a renewal that fails is tried again', async () => {
    const { chat, people, flexToken, clock } = await answered(await open(shape));
    flexToken.troubles.refresh = [{ status: 503, code: 'state_unavailable' }, 'cut'];
    people.tells({ kind: 'token-ends-soon' });
    await expect
      .poll(() => {
        clock.advance(5_000);
        return people.deeds;
      })
      .toContain('renewed token-2');
    expect(chat.lines).toEqual([]);
  });

  test('a connection that is refused comes back with another token', async () => {
    const { chat, people } = await answered(await open(shape));
    people.tells({ kind: 'connection', is: 'refused' });
    await expect.poll(() => people.deeds).toContain('renewed token-2');
    people.tells({ kind: 'connection', is: 'up' });
    people.says('Ada', 'Hello');
    await expect.poll(() => chat.lines).toEqual(['Ada: Hello']);
  });

  test('who is signed out is disconnected when the token is over', async () => {
    const { chat, people, flexToken, clock } = await answered(await open(shape));
    flexToken.troubles.refresh = Array.from({ length: 2 }, () => ({ status: 401, code: 'session_too_old' }));
    people.tells({ kind: 'token-ends-soon' });
    await expect.poll(() => flexToken.actions).toContain('refresh');
    clock.advance(10 * MINUTE_MS);
    people.tells({ kind: 'connection', is: 'refused' });
    await expect.poll(() => chat.lines).toEqual(['disconnected']);
    expect(flexToken.actions.filter((action) => action === 'refresh')).toHaveLength(2);
  });

  test('a chat that was ended elsewhere is over here too', async () => {
    const { chat, people, flexToken } = await answered(await open(shape));
    flexToken.isOpen = false;
    people.tells({ kind: 'token-ends-soon' });
    await expect.poll(() => chat.lines).toEqual(['ended']);
  });

  test('every request brings the session that the page has now', async () => {
    let session = 'session-1';
    const { desk, flexToken } = await open(shape, { session: async () => session });
    await desk.areAnyAgentsOnline(connectMessage());
    session = 'session-2';
    await desk.startChat(connectMessage());
    expect(flexToken.asked.slice(0, 2).map(({ authorization }) => authorization)).toEqual([
      'Bearer session-1',
      'Bearer session-2',
    ]);
  });

  test('a stranger keeps the session that the function gave, also with a refusal, and over a reload', async () => {
    const scene = await open(shape, { session: undefined });
    const { flexToken, desk } = scene;
    flexToken.newSession = 'stranger-1';
    flexToken.troubles.start = [{ status: 503, code: 'chat_unavailable', session: 'stranger-1', retryAfterSec: 60 }];
    await expect(desk.startChat(connectMessage())).rejects.toThrow('chat_unavailable');
    await desk.startChat(connectMessage());
    const { desk: next } = await scene.reload();
    await next.startChat(connectMessage());
    const brought = flexToken.asked.map(({ action, authorization }) => `${action} ${authorization}`);
    expect(brought[0]).toBe('start undefined');
    expect(new Set(brought.slice(1).map((one) => one.replace(/^\w+ /, '')))).toEqual(new Set(['Bearer stranger-1']));
  });

  test('a stranger is the same one also where the browser keeps nothing', async () => {
    const { flexToken, desk } = await open(shape, { session: undefined }, 'no storage');
    flexToken.newSession = 'stranger-1';
    await desk.startChat(connectMessage());
    await desk.endChat({});
    expect(flexToken.asked.at(-1)?.authorization).toBe('Bearer stranger-1');
  });

  test('a stranger whom the function cannot know again is not begun twice', async () => {
    const { desk, flexToken } = await open(shape, { session: undefined });
    flexToken.troubles.start = ['cut'];
    await expect(desk.startChat(connectMessage())).rejects.toThrow('unreachable');
    expect(flexToken.actions).toEqual(['start', 'end']);
  });
});
