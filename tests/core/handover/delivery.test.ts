import { expect, test } from 'vitest';
import { startDeadline } from '../../../shared/core/deadline.ts';
import { type Delivery, deliver, post, type SendParcel } from '../../../shared/core/handover/delivery.ts';
import { openLanes } from '../../../shared/core/handover/lane.ts';
import { NotTaken } from '../../../shared/core/handover/not-taken.ts';
import { Problem } from '../../../shared/core/problems.ts';
import type { Outbox } from '../../../shared/core/table.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { type RunningClock, runningClock } from '../../support/running-clock.ts';

/** `another` is an instance of its own over the same outbox. */
function outboxWorld(another?: { readonly clock: RunningClock; readonly outbox: Outbox }) {
  const clock = another?.clock ?? runningClock();
  const { reminders, ...table } = memoryTable();
  const outbox = another?.outbox ?? table.outbox;
  const lanes = openLanes();
  const sent: string[] = [];
  const draft = (eventId: string) => ({ conversationId: 'c-1', to: 'desk' as const, eventId, payload: '{}' });
  async function send(eventId: string, does: SendParcel = async () => {}, limitMs = 3_500): Promise<Delivery> {
    const deadline = startDeadline(clock, limitMs);
    const parts = { outbox, reminders, lanes, clock, deadline };
    const through: SendParcel = async (parcel, isNew, limit) => {
      await does(parcel, isNew, limit);
      sent.push(parcel.eventId);
    };
    try {
      return await deliver(parts, await post(parts, draft(eventId), 'deliver'), through);
    } finally {
      deadline.close();
    }
  }
  async function leave(eventId: string): Promise<void> {
    const deadline = startDeadline(clock, 3_500);
    await post({ outbox, reminders, lanes, clock, deadline }, draft(eventId), 'left');
    deadline.close();
  }
  return { clock, outbox, reminders, sent, send, leave };
}

const fails: SendParcel = async () => {
  throw new NotTaken('unreachable', 'connection failed');
};

test('a parcel that is delivered leaves nothing behind', async () => {
  const { send, sent, outbox } = outboxWorld();
  expect(await send('e-1')).toEqual({ fate: 'delivered', givenUp: [] });
  expect(sent).toEqual(['e-1']);
  expect(await outbox.waiting('c-1', 'desk')).toEqual([]);
});

test('what waits goes first, in order', async () => {
  const { send, sent, leave, clock } = outboxWorld();
  await leave('e-1');
  await clock.sleep(1);
  await leave('e-2');
  await clock.sleep(1);
  await send('e-3');
  expect(sent).toEqual(['e-1', 'e-2', 'e-3']);
});

test('while an older parcel cannot be sent, younger ones wait behind it', async () => {
  const { send, sent, clock } = outboxWorld();
  expect(await send('e-1', fails)).toEqual({ fate: 'waiting', givenUp: [] });
  await clock.sleep(1);
  expect(await send('e-2', fails)).toEqual({ fate: 'waiting', givenUp: [] });
  await clock.sleep(1);
  // After a second failure it rests for some seconds.
  expect(await send('e-3')).toEqual({ fate: 'waiting', givenUp: [] });
  expect(sent).toEqual([]);
  await clock.sleep(5_000);
  expect(await send('e-4')).toEqual({ fate: 'delivered', givenUp: [] });
  expect(sent).toEqual(['e-1', 'e-2', 'e-3', 'e-4']);
});

test('after three tries a parcel is given up, and the next one goes', async () => {
  const { send, sent, clock } = outboxWorld();
  await send('e-1', fails);
  await send('e-1', fails);
  await clock.sleep(5_000);
  const { givenUp } = await send('e-1', fails);
  expect(givenUp.map(({ eventId, tries }) => [eventId, tries])).toEqual([['e-1', 3]]);
  expect(await send('e-2')).toMatchObject({ fate: 'delivered' });
  expect(sent).toEqual(['e-2']);
});

