import { randomBytes } from 'node:crypto';
import { shortHash } from '../hash.ts';
import { inTime } from '../in-time.ts';
import { Problem } from '../problems.ts';
import { shortId } from '../short-id.ts';
import type { Table } from '../table.ts';
import type { AgentProfile, ToBot } from './bot.ts';
import type { HandoverRef } from './desk.ts';
import { endLapsed } from './ending.ts';
import type { Line } from './line.ts';
import { type Keyed, onlyOnce } from './only-once.ts';
import { type Owner, ownerOf } from './owner.ts';
import {
  concerns,
  type DeskStamp,
  ended,
  extended,
  isOutdated,
  isPaused,
  isPending,
  lapsed,
  noted,
  type OwnershipState,
  returnEvent,
  taken,
} from './ownership.ts';
import { minutesLeft, pauseEndMs } from './pause.ts';
import { redactedText } from './redacted.ts';
import type { SideParts } from './side-parts.ts';
import { type BotPlatforms, wayToBot } from './to-bot.ts';
import { endLine, leaveUndelivered, refOf } from './to-desk.ts';
import { showTyping } from './typing.ts';

const ANSWER_MS = 300;

/** What an agent does. */
export type AgentDoes =
  | { readonly kind: 'says'; readonly text: string; readonly minutes: number | undefined }
  | { readonly kind: 'types'; readonly minutes: number | undefined }
  | { readonly kind: 'takes'; readonly minutes: number | undefined }
  /** `botEvent` names what the bot should begin with, where its platform can do that. */
  | { readonly kind: 'leaves'; readonly botEvent: string | undefined };

/** One event of a desk, understood. */
export interface Pushed {
  readonly conversationId: string;
  /** The platform to suppose where the state names none. */
  readonly bot: 'botcopy' | 'plain';
  readonly does: AgentDoes;
  readonly agent: AgentProfile | undefined;
  readonly stamp: DeskStamp;
  /** The same over all deliveries of the event. Without one every delivery counts. */
  readonly eventId: string | undefined;
}

export interface PushOutcome {
  /** The customer's platform has it. False also when there was nothing to do; then `untilMs` says who has it. */
  readonly delivered: boolean;
  /** While a person has the conversation. */
  readonly untilMs?: number;
  /** Words of agents that were tried often enough: the customer will not see them. */
  readonly lost?: readonly string[];
}

interface AgentParts extends SideParts {
  readonly table: Pick<Table, 'states' | 'transcripts' | 'outbox' | 'once' | 'openings' | 'reminders'>;
  readonly bots: BotPlatforms;
}

type State = OwnershipState | undefined;

/** What an event with an id is remembered by. */
const requestOf = (pushed: Pushed): Keyed | undefined =>
  pushed.eventId === undefined
    ? undefined
    : {
        key: { conversationId: pushed.conversationId, key: `push/${pushed.eventId}` },
        fingerprint: shortHash(JSON.stringify(pushed)),
      };

