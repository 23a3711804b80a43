import { randomBytes } from 'node:crypto';
import type { BusinessHours } from '../call/hours.ts';
import { earlier, inTime } from '../in-time.ts';
import type { Table } from '../table.ts';
import { askForPerson } from './asking.ts';
import type { BotCall, HandoverWish, Standing } from './bot.ts';
import type { Posted } from './delivery.ts';
import type { Desk } from './desk.ts';
import { isBusy } from './is-busy.ts';
import { heardId, type Line } from './line.ts';
import { NotTaken } from './not-taken.ts';
import { type Owner, ownerOf } from './owner.ts';
import { ended, extended, isPaused, type OwnershipState } from './ownership.ts';
import { pauseEndMs } from './pause.ts';
import { redactedAsked } from './redacted.ts';
import type { SideParts } from './side-parts.ts';
import { nothingMore, tableIsAway } from './table-is-away.ts';
import { endLine, losesWords, refOf, wayToDesk } from './to-desk.ts';
import { wayBack } from './way-back.ts';

/** What is left to hand the customer's words to the desk without the table. */
const WITHOUT_TABLE_MS = 1_700;

/** What is left to leave words for a desk that may not have heard them. */
const LEAVE_MS = 500;

/** What is left to answer when nothing can be done without the table. */
const ANSWER_MS = 300;

/** How long a platform that must not fall silent is told to pause when nobody knows who has the conversation. */
const DOUBT_MINUTES = 1;

interface CustomerParts extends SideParts {
  readonly table: Pick<Table, 'states' | 'transcripts' | 'outbox' | 'openings' | 'reminders'>;
  readonly desk: Desk;
  /** When people answer; undefined where they always do. */
  readonly hours: BusinessHours | undefined;
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

/** The customer's side of one conversation. */
function conversation(parts: CustomerParts, conversationId: string, { inDoubt, keepsWords, hearsOfReturn }: Heard) {
  const { table, desk, hours, lanes, clock, deadline, pauseMinutes, usualReturnEvent } = parts;
  const toDesk = wayToDesk({ ...table, desk, lanes, clock, deadline });
  const owner = (reserveMs: number): Owner => ownerOf(conversationId, { ...table, clock, deadline }, reserveMs);
  const back = wayBack({ ...table, toDesk, clock, deadline, usualReturnEvent }, conversationId, hearsOfReturn);

  const standingOf = (state: State): Standing =>
    state && isPaused(state, clock.nowMs())
      ? { paused: true, untilMs: state.pausedUntilMs, handoverId: state.handoverId }
      : { paused: false, ended: wasEnded(state) };

  /** What the customer says to the bot, where nobody else may tell it. Without it everything goes on. */
  async function keep(line: Line | undefined): Promise<void> {
    if (keepsWords && line)
      await inTime(deadline, WITHOUT_TABLE_MS, table.transcripts.add(conversationId, line)).catch(nothingMore);
  }

  /**
   * The table has gone away. Where a person is known to have it, or nobody knows and the call speaks for a person, the words
   * go to the desk without the table.
   */
  async function doubt(line: Line | undefined, state: State): Promise<Standing> {
    if (inDoubt === 'bot' && !isPaused(state, clock.nowMs())) return stateIsAway;
    const ref = state ? refOf(conversationId, state) : { handoverId: '', conversationId, ticket: '' };
    const reserveMs = Math.min(LEAVE_MS, deadline.remainingMs() / 3);
    try {
      if (line) await desk.tell(ref, { kind: 'said', line }, line.id, earlier(deadline, reserveMs));
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      if (!line || !state || error.kind !== 'unknown') return stateIsAway;
      // Perhaps the desk has them. If they cannot be left for it now either, nobody would ever look: the bot answers as well.
      const hasFailed = await toDesk.leave(ref, { kind: 'said', line }, line).then(() => false, tableIsAway);
      if (hasFailed) return stateIsAway;
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
      const [again] = await Promise.all([back.botAgain(state).catch(nothingMore), keep(line)]);
      return { ...standing, ...again };
    }
    if (!state) return standing;
    const found = state;
    const { fate, givenUp } = await toDesk.send(posted, async (lost, end) => {
      if (losesWords(lost, end, found)) await back.giveUp(found);
    });
    if (!losesWords(givenUp, fate, found)) return standing;
    // Again, for whom another request of this instance has tried it. The bot answers these words, so the desk need not.
    if (posted) await table.outbox.remove(posted.parcel).catch(tableIsAway);
    return { ...botHasIt, ...(await back.giveUp(found).then(back.botAgain).catch(nothingMore)) };
  }

  async function asksForPerson(bot: BotCall['bot'], text: string, wish: HandoverWish): Promise<Standing> {
    try {
      const asking = { ...table, desk, hours, toDesk, back, clock, deadline, pauseMinutes };
      const standing = await askForPerson(asking, owner(ANSWER_MS), { conversationId, bot, text, wish });
      return standing ?? (await said(text));
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
      const line = before && endLine(before.handoverId, reason, clock.nowMs());
      // Whoever is still opening it tells the desk, after the desk has it.
      if (before?.mode === 'pending') await toDesk.leave(refOf(conversationId, after ?? before), over, line);
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
  const { conversationId } = call;
  if (conversationId === undefined) return botHasIt;
  const asked = redactedAsked(parts.redact, call.asked);
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
