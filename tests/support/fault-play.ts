import type { HandoverRef, ToDesk } from '../../shared/core/handover/desk.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { Table } from '../../shared/core/table.ts';
import { type ChatWorld, chatWorld, deskModel, type PlatformModel, platformModel } from './chat-world.ts';
import { type Faults, mortals, seeded } from './fault-world.ts';
import { memoryTable } from './memory-table.ts';
import { runningClock } from './running-clock.ts';

const MINUTE_MS = 60_000;

/** In one such stretch of the clock a repeated delivery of the same words is known by them. */
const SAME_TEXT_MS = 10_000;

/** Longer than a pause and all tries. */
const CALM_MINUTES = 20;

export interface Play {
  readonly conversations: number;
  /** Of each side in each conversation. */
  readonly messages: number;
  readonly faults: Faults;
  readonly seed: number;
  /** What is put in the place of the table. */
  readonly store?: (table: Table, random: () => number) => Table;
  /** What is put in the place of the bot's platform. */
  readonly shows?: (platform: PlatformModel, random: () => number) => PlatformModel;
}

/** What one side was told of its words, answer by answer; `undefined` where nothing came that says what became of them. */
export interface Sent {
  readonly conversationId: string;
  readonly by: 'customer' | 'agent';
  readonly text: string;
  readonly answers: ('taken' | 'refused' | undefined)[];
}

type Answer = Sent['answers'][number];

const isUnclear = (error: unknown): boolean =>
  error instanceof Problem && ['state_unavailable', 'deadline_exceeded', 'in_progress'].includes(error.code);

/** What was not taken for now: whoever cares asks again. */
function unclear(error: unknown): undefined {
  if (!isUnclear(error)) throw error;
  return undefined;
}

/** Where all conversations of a play happen. */
function stage({ seed, store, shows }: Play) {
  const random = seeded(seed);
  const clock = runningClock();
  const table = memoryTable();
  const platform = platformModel(clock);
  /** What came to the desk's door, taken or not; and of that, what went there because the table was away. */
  const doors = new Set<string>();
  const unwritten = new Set<string>();
  return {
    random,
    clock,
    table,
    desk: deskModel(clock),
    platform,
    used: { table: store?.(table, random) ?? table, platform: shows?.(platform, random) ?? platform },
    sent: [] as Sent[],
    /** Words of agents that an answer to the desk named as lost. */
    toldLost: new Set<string>(),
    doors,
    unwritten,
    atDoor({ conversationId }: HandoverRef, event: ToDesk, isWrittenDown: boolean): void {
      if (!('line' in event)) return;
      const { text } = event.line;
      doors.add(`${event.kind} ${conversationId} ${text}`);
      if (!isWrittenDown) unwritten.add(`${conversationId} ${text}`);
    },
    between: (from: number, to: number): number => from + random() * (to - from),
  };
}

type Stage = ReturnType<typeof stage>;

/** Says one thing after the other, sometimes twice, again where no answer came, asks for a person whenever the bot answers. */
async function customer(on: Stage, conversationId: string, messages: number, instance: () => ChatWorld): Promise<void> {
  const { clock, random, sent, between } = on;
  const stretch = () => Math.floor(clock.nowMs() / SAME_TEXT_MS);
  let hasPerson = false;
  for (let n = 0; n < messages; n++) {
    const text = `c${n}`;
    const mine: Sent = { conversationId, by: 'customer', text, answers: [] };
    sent.push(mine);
    const isAsking = !hasPerson;
    const tell = async (): Promise<Answer> => {
      const standing = await (isAsking ? instance().asks(text) : instance().says(text)).catch(unclear);
      // Who hears nothing goes on with the bot.
      hasPerson = standing?.paused === true;
      return standing && (standing.paused ? 'taken' : 'refused');
    };
    const began = stretch();
    mine.answers.push(...(await Promise.all(random() < 0.05 ? [tell(), tell()] : [tell()])));
    if (stretch() === began && (mine.answers.includes(undefined) || random() < 0.05)) mine.answers.push(await tell());
    if (random() < 0.01) await instance().ends().catch(unclear);
    await clock.sleep(random() < 0.003 ? 11 * MINUTE_MS : between(200, 12_000));
  }
}

/** Says one thing after the other by the desk's push, or by what a desk tells, as often as it takes. */
async function agent(on: Stage, conversationId: string, messages: number, instance: () => ChatWorld, tells: boolean) {
  const { clock, random, table, sent, toldLost, between } = on;
  for (let n = 0; n < messages; n++) {
    await clock.sleep(between(200, 12_000));
    const text = `a${n}`;
    const eventId = `${conversationId}-${text}`;
    const mine: Sent = { conversationId, by: 'agent', text, answers: [] };
    sent.push(mine);
    const handoverId = (await table.states.read(conversationId))?.handoverId ?? '';
    const push = async (): Promise<Answer> => {
      const { lost = [] } = await instance().agentSays(text, { eventId });
      for (const words of lost) toldLost.add(`${conversationId} ${words}`);
      return lost.includes(text) ? 'refused' : 'taken';
    };
    const say = async (): Promise<Answer> => {
      const event = { kind: 'says', text, agent: undefined, isShown: false } as const;
      const heard = await instance().tells(event, eventId, { about: { conversationId, handoverId } });
      return heard === 'done' || heard === 'waiting' ? 'taken' : 'refused';
    };
    const tell = () =>
      (tells ? say() : push()).catch((error: unknown): Answer => {
        if (error instanceof Problem && error.code === 'not_paused') return 'refused';
        return unclear(error);
      });
    mine.answers.push(...(await Promise.all(random() < 0.05 ? [tell(), tell()] : [tell()])));
    for (let tries = 0; tries < 6 && mine.answers.at(-1) === undefined; tries++) {
      await clock.sleep(1_000);
      mine.answers.push(await tell());
    }
    if (random() < 0.05) mine.answers.push(await tell());
    if (random() < 0.01) await instance().agentLeaves().catch(unclear);
  }
}

/** Plays many conversations at once, with a sweep every minute; then a while in which nobody speaks and all goes well. */
export async function playFaults(play: Play) {
  const { conversations, messages, faults } = play;
  const on = stage(play);
  const { clock, desk, used, random, atDoor } = on;
  const parts = { clock, desk, ...used, random, faults, atDoor };
  const ids = Array.from({ length: conversations }, (_, n) => `k-${n}`);
  let isOver = false;
  async function sweeper(): Promise<void> {
    const instance = mortals(parts, 'none', 'bot');
    for (; !isOver; await clock.sleep(MINUTE_MS)) await instance().sweeps().catch(unclear);
  }
  const sweeping = sweeper();
  const chats = ids.flatMap((id, n) => [
    customer(on, id, messages, mortals(parts, id, n % 2 === 0 ? 'bot' : 'person')),
    agent(on, id, messages, mortals(parts, id, 'bot'), n % 3 === 0),
  ]);
  await Promise.all(chats);
  isOver = true;
  await sweeping;
  for (const model of [desk, on.platform]) model.behave('well');
  const calm = chatWorld({ clock, desk, ...used });
  for (let minute = 0; minute < CALM_MINUTES; minute++) {
    await clock.sleep(MINUTE_MS);
    await calm.sweeps();
  }
  return { ...on, ids };
}

/** What is left of a play. */
export type Played = Awaited<ReturnType<typeof playFaults>>;