/** The agent's side of one conversation. */
function conversation(parts: AgentParts, pushed: Pushed) {
  const { table, bots, lanes, clock, deadline, pauseMinutes } = parts;
  const { conversationId, agent, stamp } = pushed;
  const owner: Owner = ownerOf(conversationId, { ...table, clock, deadline }, ANSWER_MS);
  const delivery = { ...table, bots, lanes, clock, deadline };
  const show = wayToBot(delivery);
  const id = `a-${pushed.eventId === undefined ? randomBytes(12).toString('hex') : shortHash(pushed.eventId)}`;

  const endMs = (nowMs: number, minutes = pauseMinutes): number => pauseEndMs(nowMs, minutes);

  /** Whoever takes a conversation anew ends what is over by itself: both sides hear of it first. */
  async function endsLapsed(state: State): Promise<void> {
    const { usualReturnEvent } = parts;
    const tellLost = (ref: HandoverRef, line: Line) => leaveUndelivered(delivery, ref, line);
    await endLapsed({ ...delivery, usualReturnEvent, tellLost }, conversationId, state);
  }

  async function showing(state: OwnershipState, event: ToBot, line: Line) {
    const { bot, seq, pausedUntilMs } = state;
    const request = requestOf(pushed);
    const { fate, lost } = await show({
      ...refOf(conversationId, state),
      bot: bot || pushed.bot,
      seq,
      event,
      line,
      request,
    });
    return {
      delivered: fate === 'delivered',
      ...(event.kind === 'ended' ? {} : { untilMs: pausedUntilMs }),
      ...(lost.length > 0 ? { lost: lost.map(({ text }) => text) } : {}),
    } satisfies PushOutcome;
  }

  /** The pause goes on; throws `not_paused` unless a person has the conversation in this very handover. */
  async function goOn(minutes: number | undefined): Promise<OwnershipState> {
    const state = await owner.settled();
    const slide = (found: State, nowMs: number) =>
      found && concerns(found, stamp) ? extended(found, nowMs, endMs(nowMs, minutes)) : undefined;
    const { before, after } = await owner.change(slide, { state });
    const latest = after ?? before;
    if (latest && isPaused(latest, clock.nowMs()) && concerns(latest, stamp)) return latest;
    // What ran out is ended by the sweep, or by whoever has something to say to the bot.
    throw new Problem('not_paused');
  }

  async function says(text: string, minutes: number | undefined): Promise<PushOutcome> {
    const state = await goOn(minutes);
    if (!bots(state.bot || pushed.bot)) throw new Problem('customer_unreachable');
    const nowMs = clock.nowMs();
    const minutesPaused = minutesLeft(state.pausedUntilMs, nowMs);
    return showing(state, { kind: 'message', text, agent, minutesPaused }, { by: 'agent', text, atMs: nowMs, id });
  }

  async function types(minutes: number | undefined): Promise<PushOutcome> {
    const state = await goOn(minutes);
    const { bot, pausedUntilMs } = state;
    const minutesPaused = minutesLeft(pausedUntilMs, clock.nowMs());
    const event = { kind: 'typing', agent, minutesPaused } as const;
    const platform = bots(bot || pushed.bot);
    const ref = refOf(conversationId, state);
    const delivered = await showTyping(delivery, platform, ref, event, id);
    return { delivered, untilMs: pausedUntilMs };
  }

  /** Undefined when another request was faster: look again. */
  async function tryToTake(minutes: number | undefined): Promise<PushOutcome | undefined> {
    const state = await owner.settled();
    const nowMs = clock.nowMs();
    if (isPending(state, nowMs)) throw new Problem('in_progress');
    if (state && !concerns(state, stamp) && lapsed(state, nowMs)) {
      await endsLapsed(state);
      return undefined;
    }
    const handoverId = shortId('h', randomBytes(10));
    const next = taken(state, nowMs, stamp, { handoverId, bot: pushed.bot, pausedUntilMs: endMs(nowMs, minutes) });
    if (!next) {
      const isTheirs = state !== undefined && isPaused(state, nowMs);
      if (isTheirs && !concerns(state, stamp)) throw new Problem('handover_taken');
      return { delivered: false, ...(isTheirs ? { untilMs: state.pausedUntilMs } : {}) };
    }
    const noted = [];
    // Whoever goes on has been put on the list when they began.
    if (!isPaused(state, nowMs)) noted.push(table.reminders.add({ conversationId, atMs: next.pausedUntilMs }));
    if (next.handoverId !== state?.handoverId) {
      const nothing = { topic: undefined, reason: undefined, name: undefined, language: undefined, fields: {} };
      const opened = { handoverId: next.handoverId, conversationId, openedAtMs: nowMs };
      noted.push(table.transcripts.putHandover({ ...opened, ...nothing }));
      noted.push(table.openings.add({ ...opened, kind: 'chat' }));
    }
    await inTime(deadline, ANSWER_MS, Promise.all(noted));
    if (!(await owner.swap(state, next))) return undefined;
    const text = `${agent?.name ?? 'A person'} has the conversation`;
    const minutesPaused = minutesLeft(next.pausedUntilMs, nowMs);
    return showing(next, { kind: 'agent', agent, minutesPaused }, { by: 'system', text, atMs: nowMs, id });
  }

  async function takes(minutes: number | undefined): Promise<PushOutcome> {
    for (;;) {
      const outcome = await tryToTake(minutes);
      if (outcome) return outcome;
    }
  }

  async function leaves(named: string | undefined): Promise<PushOutcome> {
    const botEvent = returnEvent(named, 'agent', parts.usualReturnEvent);
    const { before, after } = await owner.change((state) =>
      isOutdated(state, stamp)
        ? undefined
        : (ended(state, stamp.handoverId, { reason: 'agent', botEvent }, stamp.seq) ?? noted(state, stamp, pushed.bot)),
    );
    const state = after ?? before;
    // Told again if it ended before: perhaps that delivery broke off. The line by which it is known keeps it to once.
    const hasEnded = state?.mode === 'bot' && state.owner !== '' && concerns(state, stamp);
    if (!hasEnded) return { delivered: false };
    const over: ToBot = { kind: 'ended', reason: 'agent', agent, botEvent };
    return showing(state, over, endLine(state.handoverId, 'agent', clock.nowMs()));
  }

  return { says, types, takes, leaves };
}

function act(parts: AgentParts, pushed: Pushed): Promise<PushOutcome> {
  const side = conversation(parts, pushed);
  const { does } = pushed;
  switch (does.kind) {
    case 'says':
      return side.says(does.text, does.minutes);
    case 'types':
      return side.types(does.minutes);
    case 'takes':
      return side.takes(does.minutes);
    case 'leaves':
      return side.leaves(does.botEvent);
  }
}

/**
 * Does what an agent wants, once per event id. Throws `not_paused`, `handover_taken`, `customer_unreachable`,
 * `idempotency_key_reused`, `in_progress` and `state_unavailable`.
 */
export async function push(parts: AgentParts, given: Pushed): Promise<PushOutcome> {
  const { does } = given;
  const pushed =
    does.kind === 'says' ? { ...given, does: { ...does, text: redactedText(parts.redact, does.text) } } : given;
  const request = requestOf(pushed);
  if (!request) return act(parts, pushed);
  const { table, clock, deadline } = parts;
  return onlyOnce(
    { once: table.once, clock, deadline },
    request,
    ({ delivered }) => delivered || pushed.does.kind === 'types',
    () => act(parts, pushed),
  );
}
