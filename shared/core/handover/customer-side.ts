import { randomBytes } from 'node:crypto';
import type { BusinessHours } from '../call/hours.ts';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { inTime } from '../in-time.ts';
import { Problem } from '../problems.ts';
import type { Table } from '../table.ts';
import { availabilityAt } from '../web-chat/availability.ts';
import type { BotCall, HandoverWish, Standing } from './bot.ts';
import type { Posted } from './delivery.ts';
import type { Availability, Desk } from './desk.ts';
import { isBusy } from './is-busy.ts';
import type { Lanes } from './lane.ts';
import { heardId, type Line } from './line.ts';
import { NotTaken } from './not-taken.ts';
import { open } from './opening.ts';
import { type Owner, ownerOf } from './owner.ts';
import {
  ended,
  extended,
  isPaused,
  isPending,
  lapsed,
  type OwnershipState,
  returnEvent,
  returnTold,
} from './ownership.ts';
import { pauseEndMs } from './pause.ts';
import { endLine, losesWords, refOf, wayToDesk } from './to-desk.ts';

/** What is left to hand the customer's words to the desk without the table. */
const WITHOUT_TABLE_MS = 1_700;

/** What is left to answer when nothing can be done without the table. */
const ANSWER_MS = 300;

/** How long a platform that must not fall silent is told to pause when nobody knows who has the conversation. */
const DOUBT_MINUTES = 1;

interface CustomerParts {
  readonly table: Pick<Table, 'states' | 'transcripts' | 'outbox' | 'openings' | 'reminders'>;
  readonly desk: Desk;
  /** When people answer; undefined where they always do. */
  readonly hours: BusinessHours | undefined;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly pauseMinutes: number;
  /** What the bot begins with when it has the conversation again and nobody named anything. */
  readonly usualReturnEvent?: string | undefined;
}

/** What matters of a call to who has the conversation. */
type Heard = Pick<BotCall, 'bot' | 'conversationId' | 'asked' | 'inDoubt' | 'keepsWords' | 'hearsOfReturn'>;

type State = OwnershipState | undefined;

const botHasIt = { paused: false, ended: false } as const;
const stateIsAway: Standing = { ...botHasIt, reason: 'state_unavailable' };

/** Whether a handover was ended, rather than never taken: only then is the ticket kept. */
const wasEnded = (state: State): boolean => state?.mode === 'bot' && state.owner !== '';

/** An id for what is sent once and never again. */
const passingId = (): string => `t-${randomBytes(12).toString('hex')}`;

/** The table is away; anything else is a fault of ours and goes on. */
function tableIsAway(error: unknown): true {
  if (!(error instanceof Problem)) throw error;
  return true;
}

function nothingMore(error: unknown): Record<string, never> {
  tableIsAway(error);
  return {};
}

