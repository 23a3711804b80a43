import { describe, expect, test } from 'vitest';
import { answered, builtDesks, connectMessage, inTime, says, settled, shapes } from './desk-scene.ts';
import type { FlexTokenTwin } from './flex-token-twin.ts';

const open = builtDesks();
const message = connectMessage({ message_to_human_agent: 'Wants a refund' });

const again = 'We could not connect you with a person. Please try again in a moment.';

interface FailedStart {
  readonly what: string;
  readonly trouble?: FlexTokenTwin['troubles'];
  readonly join?: 'fails' | 'hangs';
  readonly says?: string;
  /** What is asked of the function. */
  readonly actions: readonly string[];
}

const unreachable = ['start', 'start', 'start', 'end'];

const failedStarts: readonly FailedStart[] = [
  {
    what: 'the session is refused',
    trouble: { start: [{ status: 401, code: 'unauthorized' }] },
    says: 'Please sign in again to talk to a person.',
    actions: ['start'],
  },
  {
    what: 'the session is too old',
    trouble: { start: [{ status: 401, code: 'session_too_old' }] },
    says: 'Please sign in again to talk to a person.',
    actions: ['start'],
  },
  {
    what: 'the page may not ask',
    trouble: { start: [{ status: 403, code: 'origin_not_allowed' }] },
    actions: ['start'],
  },
  {
    what: 'there were too many chats',
    trouble: { start: [{ status: 429, code: 'rate_limited', retryAfterSec: 60 }] },
    says: 'There were too many requests. Please try again in a few minutes.',
    actions: ['start'],
  },
  {
    what: 'Flex takes none for a minute',
    trouble: { start: [{ status: 503, code: 'chat_unavailable', retryAfterSec: 60 }] },
    actions: ['start', 'end'],
  },
  {
    what: 'the function fails each time',
    trouble: { start: [500, 500, 500].map((status) => ({ status, code: 'internal' })) },
    actions: unreachable,
  },
  { what: 'the answer is cut off each time', trouble: { start: ['cut', 'cut', 'cut'] }, actions: unreachable },
  { what: 'somebody else answers', trouble: { start: ['nonsense', 'nonsense', 'nonsense'] }, actions: unreachable },
  { what: 'the answer never ends', trouble: { start: ['endless', 'endless', 'endless'] }, actions: unreachable },
  { what: 'the function hangs', trouble: { start: ['hangs'] }, actions: ['start', 'end'] },
  { what: 'the conversation cannot be joined', join: 'fails', actions: ['start', 'end'] },
  { what: 'joining takes for ever', join: 'hangs', actions: ['start', 'end'] },
];

