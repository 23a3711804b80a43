import { expect, test } from 'vitest';
import { chatWorld } from '../../support/chat-world.ts';

const MINUTE_MS = 60_000;

const stampOf = (handoverId: string | undefined, seq?: number) => ({ stamp: { handoverId, seq } });

/** A world in which a person has the conversation. */
async function handedOver() {
  const world = chatWorld();
  await world.asks('A person please');
  const handoverId = world.desk.opened[0]?.handoverId ?? '';
  return { ...world, handoverId };
}

test('what an agent says is shown to the customer, kept in the transcript, and pushes the pause on', async () => {
  const world = await handedOver();
  await world.clock.sleep(5 * MINUTE_MS);
  const outcome = await world.agentSays('Hi, how may I help?', { agent: { name: 'Jane' } });
  expect(outcome).toEqual({ delivered: true, untilMs: expect.any(Number) });
  expect(world.platform.shown).toMatchObject([
    {
      handoverId: world.handoverId,
      event: { kind: 'message', text: 'Hi, how may I help?', agent: { name: 'Jane' }, minutesPaused: 10 },
    },
  ]);
  expect((outcome.untilMs ?? 0) - world.clock.nowMs()).toBeGreaterThan(9 * MINUTE_MS);
  const lines = await world.table.transcripts.lines('c-1', 10);
  expect(lines.map(({ by, text }) => `${by}: ${text}`)).toEqual([
    'customer: A person please',
    'agent: Hi, how may I help?',
  ]);
});

test('R9 an agent who speaks or types when the bot has the conversation is told so', async () => {
  const world = await handedOver();
  await world.agentLeaves();
  await expect(world.agentSays('Still there?')).rejects.toMatchObject({ code: 'not_paused' });
  await expect(world.pushes({ kind: 'types', minutes: 5 })).rejects.toMatchObject({ code: 'not_paused' });
  expect(world.platform.texts()).toEqual([]);
});

test('an agent of another handover is told so', async () => {
  const world = await handedOver();
  await expect(world.agentSays('Hello', stampOf('h-old'))).rejects.toMatchObject({ code: 'not_paused' });
  await expect(world.agentTakes(stampOf('h-old'))).rejects.toMatchObject({ code: 'handover_taken' });
  expect(await world.agentLeaves(stampOf('h-old'))).toEqual({ delivered: false });
  expect(await world.says('Hello?')).toMatchObject({ paused: true });
});

test('an agent who gives the conversation back ends the pause, and the customer sees it once', async () => {
  const world = await handedOver();
  expect(await world.agentLeaves({ agent: { name: 'Jane' } })).toEqual({ delivered: true });
  expect(await world.agentLeaves({ agent: { name: 'Jane' } })).toEqual({ delivered: true });
  expect(world.platform.shown).toMatchObject([{ event: { kind: 'ended', agent: { name: 'Jane' } } }]);
  expect(await world.says('Bot?')).toEqual({ paused: false, ended: true });
});

test('giving back what nobody has changes nothing', async () => {
  const world = chatWorld();
  expect(await world.agentLeaves()).toEqual({ delivered: false });
  expect(world.platform.shown).toEqual([]);
  expect(await world.says('Hello')).toEqual({ paused: false, ended: false });
});

test("an agent may take a conversation that the bot has: a handover begins without the desk's being asked", async () => {
  const world = chatWorld();
  const outcome = await world.agentTakes({ agent: { name: 'Jane' }, ...stampOf('ticket-7') });
  expect(outcome).toEqual({ delivered: true, untilMs: world.clock.nowMs() + 10 * MINUTE_MS - 5 });
  expect(world.desk.opened).toEqual([]);
  expect(world.platform.kinds()).toEqual(['agent']);
  expect(await world.table.transcripts.handover('ticket-7')).toMatchObject({ conversationId: 'c-1' });
  await world.says('Hello?');
  expect(world.desk.told).toMatchObject([{ ref: { handoverId: 'ticket-7', ticket: 'ticket-7' } }]);
});

test('an agent who takes the conversation again lengthens the pause and never shortens it', async () => {
  const world = await handedOver();
  const longer = await world.pushes({ kind: 'takes', minutes: 60 });
  const shorter = await world.pushes({ kind: 'takes', minutes: 1 });
  expect(shorter.untilMs).toBe(longer.untilMs);
});

test('a pause of no minutes is one of a minute', async () => {
  const world = chatWorld();
  const { untilMs } = await world.pushes({ kind: 'takes', minutes: 0 });
  expect(untilMs).toBeGreaterThan(world.clock.nowMs());
});