/** The customer's side of one conversation. */
function conversation(parts: CustomerParts, conversationId: string, { inDoubt, keepsWords, hearsOfReturn }: Heard) {
  const { table, desk, hours, lanes, clock, deadline, pauseMinutes } = parts;
  const toDesk = wayToDesk({ ...table, desk, lanes, clock, deadline });
  const owner = (reserveMs: number): Owner => ownerOf(conversationId, { ...table, clock, deadline }, reserveMs);

  const standingOf = (state: State): Standing =>
    state && isPaused(state, clock.nowMs())
      ? { paused: true, untilMs: state.pausedUntilMs, handoverId: state.handoverId }
      : { paused: false, ended: wasEnded(state) };

  /**
   * Ends what is over by itself and tells the desk: a pause that ran out, a handover whose opening broke off. Resolves to
   * what stands there then.
   */
  async function tidy(state: State): Promise<State> {
    const over = lapsed(state, clock.nowMs());
    if (!over?.returned) return state;
    if (!(await owner(ANSWER_MS).swap(state, over))) return undefined;
    const { reason } = over.returned;
    await toDesk.send(await toDesk.post(refOf(conversationId, over), { kind: 'ended', reason }));
    return over;
  }

  /** The bot has it: what the bot has to know of a handover that is over, of several that ask at once told to one. */
  async function botAgain(state: State): Promise<Pick<Extract<Standing, { paused: false }>, 'returned'>> {
    const now = await tidy(state);
    if (!hearsOfReturn || !returnTold(now)) return {};
    // A desk may write at the same moment; who asks at the same moment finds it told.
    const { before, after } = await owner(ANSWER_MS).change(returnTold, { state: now });
    if (!after || !before?.returned) return {};
    const { reason, botEvent } = before.returned;
    return { returned: { reason, botEvent: returnEvent(botEvent, reason, parts.usualReturnEvent) } };
  }

  /** What the customer says to the bot, where nobody else may tell it. Without it everything goes on. */
  async function keep(line: Line | undefined): Promise<void> {
    if (keepsWords && line)
      await inTime(deadline, WITHOUT_TABLE_MS, table.transcripts.add(conversationId, line)).catch(nothingMore);
  }

  /** The desk does not take the customer's words: the bot has the conversation again, and its platform hears it now. */
  async function giveUp({ handoverId }: OwnershipState): Promise<State> {
    const reason = 'failed';
    const { before, after } = await owner(0).change((state) => ended(state, handoverId, { reason }));
    const line = endLine(handoverId, reason, clock.nowMs());
    if (after) await toDesk.leave(refOf(conversationId, after), { kind: 'ended', reason }, line);
    return after ?? before;
  }

  /**
   * The table has gone away. Where a person is known to have it, or nobody knows and the call speaks for a person, the words
   * go to the desk without the table.
   */
  async function doubt(line: Line | undefined, state: State): Promise<Standing> {
    if (inDoubt === 'bot' && !isPaused(state, clock.nowMs())) return stateIsAway;
    const ref = state ? refOf(conversationId, state) : { handoverId: '', conversationId, ticket: '' };
    try {
      if (line) await desk.tell(ref, { kind: 'said', line }, line.id, deadline);
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      if (error.kind !== 'unknown') return stateIsAway;
    }
    return { paused: true, untilMs: pauseEndMs(clock.nowMs(), DOUBT_MINUTES) };
  }

  /** The pause goes on from now. This write, or the read where none is needed, decides whose the words are. */
  async function goOn(mine: Owner, state: State): Promise<State> {
    const slide = (found: State, nowMs: number) => extended(found, nowMs, pauseEndMs(nowMs, pauseMinutes));
    const { before, after } = await mine.change(slide, { state });
    return after ?? before;
  }

  async function said(text: string): Promise<Standing> {
    const nowMs = clock.nowMs();
    const line: Line | undefined =
      text === '' ? undefined : { by: 'customer', text, atMs: nowMs, id: heardId(conversationId, text, nowMs) };
    const mine = owner(inDoubt === 'bot' ? ANSWER_MS : WITHOUT_TABLE_MS);
    let state: State;
    let posted: Posted | undefined;
    try {
      state = await mine.settled();
      if (line) {
        state = await goOn(mine, state);
        if (state && isPaused(state, clock.nowMs()))
          posted = await toDesk.post(refOf(conversationId, state), { kind: 'said', line });
      }
    } catch (error) {
      tableIsAway(error);
      return doubt(line, state);
    }
    const standing = standingOf(state);
    if (!standing.paused) {
      const [back] = await Promise.all([botAgain(state).catch(nothingMore), keep(line)]);
      return { ...standing, ...back };
    }
    if (!state) return standing;
    const found = state;
    const { fate, givenUp } = await toDesk.send(posted, async (lost, end) => {
      if (losesWords(lost, end, found)) await giveUp(found);
    });
    if (!losesWords(givenUp, fate, found)) return standing;
    // Again, for whom another request of this instance has tried it. The bot answers these words, so the desk need not.
    if (posted) await table.outbox.remove(posted.parcel).catch(tableIsAway);
    return { ...botHasIt, ...(await giveUp(found).then(botAgain).catch(nothingMore)) };
  }

  /** A handover whose pause ran out ends before another begins; its desk hears of it later. Undefined when others were faster. */
  async function makeRoom(mine: Owner, state: OwnershipState): Promise<State> {
    const over = lapsed(state, clock.nowMs());
    if (!over || !(await mine.swap(state, over))) return undefined;
    const line = endLine(over.handoverId, 'expired', clock.nowMs());
    await toDesk.leave(refOf(conversationId, over), { kind: 'ended', reason: 'expired' }, line);
    return over;
  }

  /** Nobody would come: the bot goes on, and may say until when. */
  async function refuses(state: State, { opensAt }: Availability): Promise<Standing> {
    const back = await botAgain(state).catch(nothingMore);
    return { ...botHasIt, ...back, reason: opensAt === undefined ? 'nobody_online' : 'outside_hours', opensAt };
  }

  async function asksForPerson(bot: BotCall['bot'], text: string, wish: HandoverWish): Promise<Standing> {
    const mine = owner(ANSWER_MS);
    let there: Availability | undefined;
    try {
      for (let hasWaited = false; ; ) {
        let state = await mine.read();
        if (isPending(state, clock.nowMs())) {
          hasWaited = true;
          state = await mine.settled();
        }
        if (isPaused(state, clock.nowMs())) return said(text);
        if (isPending(state, clock.nowMs())) return { ...botHasIt, reason: 'in_progress' };
        if (hasWaited) return { ...botHasIt, reason: 'desk_unavailable' };
        there ??= await availabilityAt(desk, hours, clock)(wish.topic, deadline);
        if (there.online === false) return refuses(state, there);
        if (state?.mode === 'human') {
          state = await makeRoom(mine, state);
          if (!state) continue;
        }
        const parts = { ...table, desk, toDesk, clock, deadline, pauseMinutes };
        const standing = await open(parts, mine, state, { conversationId, bot, text, wish });
        const { positionInQueue, waitSeconds } = there;
        if (standing) return standing.paused ? { ...standing, positionInQueue, waitSeconds } : standing;
      }
    } catch (error) {
      tableIsAway(error);
      return stateIsAway;
    }
  }

  async function types(): Promise<Standing> {
    try {
      const state = await owner(ANSWER_MS).read();
      const isTheirs = state && isPaused(state, clock.nowMs());
      // Words go first: while any of them wait, nobody hears of typing.
      if (isTheirs && !(await isBusy({ ...table, lanes, deadline }, { conversationId, to: 'desk' })))
        await desk.tell(refOf(conversationId, state), { kind: 'typing' }, passingId(), deadline).catch(() => {});
      return standingOf(state);
    } catch (error) {
      tableIsAway(error);
      return doubt(undefined, undefined);
    }
  }

  async function ends(text: string): Promise<Standing> {
    if (text !== '') await said(text);
    try {
      const reason = 'customer';
      const { before, after } = await owner(ANSWER_MS).change((state) => ended(state, undefined, { reason }));
      const over = { kind: 'ended', reason } as const;
      // Whoever is still opening it tells the desk, after the desk has it.
      if (before?.mode === 'pending')
        await toDesk.leave(
          refOf(conversationId, after ?? before),
          over,
          endLine(before.handoverId, reason, clock.nowMs()),
        );
      else if (before && (after || wasEnded(before)))
        await toDesk.send(await toDesk.post(refOf(conversationId, before), over));
      return { paused: false, ended: true };
    } catch (error) {
      tableIsAway(error);
      return stateIsAway;
    }
  }

  return { said, asksForPerson, types, ends };
}

/**
 * Answers what a bot's platform asks: who has the conversation, after all that it asked for was done. Never throws for a
 * table or a desk that is away: then the call itself says who answers the customer.
 */
export async function hear(parts: CustomerParts, call: Heard): Promise<Standing> {
  const { conversationId, asked } = call;
  if (conversationId === undefined) return botHasIt;
  const side = conversation(parts, conversationId, call);
  switch (asked.kind) {
    case 'person':
      return side.asksForPerson(call.bot, asked.text, asked.wish);
    case 'said':
      return side.said(asked.text);
    case 'typing':
      return side.types();
    case 'end':
      return side.ends(asked.text);
  }
}
