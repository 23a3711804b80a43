import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { earlier, inTime } from '../in-time.ts';
import { Problem } from '../problems.ts';
import { shortId } from '../short-id.ts';
import type { HandoverRecord, Table } from '../table.ts';
import { asSaid } from './as-said.ts';
import type { BotCall, HandoverWish, Standing } from './bot.ts';
import type { Desk } from './desk.ts';
import { arranged, heardId, type Line } from './line.ts';
import { NotTaken } from './not-taken.ts';
import type { Owner } from './owner.ts';
import { begin, ended, type OwnershipState, opened, refused } from './ownership.ts';
import { pauseEndMs } from './pause.ts';
import { endLine, refOf, saysEnd, type ToDeskWay } from './to-desk.ts';

/** Outlives the deadline of the request that opens, so nobody else opens while it may still be at work. */
const LEASE_MS = 4_500;

/** What must be left for the desk, and then for the state. */
const DESK_MS = 400;
const STATE_MS = 900;

/** A history without times was said before now, and before an earlier try of the same request. */
const BEFORE_MS = 60_000;

/** What it takes to hand a conversation over. */
export interface OpeningParts extends Pick<Table, 'transcripts' | 'openings' | 'reminders'> {
  readonly desk: Desk;
  readonly toDesk: ToDeskWay;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly pauseMinutes: number;
}

/** What a person was asked for by. */
export interface Opening {
  readonly conversationId: string;
  readonly bot: BotCall['bot'];
  /** What the customer said when a person was asked for; empty when nothing. */
  readonly text: string;
  readonly wish: HandoverWish;
}

const notTaken = (
  reason: 'desk_unavailable' | 'in_progress' | 'state_unavailable',
  deskSaid: string | undefined = undefined,
): Standing => ({ paused: false, ended: false, reason, ...(deskSaid === undefined ? {} : { deskSaid }) });

/** What was said so far and the words that asked for a person, which some platforms put into the history as well. */
function linesOf({ conversationId, text, wish }: Opening, handoverId: string, nowMs: number) {
  const history = arranged(wish.lines, handoverId, nowMs, nowMs - BEFORE_MS);
  if (text === '') return { history, asking: undefined };
  const asking: Line = { by: 'customer', text, atMs: nowMs, id: heardId(conversationId, text, nowMs) };
  const last = history.findLast(({ by }) => by === 'customer');
  const withAsking = history.map((line) => (line === last && line.text === text ? { ...line, id: asking.id } : line));
  return { history: withAsking, asking };
}

/**
 * Hands a conversation over: the lease, then what the agent must know, then the desk, then the pause. Whatever fails on
 * the way leaves the conversation with the bot; a desk that may have heard of it is told that it is over. `before` must
 * be with the bot, or pending under a lease that is over. Undefined when somebody else was faster: look again. Throws `state_unavailable`.
 */
export async function open(
  parts: OpeningParts,
  owner: Owner,
  before: OwnershipState | undefined,
  asked: Opening,
): Promise<Standing | undefined> {
  const { transcripts, openings, reminders, desk, toDesk, clock, deadline } = parts;
  const { conversationId, bot, wish } = asked;
  const startedMs = clock.nowMs();
  const pending = begin(before, startedMs, {
    handoverId: shortId('h', randomBytes(10)),
    owner: shortId('r', randomBytes(10)),
    bot,
    leaseUntilMs: startedMs + LEASE_MS,
  });
  if (!pending || !(await owner.swap(before, pending))) return undefined;
  const { handoverId } = pending;

  const writeDown = async (): Promise<readonly [HandoverRecord, readonly Line[]]> => {
    const { topic, reason, name, language, fields } = wish;
    const record = { handoverId, conversationId, openedAtMs: startedMs, topic, reason, name, language, fields };
    const { history, asking } = linesOf(asked, handoverId, startedMs);
    await Promise.all([
      transcripts.putHandover(record),
      openings.add({ handoverId, conversationId, kind: 'chat', openedAtMs: startedMs }),
      // When the lease is over, somebody looks whether the desk took it, and from then on whether it still has it.
      reminders.add({ conversationId, atMs: pending.pausedUntilMs }),
      history.length > 0 ? transcripts.putHistory(conversationId, handoverId, history) : undefined,
      asking ? transcripts.add(conversationId, asking) : undefined,
    ]);
    const lines = await transcripts.lines(conversationId, Number.POSITIVE_INFINITY);
    // The last handover has ended, and whoever ended it died before the desk was to hear of it.
    if (before?.mode === 'bot' && before.returned && !saysEnd(lines, before.handoverId)) {
      const { reason } = before.returned;
      const line = endLine(before.handoverId, reason, startedMs);
      await toDesk.leave(refOf(conversationId, before), { kind: 'ended', reason }, line);
    }
    return [record, asSaid(lines)];
  };

  /** Back to the bot. False when that could not be written: then the lease ends by itself. */
  const giveBack = (): Promise<boolean> =>
    owner
      .change((state) => refused(state, pending.owner) ?? ended(state, handoverId, { reason: 'failed' }), {
        state: pending,
      })
      .then(
        () => true,
        () => false,
      );

  /** The desk may have it although the customer does not wait for it: it hears that it is over. */
  const callOff = async (ticket: string, meanwhile?: () => Promise<unknown>): Promise<void> => {
    const ref = { handoverId, conversationId, ticket };
    const over = { kind: 'ended', reason: 'failed' } as const;
    const posted = await toDesk.post(ref, over).catch(() => 'nowhere' as const);
    await meanwhile?.();
    if (posted !== 'nowhere') await toDesk.send(posted);
    else await desk.tell(ref, over, `${handoverId}-ended`, deadline).catch(() => {});
  };

  let ticket: string;
  try {
    const [record, lines] = await inTime(deadline, DESK_MS + STATE_MS, writeDown());
    ticket = await desk.open(record, lines, earlier(deadline, STATE_MS));
  } catch (error) {
    if (error instanceof NotTaken && error.kind === 'unknown') await callOff(handoverId, giveBack);
    else await giveBack();
    if (error instanceof NotTaken) return notTaken('desk_unavailable', `${error.kind}, ${error.message}`);
    if (error instanceof Problem) return notTaken('state_unavailable');
    throw error;
  }

  try {
    const { before: now, after } = await owner.change(
      (state, nowMs) => opened(state, pending.owner, ticket, pauseEndMs(nowMs, parts.pauseMinutes)),
      { state: pending },
    );
    if (after) return { paused: true, untilMs: after.pausedUntilMs, handoverId };
    // Taken over by another request, which opens the same handover; else ended by the desk or the customer meanwhile.
    if (now?.handoverId === handoverId && now.mode !== 'bot') return notTaken('in_progress');
    await callOff(ticket);
    return notTaken('desk_unavailable');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Perhaps the pause was written after all: then the desk keeps its ticket, and the next message goes there.
    if (await giveBack()) await callOff(ticket);
    return notTaken('state_unavailable');
  }
}
