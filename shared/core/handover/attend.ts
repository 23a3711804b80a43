import { sha256 } from '../hash.ts';
import { inTime } from '../in-time.ts';
import type { Table } from '../table.ts';
import type { Desk, HandoverRef } from './desk.ts';
import { hearDesk } from './desk-side.ts';
import { endLapsed, tellEnd } from './ending.ts';
import type { Line } from './line.ts';
import { askDesk } from './look-again.ts';
import { ownerOf } from './owner.ts';
import { ended, isPaused, type OwnershipState } from './ownership.ts';
import type { Reminder } from './reminders.ts';
import type { SideParts } from './side-parts.ts';
import { isSilent } from './silent-desk.ts';
import { type BotPlatforms, showWaiting } from './to-bot.ts';
import { leaveUndelivered, losesWords, refOf, saysEnd, wayToDesk } from './to-desk.ts';

const ANSWER_MS = 300;

/** How often a desk is asked that does not tell everything by itself. */
const ASK_EVERY_MS = 60_000;

/** How often a conversation is looked at that a person has: what an instance left behind that died is found by then. */
const LOOK_EVERY_MS = 5 * 60_000;

/** What it takes to look after a conversation. */
export interface AttendParts extends SideParts {
  readonly table: Pick<Table, 'states' | 'transcripts' | 'outbox' | 'once' | 'contexts' | 'reminders'>;
  /** Who has a ticket. Undefined where no such desk is set up: what waits for it is left to those who have it. */
  readonly deskOf: (ticket: string) => Desk | undefined;
  readonly bots: BotPlatforms;
  /** Never forgotten here: nobody else names anything. */
  readonly usualReturnEvent: string | undefined;
}

/** What was done for a conversation. */
export interface Attended {
  /** Parcels that reached the other side. */
  readonly redelivered: number;
  readonly hasEnded: boolean;
}

type State = OwnershipState | undefined;

/** When to look again: each conversation at moments of its own, the same for whoever asks. */
function nextLookMs({ conversationId }: Reminder, nowMs: number, everyMs: number): number {
  const offsetMs = sha256(conversationId).readUInt32BE() % everyMs;
  return (Math.floor((nowMs - offsetMs) / everyMs) + 1) * everyMs + offsetMs;
}

/** One conversation and all that may be left to do in it. */
function conversation(parts: AttendParts, conversationId: string, desk: Desk | undefined) {
  const { table, clock, deadline } = parts;
  const owner = ownerOf(conversationId, { ...table, clock, deadline }, ANSWER_MS);
  const delivery = { ...table, lanes: parts.lanes, clock, deadline };
  const toDesk = desk && wayToDesk({ ...delivery, desk });
  const tellLost = (ref: HandoverRef, line: Line) => leaveUndelivered(delivery, ref, line);
  const toBot = { ...delivery, bots: parts.bots, usualReturnEvent: parts.usualReturnEvent, tellLost };

  /** What a desk says when it is asked, heard as if it had told it. */
  async function ask(state: OwnershipState): Promise<State> {
    if (!desk || !isPaused(state, clock.nowMs())) return state;
    const told = await askDesk(desk, refOf(conversationId, state), deadline);
    for (const one of told) await hearDesk({ ...parts, desk }, one);
    return told.length > 0 ? owner.read() : state;
  }

  /** A desk that took it and then said nothing never had it: told as if it had said so itself. */
  async function doubt(state: State): Promise<State> {
    if (!desk || !state || !isPaused(state, clock.nowMs())) return state;
    const { handoverId } = state;
    if (!(await isSilent(parts, desk, conversationId, handoverId))) return state;
    const about = { handoverId };
    await hearDesk(
      { ...parts, desk },
      { about, event: { kind: 'failed' }, eventId: `${handoverId}-silent`, atMs: undefined },
    );
    return owner.read();
  }

  /** The desk is sent what waits for it. One that does not take the customer's words has lost the conversation. */
  async function sendToDesk(state: State): Promise<number> {
    if (!toDesk) return 0;
    return toDesk.sendWaiting(conversationId, async (givenUp, fate) => {
      if (!state || !losesWords(givenUp, fate, state)) return;
      const { after } = await owner.change((found) => ended(found, state.handoverId, { reason: 'failed' }));
      if (after) await tellEnd(toBot, conversationId, after);
    });
  }

  /** Whoever ended it may have died before everybody was told. */
  async function completeEnd(state: State): Promise<void> {
    if (state?.mode !== 'bot' || !state.returned) return;
    const lines = await inTime(deadline, ANSWER_MS, table.transcripts.lines(conversationId, Number.POSITIVE_INFINITY));
    if (!saysEnd(lines, state.handoverId)) await tellEnd(toBot, conversationId, state);
  }

  return { owner, ask, doubt, sendToDesk, completeEnd, toBot };
}

/**
 * Looks at a conversation that nobody may be speaking in: delivers what waits for both sides, ends what is over and tells both, asks a
 * desk that does not tell everything, and says when to look again. Any number of instances may look at the same time, and
 * one that dies leaves the reminder. Throws `state_unavailable`.
 */
export async function attend(parts: AttendParts, reminder: Reminder): Promise<Attended> {
  const { table, clock, deadline } = parts;
  const { conversationId } = reminder;
  const found = await inTime(deadline, ANSWER_MS, table.states.read(conversationId));
  const desk = parts.deskOf(found?.owner ?? '');
  const side = conversation(parts, conversationId, desk);
  const asked = await side.doubt(found && (await side.ask(found)));
  const state = await endLapsed(side.toBot, conversationId, asked);
  const toDesk = await side.sendToDesk(state);
  const shown = await showWaiting(side.toBot, conversationId);
  await side.completeEnd(state);

  const latest = await side.owner.read();
  const nowMs = clock.nowMs();
  const hasEnded = latest?.mode === 'bot' && found !== undefined && found.mode !== 'bot';
  if (latest && latest.mode !== 'bot') {
    const lookMs = nextLookMs(reminder, nowMs, desk?.look || desk?.speaksWithinMs ? ASK_EVERY_MS : LOOK_EVERY_MS);
    const atMs = isPaused(latest, nowMs)
      ? Math.min(latest.pausedUntilMs, lookMs)
      : Math.max(latest.pausedUntilMs, nowMs);
    await table.reminders.add({ conversationId, atMs });
  }
  await table.reminders.remove(reminder);
  return { redelivered: toDesk + shown, hasEnded };
}