describe.for(shapes)('row 14: %s', (shape) => {
  test.for(failedStarts)('no chat and no orphan when $what', async ({ trouble, join, says: said = again, actions }) => {
    const scene = await open(shape);
    const { desk, chat, people, flexToken } = scene;
    Object.assign(flexToken.troubles, structuredClone(trouble));
    if (join) people.trouble.join = join;
    const start = await inTime(scene, desk.startChat(message));
    expect(start.status).toBe('rejected');
    expect(chat.lines).toEqual([`could not connect: ${said}`]);
    expect(flexToken.actions).toEqual(actions);
    expect(flexToken.isOpen).toBe(false);
    expect(people.sent).toEqual([]);
    await expect(says(desk, 'Hello?')).rejects.toThrow('chat_not_open');
    // The next one is a start like any other.
    delete people.trouble.join;
    chat.forget();
    await inTime(scene, desk.startChat(message));
    expect(people.sent).toEqual(['Wants a refund']);
    people.joins('Ada');
    await expect.poll(() => chat.lines).toEqual(['joined Ada']);
  });

  test('what is told of a failure for the log holds no token and no session', async () => {
    const { desk, chat, people, flexToken } = await open(shape);
    flexToken.troubles.start = [{ status: 429, code: 'rate_limited' }];
    const problem = await desk.startChat(message).catch((error: Error) => error.message);
    expect(problem).toBe('handover: rate_limited (id-1)');
    people.trouble.join = 'fails';
    await desk.startChat(message).catch(() => {});
    expect(JSON.stringify(chat.calls)).not.toMatch(/token-\d|session-1/);
  });

  test.for([
    ['in_progress', 409],
    ['chat_unavailable', 503],
    ['internal', 500],
  ] as const)('a start is tried again after %s', async ([code, status]) => {
    const scene = await open(shape);
    scene.flexToken.troubles.start = [{ status, code, retryAfterSec: 2 }];
    expect((await inTime(scene, scene.desk.startChat(message))).status).toBe('fulfilled');
    expect(scene.flexToken.actions.filter((action) => action !== 'availability')).toEqual(['start', 'start']);
    expect(scene.chat.lines).toEqual([]);
  });

  test('an end that could not be told is told again', async () => {
    const scene = await answered(await open(shape));
    const { desk, flexToken, clock } = scene;
    flexToken.troubles.end = ['cut', { status: 503, code: 'state_unavailable' }];
    await inTime(scene, desk.endChat({}));
    await expect
      .poll(() => {
        clock.advance(1_000);
        return flexToken.isOpen;
      })
      .toBe(false);
  });

  test('an end that could not be told does not end the next chat', async () => {
    const scene = await answered(await open(shape));
    const { desk, flexToken, clock, people } = scene;
    flexToken.troubles.end = ['cut', 'cut', 'cut'];
    await inTime(scene, desk.endChat({}));
    people.leaves('Ada');
    await inTime(scene, desk.startChat(connectMessage()));
    for (let rounds = 0; rounds < 10; rounds += 1) {
      clock.advance(10_000);
      await settled(scene);
    }
    expect(flexToken.isOpen).toBe(true);
    await says(desk, 'Hello');
  });

  test('a second start shows everything once', async () => {
    const scene = await answered(await open(shape));
    const { desk, chat, people } = scene;
    await desk.endChat({});
    people.leaves('Ada');
    await desk.startChat(connectMessage());
    people.joins('Bo');
    people.types('Bo', true);
    people.says('Bo', 'Hello');
    await expect.poll(() => chat.lines).toEqual(['joined Bo', 'typing', 'not typing', 'Bo: Hello']);
  });

  test('a start while a chat is going on shows everything once', async () => {
    const scene = await answered(await open(shape));
    const { desk, chat, people } = scene;
    people.says('Ada', 'Hello');
    await expect.poll(() => chat.lines).toEqual(['Ada: Hello']);
    chat.forget();
    await desk.startChat(connectMessage());
    people.says('Ada', 'Still here');
    await expect.poll(() => chat.lines).toEqual(['joined Ada', 'Ada: Still here']);
  });

  test('two starts at once are one chat', async () => {
    const { desk, chat, people, flexToken } = await open(shape);
    await Promise.all([desk.startChat(message), desk.startChat(message)]);
    people.joins('Ada');
    people.says('Ada', 'Hello');
    await expect.poll(() => chat.lines).toEqual(['joined Ada', 'Ada: Hello']);
    expect(people.sent).toEqual(['Wants a refund']);
    expect(flexToken.isOpen).toBe(true);
  });

  test('a customer who ends before anything has begun has ended it', async () => {
    const scene = await open(shape);
    const { desk, chat, people, flexToken } = scene;
    const starting = desk.startChat(message);
    const ending = desk.endChat({});
    expect((await inTime(scene, Promise.all([starting, ending]))).status).toBe('fulfilled');
    expect(flexToken.actions).toEqual([]);
    people.joins('Ada');
    await expect(says(desk, 'Hello?')).rejects.toThrow('chat_not_open');
    expect(chat.lines.filter((line) => !line.startsWith('not sent'))).toEqual([]);
  });

  test('a customer who ends while it begins has ended it', async () => {
    const scene = await open(shape);
    const { desk, chat, people, flexToken } = scene;
    people.trouble.join = 'hangs';
    const starting = desk.startChat(message);
    await expect.poll(() => people.tokens).toHaveLength(1);
    expect((await inTime(scene, Promise.all([starting, desk.endChat({})]))).status).toBe('fulfilled');
    await expect.poll(() => flexToken.isOpen).toBe(false);
    await expect(says(desk, 'Hello?')).rejects.toThrow('chat_not_open');
    expect(chat.lines.filter((line) => !line.startsWith('not sent'))).toEqual([]);
  });
});