test('a parcel that is refused is given up at once', async () => {
  const { send, outbox } = outboxWorld();
  const refuses: SendParcel = async () => {
    throw new NotTaken('refused', 'status 400');
  };
  expect(await send('e-1', refuses)).toMatchObject({ fate: 'given-up', givenUp: [{ eventId: 'e-1' }] });
  expect(await outbox.waiting('c-1', 'desk')).toEqual([]);
});

test('what was given up is not sent behind younger ones, whoever finds that it could not be told of or taken away', async () => {
  const clock = runningClock();
  const { outbox } = memoryTable();
  const away = async () => {
    throw new Problem('state_unavailable');
  };
  const refuses: SendParcel = async () => {
    throw new NotTaken('refused', 'status 400');
  };
  const first = outboxWorld({ clock, outbox: { ...outbox, remove: away } });
  await first.leave('e-1');
  await clock.sleep(1);
  await first.send('e-2', async (parcel, ...more) => (parcel.eventId === 'e-1' ? refuses(parcel, ...more) : undefined));
  expect(first.sent).toEqual(['e-2']);
  await clock.sleep(6_000);
  const { send, sent } = outboxWorld({ clock, outbox });
  expect(await send('e-3')).toMatchObject({ fate: 'delivered', givenUp: [{ eventId: 'e-1' }] });
  expect(sent).not.toContain('e-1');
  expect(await outbox.waiting('c-1', 'desk')).toEqual([]);
});

test('what the other side has is delivered, also when that cannot be written down', async () => {
  const clock = runningClock();
  const { outbox } = memoryTable();
  const remove = async () => {
    throw new Problem('state_unavailable');
  };
  const { send, sent } = outboxWorld({ clock, outbox: { ...outbox, remove } });
  expect(await send('e-1')).toEqual({ fate: 'delivered', givenUp: [] });
  expect(sent).toEqual(['e-1']);
});

test('who is told that their parcel was given up is given it, whoever of the instance tried it', async () => {
  const { send, outbox } = outboxWorld();
  const refusesTheSecond: SendParcel = async ({ eventId }) => {
    if (eventId === 'e-2') throw new NotTaken('refused', 'status 400');
  };
  const [first, second] = await Promise.all([send('e-1', refusesTheSecond), send('e-2', refusesTheSecond)]);
  expect(first.fate).toBe('delivered');
  expect(second).toMatchObject({ fate: 'given-up', givenUp: [{ eventId: 'e-2' }] });
  expect(await outbox.waiting('c-1', 'desk')).toEqual([]);
});

test('a side that asks for time is left alone for so long', async () => {
  const { send, sent, clock } = outboxWorld();
  const busy: SendParcel = async () => {
    throw new NotTaken('unreachable', 'status 429', 3_000);
  };
  await send('e-1', busy);
  await clock.sleep(1_000);
  expect(await send('e-2')).toMatchObject({ fate: 'waiting' });
  await clock.sleep(2_000);
  expect(await send('e-3')).toMatchObject({ fate: 'delivered' });
  expect(sent).toEqual(['e-1', 'e-2', 'e-3']);
});

test('a younger parcel waits for an older one that is being sent, also by another instance', async () => {
  const { send, sent, clock } = outboxWorld();
  const slowly: SendParcel = () => clock.sleep(300);
  const older = send('e-1', slowly);
  await clock.sleep(10);
  await send('e-2');
  await older;
  expect(sent).toEqual(['e-1', 'e-2']);
});

test('a parcel that somebody held when they died is sent once their claim is over', async () => {
  const { send, sent, clock } = outboxWorld();
  void send('e-1', () => new Promise(() => {})).catch(() => {});
  await clock.sleep(100);
  expect(await send('e-2')).toMatchObject({ fate: 'waiting' });
  await clock.sleep(5_000);
  expect(await send('e-3')).toMatchObject({ fate: 'delivered' });
  expect(sent).toEqual(['e-1', 'e-2', 'e-3']);
});