test('an event with an id is delivered once, and every delivery gets the same answer', async () => {
  const world = await handedOver();
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => world.agentSays('Hello', { eventId: 'e-1' })));
  const later = await world.agentSays('Hello', { eventId: 'e-1' });
  expect(new Set([...outcomes, later].map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(world.platform.shown).toHaveLength(1);
});

test('an id that was used for something else is refused', async () => {
  const world = await handedOver();
  await world.agentSays('Hello', { eventId: 'e-1' });
  await expect(world.agentSays('Goodbye', { eventId: 'e-1' })).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
});

test('events without an id are delivered as often as they come', async () => {
  const world = await handedOver();
  await world.agentSays('ok');
  await world.agentSays('ok');
  expect(world.platform.texts()).toEqual(['ok', 'ok']);
});

test.for(['unreachable', 'hangs', 'breaks-off-after'] as const)(
  'a platform that %s: the agent is told, and the next event brings the words, in order',
  async (how) => {
    const world = await handedOver();
    world.platform.behave([how]);
    const startedMs = world.clock.monotonicMs();
    expect(await world.agentSays('one', { eventId: 'e-1' })).toMatchObject({ delivered: false });
    expect(world.clock.monotonicMs() - startedMs).toBeLessThan(4_000);
    expect(await world.agentSays('two', { eventId: 'e-2' })).toMatchObject({ delivered: true });
    expect(world.platform.texts()).toEqual(['one', 'two']);
    expect(await world.agentSays('one', { eventId: 'e-1' })).toMatchObject({ delivered: true });
    expect(world.platform.texts()).toEqual(['one', 'two']);
  },
);

test('the same event again is another try for words that were not delivered', async () => {
  const world = await handedOver();
  world.platform.behave(['unreachable']);
  expect(await world.agentSays('one', { eventId: 'e-1' })).toMatchObject({ delivered: false });
  expect(await world.agentSays('one', { eventId: 'e-1' })).toMatchObject({ delivered: true });
  expect(world.platform.shown).toHaveLength(1);
});

test('words that were tried three times are given up, the agent is told which, and stays told', async () => {
  const world = await handedOver();
  world.platform.behave('unreachable');
  await world.agentSays('one', { eventId: 'e-1' });
  await world.agentSays('two', { eventId: 'e-2' });
  await world.clock.sleep(5_000);
  world.platform.behave(['unreachable']);
  expect(await world.agentSays('three', { eventId: 'e-3' })).toMatchObject({ delivered: true, lost: ['one'] });
  expect(world.platform.texts()).toEqual(['two', 'three']);
  expect(await world.agentSays('one', { eventId: 'e-1' })).toEqual({ delivered: false, lost: ['one'] });
  expect(world.platform.texts()).toEqual(['two', 'three']);
});

test('words that the platform refuses are lost at once', async () => {
  const world = await handedOver();
  world.platform.behave(['refuses']);
  expect(await world.agentSays('one')).toMatchObject({ delivered: false, lost: ['one'] });
  expect(await world.agentSays('two')).toMatchObject({ delivered: true });
});

test('typing that cannot be shown is dropped', async () => {
  const world = await handedOver();
  expect(await world.pushes({ kind: 'types', minutes: 5 })).toMatchObject({ delivered: true });
  await world.clock.sleep(4_000);
  world.platform.behave(['unreachable']);
  expect(await world.pushes({ kind: 'types', minutes: 5 })).toMatchObject({ delivered: false });
  expect(world.platform.kinds()).toEqual(['typing']);
});

test('an agent who speaks while the handover is still being opened is heard as soon as it is', async () => {
  const world = chatWorld();
  world.desk.latencyMs = 800;
  const asking = world.asks('A person please');
  await world.clock.sleep(200);
  const speaking = world.agentSays('Hello');
  expect(await asking).toMatchObject({ paused: true });
  expect(await speaking).toMatchObject({ delivered: true });
});

test('a desk that declines while it is being asked leaves the conversation with the bot', async () => {
  const world = chatWorld();
  world.desk.latencyMs = 800;
  const asking = world.asks('A person please');
  await world.clock.sleep(200);
  const [state] = [await world.table.states.read('c-1')];
  expect(await world.agentLeaves(stampOf(state?.handoverId))).toEqual({ delivered: false });
  expect(await asking).toMatchObject({ paused: false });
  expect(world.desk.openTickets()).toEqual([]);
});

test('lines of an agent and a customer who type at the same time are all kept', async () => {
  const world = await handedOver();
  const turns = Array.from({ length: 40 }, (_, n) =>
    n % 2 ? world.agentSays(`agent ${n}`) : world.says(`customer ${n}`),
  );
  await Promise.all(turns);
  const lines = await world.table.transcripts.lines('c-1', 100);
  expect(lines.filter(({ text }) => /^(agent|customer) \d/.test(text))).toHaveLength(40);
});
