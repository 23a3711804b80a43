import type { BusinessHours } from '../../shared/core/call/hours.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import { type Pushed, type PushOutcome, push } from '../../shared/core/handover/agent-side.ts';
import type { BotCall, BotName, BotPlatform, HandoverWish, Standing, ToBot } from '../../shared/core/handover/bot.ts';
import { hear } from '../../shared/core/handover/customer-side.ts';
import type { Desk, HandoverRef, ToDesk } from '../../shared/core/handover/desk.ts';
import { type DeskHeard, hearDesk } from '../../shared/core/handover/desk-side.ts';
import type { DeskEvent, DeskTold } from '../../shared/core/handover/desk-told.ts';
import { openLanes } from '../../shared/core/handover/lane.ts';
import type { Line } from '../../shared/core/handover/line.ts';
import { NotTaken } from '../../shared/core/handover/not-taken.ts';
import { type Redact, redactor } from '../../shared/core/handover/redaction.ts';
import { type SweptHandovers, sweepHandovers } from '../../shared/core/handover/sweep-handovers.ts';
import { json } from '../../shared/core/reply.ts';
import type { HandoverRecord, Table } from '../../shared/core/table.ts';
import { memoryTable } from './memory-table.ts';
import { type RunningClock, runningClock } from './running-clock.ts';

/** How the other side behaves: well, or as one of its faults. `after` is a fault that comes after it has done its part. */
export type Behaviour = 'well' | 'refuses' | 'unreachable' | 'hangs' | 'breaks-off-after';

/** What a desk has seen, counted as it came: also what came twice. */
export interface DeskModel {
  readonly desk: Desk;
  readonly opened: HandoverRecord[];
  readonly linesAtOpen: (readonly Line[])[];
  readonly told: { readonly ref: HandoverRef; readonly event: ToDesk; readonly eventId: string }[];
  /** What the agent reads: each event once. */
  texts(): readonly string[];
  /** Handovers that were opened and not ended after that. */
  openTickets(): readonly string[];
  /** One behaviour for all that comes, or a list for as many calls; after it all is well. */
  behave(how: Behaviour | readonly Behaviour[]): void;
  /** How long it takes. */
  latencyMs: number;
}

function behaviours() {
  let standing: Behaviour = 'well';
  let queued: Behaviour[] = [];
  return {
    behave(how: Behaviour | readonly Behaviour[]) {
      if (typeof how === 'string') [standing, queued] = [how, []];
      else [standing, queued] = ['well', [...how]];
    },
    take: (): Behaviour => queued.shift() ?? standing,
  };
}

async function play<T>(
  clock: RunningClock,
  how: Behaviour,
  latencyMs: number,
  limitMs: number,
  does: () => T,
): Promise<T> {
  if (limitMs <= 0) throw new NotTaken('unreachable', 'no time left');
  if (how === 'hangs' || latencyMs > limitMs) {
    await clock.sleep(Math.min(limitMs, 1_500));
    throw new NotTaken('unknown', 'no answer in time');
  }
  await clock.sleep(latencyMs);
  if (how === 'refuses') throw new NotTaken('refused', 'status 400');
  if (how === 'unreachable') throw new NotTaken('unreachable', 'connection failed');
  const result = does();
  if (how === 'breaks-off-after') throw new NotTaken('unknown', 'answer cut off');
  return result;
}

export function deskModel(clock: RunningClock): DeskModel {
  const { behave, take } = behaviours();
  const tickets = new Set<string>();
  const model: DeskModel = {
    opened: [],
    linesAtOpen: [],
    told: [],
    latencyMs: 5,
    behave,
    texts() {
      const byId = new Map(model.told.map(({ event, eventId }) => [eventId, event]));
      return [...byId.values()].flatMap((event) => (event.kind === 'said' ? [event.line.text] : []));
    },
    openTickets: () => [...tickets],
    desk: {
      open: (handover, lines, deadline) =>
        play(clock, take(), model.latencyMs, Math.min(1_500, deadline.remainingMs()), () => {
          model.opened.push(handover);
          tickets.add(handover.handoverId);
          model.linesAtOpen.push(lines);
          return `T-${handover.handoverId}`;
        }),
      tell: (ref, event, eventId, deadline) =>
        play(clock, take(), model.latencyMs, Math.min(1_500, deadline.remainingMs()), () => {
          model.told.push({ ref, event, eventId });
          if (event.kind === 'ended') tickets.delete(ref.handoverId);
        }),
    },
  };
  return model;
}

/** What a bot's platform has shown, counted as it came. */
export interface PlatformModel {
  readonly platform: BotPlatform;
  readonly shown: {
    readonly conversationId: string;
    readonly handoverId: string;
    readonly event: ToBot;
    readonly eventId: string;
  }[];
  /** What the customer reads: each event once. */
  texts(): readonly string[];
  kinds(): readonly ToBot['kind'][];
  behave(how: Behaviour | readonly Behaviour[]): void;
  latencyMs: number;
}

export function platformModel(clock: RunningClock): PlatformModel {
  const { behave, take } = behaviours();
  const once = () => [...new Map(model.shown.map(({ event, eventId }) => [eventId, event])).values()];
  const model: PlatformModel = {
    shown: [],
    latencyMs: 5,
    behave,
    texts: () => once().flatMap((event) => (event.kind === 'message' ? [event.text] : [])),
    kinds: () => once().map(({ kind }) => kind),
    platform: {
      show: ({ conversationId, handoverId }, event, eventId, deadline) =>
        play(clock, take(), model.latencyMs, Math.min(2_000, deadline.remainingMs()), () => {
          model.shown.push({ conversationId, handoverId, event, eventId });
        }),
    },
  };
  return model;
}