test('the same parcel posted twice at once is sent once', async () => {
  const { send, sent, clock } = outboxWorld();
  const slowly: SendParcel = () => clock.sleep(100);
  const fates = await Promise.all([send('e-1', slowly), send('e-1', slowly)]);
  expect(fates.map(({ fate }) => fate)).toEqual(['delivered', 'delivered']);
  expect(sent).toEqual(['e-1']);
});

test('behind a parcel that fails alone the others wait all the same', async () => {
  const { send, sent, clock } = outboxWorld();
  const failsFirst: SendParcel = async (parcel) => {
    if (parcel.eventId === 'e-1') throw new NotTaken('unreachable', 'connection failed');
  };
  await send('e-1', failsFirst);
  await clock.sleep(1);
  expect(await send('e-2', failsFirst)).toMatchObject({ fate: 'waiting' });
  expect(sent).toEqual([]);
});

test('a side that fails is not tried by each who waits in an instance', async () => {
  const { send, outbox, clock } = outboxWorld();
  let tries = 0;
  const counted: SendParcel = async () => {
    tries += 1;
    throw new NotTaken('unreachable', 'connection failed');
  };
  const fates = await Promise.all(['e-1', 'e-2', 'e-3', 'e-4'].map((id) => send(id, counted)));
  expect(fates.map(({ fate }) => fate)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  expect(tries).toBeLessThan(3);
  const [, ...behind] = await outbox.waiting('c-1', 'desk');
  expect(behind.map(({ claimedUntilMs }) => claimedUntilMs <= clock.nowMs())).toEqual([true, true, true]);
});

test('instances keep the order between them', async () => {
  const one = outboxWorld();
  const other = outboxWorld(one);
  const sent: string[] = [];
  const slowly: SendParcel = async ({ eventId }) => {
    await one.clock.sleep(1_000);
    sent.push(eventId);
  };
  const older = one.send('e-1', slowly);
  await one.clock.sleep(10);
  const younger = other.send('e-2', slowly);
  expect(await Promise.all([older, younger])).toMatchObject([{ fate: 'delivered' }, { fate: 'delivered' }]);
  expect(sent).toEqual(['e-1', 'e-2']);
});

test('a parcel that another instance has delivered is delivered', async () => {
  const one = outboxWorld();
  const other = outboxWorld(one);
  const slowly: SendParcel = () => one.clock.sleep(200);
  const first = one.send('e-1', slowly);
  await one.clock.sleep(10);
  expect(await other.send('e-1')).toEqual({ fate: 'delivered', givenUp: [] });
  await first;
  expect([...one.sent, ...other.sent]).toEqual(['e-1']);
});

test('a request that cannot wait any longer leaves its parcel free', async () => {
  const { send, sent, outbox, clock } = outboxWorld();
  const older = send('e-1', () => clock.sleep(1_500));
  await clock.sleep(10);
  expect(await send('e-2', undefined, 1_000)).toEqual({ fate: 'waiting', givenUp: [] });
  const [, left] = await outbox.waiting('c-1', 'desk');
  expect(left?.claimedUntilMs).toBeLessThanOrEqual(clock.nowMs());
  await older;
  await send('e-3');
  expect(sent).toEqual(['e-1', 'e-2', 'e-3']);
});

test('nothing is begun for which too little time is left', async () => {
  const { clock, outbox, reminders } = outboxWorld();
  const deadline = startDeadline(clock, 900);
  const parts = { outbox, reminders, lanes: openLanes(), clock, deadline };
  const draft = { conversationId: 'c-1', to: 'desk' as const, eventId: 'e-1', payload: '{}' };
  const posted = await post(parts, draft, 'deliver');
  await clock.sleep(100);
  let tried = false;
  const delivery = await deliver(parts, posted, async () => {
    tried = true;
  });
  deadline.close();
  expect([tried, delivery.fate]).toEqual([false, 'waiting']);
  expect((await outbox.waiting('c-1', 'desk'))[0]?.claimedUntilMs).toBeLessThanOrEqual(clock.nowMs());
});