const noWish: HandoverWish = {
  topic: undefined,
  reason: undefined,
  name: undefined,
  language: undefined,
  fields: {},
  lines: [],
};

/** One conversation between a customer, a bot, a desk and us, in a time that runs by itself. */
export interface ChatWorld {
  readonly clock: RunningClock;
  readonly table: Table;
  readonly desk: DeskModel;
  readonly platform: PlatformModel;
  readonly conversationId: string;
  asks(text?: string, wish?: Partial<HandoverWish>): Promise<Standing>;
  says(text: string): Promise<Standing>;
  types(): Promise<Standing>;
  ends(text?: string): Promise<Standing>;
  pushes(does: Pushed['does'], more?: Partial<Pushed>): Promise<PushOutcome>;
  agentSays(text: string, more?: Partial<Pushed>): Promise<PushOutcome>;
  agentTakes(more?: Partial<Pushed>): Promise<PushOutcome>;
  agentLeaves(more?: Partial<Pushed>): Promise<PushOutcome>;
  /** A sweep of the schedule. */
  sweeps(): Promise<SweptHandovers>;
  /** What the desk itself tells, of the latest handover that it has opened where nothing else is said. */
  tells(event: DeskEvent, eventId: string, more?: Partial<DeskTold>): Promise<DeskHeard>;
}

interface WorldOptions {
  readonly clock?: RunningClock;
  readonly table?: Table;
  readonly desk?: DeskModel;
  readonly platform?: PlatformModel;
  readonly conversationId?: string;
  readonly inDoubt?: BotCall['inDoubt'];
  readonly hearsOfReturn?: BotCall['hearsOfReturn'];
  readonly keepsWords?: BotCall['keepsWords'];
  readonly pauseMinutes?: number;
  readonly hours?: BusinessHours;
  readonly usualReturnEvent?: string;
  readonly redact?: Redact;
  /** Whether who sweeps knows the desk. */
  readonly sweepsDesk?: boolean;
  /** The platform on which the customer talks to the bot. */
  readonly bot?: BotName;
}

export function chatWorld(options: WorldOptions = {}): ChatWorld {
  const { clock = runningClock(), conversationId = 'c-1', pauseMinutes = 10, bot = 'plain' } = options;
  const { inDoubt = 'bot', hours, usualReturnEvent, sweepsDesk = true, redact = redactor([]) } = options;
  const { table = memoryTable(), desk = deskModel(clock), platform = platformModel(clock) } = options;
  const lanes = openLanes();

  async function ask(asked: BotCall['asked']): Promise<Standing> {
    const deadline = startDeadline(clock, 3_500);
    const call: BotCall = {
      bot,
      botId: undefined,
      conversationId,
      asked,
      inDoubt,
      hearsOfReturn: options.hearsOfReturn,
      keepsWords: options.keepsWords,
      answer: () => json(200, {}),
    };
    try {
      const parts = { table, desk: desk.desk, hours, lanes, clock, deadline, pauseMinutes, usualReturnEvent, redact };
      return await deadline.race(hear(parts, call));
    } finally {
      deadline.close();
    }
  }

  async function pushes(does: Pushed['does'], more: Partial<Pushed> = {}): Promise<PushOutcome> {
    const deadline = startDeadline(clock, 4_000);
    const stamp = { handoverId: undefined, seq: undefined };
    const event: Pushed = { conversationId, bot: 'plain', does, agent: undefined, stamp, eventId: undefined, ...more };
    try {
      const bots = () => platform.platform;
      const parts = { table, bots, lanes, clock, deadline, pauseMinutes, usualReturnEvent, redact };
      return await deadline.race(push(parts, event));
    } finally {
      deadline.close();
    }
  }

  async function tells(event: DeskEvent, eventId: string, more: Partial<DeskTold> = {}): Promise<DeskHeard> {
    const deadline = startDeadline(clock, 3_500);
    const about = { handoverId: desk.opened.at(-1)?.handoverId ?? '' };
    const bots = () => platform.platform;
    try {
      const parts = { table, desk: desk.desk, bots, lanes, clock, deadline, pauseMinutes, usualReturnEvent, redact };
      return await deadline.race(hearDesk(parts, { about, event, eventId, atMs: undefined, ...more }));
    } finally {
      deadline.close();
    }
  }

  async function sweeps(): Promise<SweptHandovers> {
    const deadline = startDeadline(clock, 9_000);
    const parts = { table, deskOf: () => (sweepsDesk ? desk.desk : undefined), bots: () => platform.platform, lanes };
    try {
      return await deadline.race(sweepHandovers({ ...parts, clock, deadline, pauseMinutes, usualReturnEvent, redact }));
    } finally {
      deadline.close();
    }
  }

  return {
    clock,
    table,
    desk,
    platform,
    conversationId,
    tells,
    sweeps,
    asks: (text = '', wish = {}) => ask({ kind: 'person', text, wish: { ...noWish, ...wish } }),
    says: (text) => ask({ kind: 'said', text }),
    types: () => ask({ kind: 'typing' }),
    ends: (text = '') => ask({ kind: 'end', text }),
    pushes,
    agentSays: (text, more) => pushes({ kind: 'says', text, minutes: undefined }, more),
    agentTakes: (more) => pushes({ kind: 'takes', minutes: undefined }, more),
    agentLeaves: (more) => pushes({ kind: 'leaves', botEvent: undefined }, more),
  };
}
