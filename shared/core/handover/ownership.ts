import type { EndReason } from './desk.ts';

/** Why the bot has a conversation again, and what it should begin with, where the desk said so. */
export interface Return {
  readonly reason: EndReason;
  readonly botEvent?: string | undefined;
}

/** What the bot begins with when it has a conversation again: what the desk names, else the setting, where there was a person. */
export function returnEvent(
  named: string | undefined,
  reason: EndReason,
  usual: string | undefined,
): string | undefined {
  return named ?? (reason === 'failed' ? undefined : usual);
}

/** Who has a conversation. One item per conversation, changed only by a conditional write on epoch and seq. */
export interface OwnershipState {
  /** Counts handovers: one more for each that begins. */
  readonly epoch: number;
  /** Counts changes: one more for each write. */
  readonly seq: number;
  readonly mode: 'bot' | 'pending' | 'human';
  /** In `human` the end of the pause, in `pending` the end of the lease. Milliseconds since the epoch. */
  readonly pausedUntilMs: number;
  /** Of the latest handover, also after it ended. */
  readonly handoverId: string;
  /** Which platform the bot speaks on, so that an agent's words find the way back. */
  readonly bot: string;
  /**
   * Who is opening the handover while `pending`: a random id of one request. In `human` the desk's ticket, and in `bot` that
   * of the handover that ended; empty when there was none or the desk did not take it.
   */
  readonly owner: string;
  /** The highest `seq` of a desk's event that changed the state; older ones change nothing. */
  readonly deskSeq: number;
  /** In `bot`, after a handover: until a bot that is told so before its turn has been told. */
  readonly returned?: Return | undefined;
}

/** A person has it: `mode = human` and the pause is not over. Exactly at `pausedUntilMs` it is over. */
export function isPaused(state: OwnershipState | undefined, nowMs: number): boolean {
  return state?.mode === 'human' && nowMs < state.pausedUntilMs;
}

/** Somebody is opening a handover and still has the lease. */
export function isPending(state: OwnershipState | undefined, nowMs: number): boolean {
  return state?.mode === 'pending' && nowMs < state.pausedUntilMs;
}

interface Opening {
  readonly handoverId: string;
  readonly owner: string;
  readonly bot: string;
  readonly leaseUntilMs: number;
}

/**
 * A handover begins: undefined when somebody else has the conversation or is getting it. An expired lease is taken over
 * under the same handoverId, so the desk sees one handover.
 */
export function begin(state: OwnershipState | undefined, nowMs: number, opening: Opening): OwnershipState | undefined {
  if (isPaused(state, nowMs) || isPending(state, nowMs)) return undefined;
  const takenOver = state?.mode === 'pending';
  return {
    epoch: (state?.epoch ?? 0) + (takenOver ? 0 : 1),
    seq: (state?.seq ?? 0) + 1,
    mode: 'pending',
    pausedUntilMs: opening.leaseUntilMs,
    handoverId: takenOver ? state.handoverId : opening.handoverId,
    bot: opening.bot,
    owner: opening.owner,
    deskSeq: 0,
  };
}

const next = (state: OwnershipState, change: Partial<OwnershipState>): OwnershipState => ({
  ...state,
  ...change,
  seq: state.seq + 1,
});

/** The desk took it: undefined when the one who asked no longer has the lease's item. */
export function opened(
  state: OwnershipState | undefined,
  owner: string,
  ticket: string,
  pausedUntilMs: number,
): OwnershipState | undefined {
  if (state?.mode !== 'pending' || state.owner !== owner) return undefined;
  return next(state, { mode: 'human', pausedUntilMs, owner: ticket });
}

/** The desk did not take it: back to the bot. */
export function refused(state: OwnershipState | undefined, owner: string): OwnershipState | undefined {
  if (state?.mode !== 'pending' || state.owner !== owner) return undefined;
  return next(state, { mode: 'bot', pausedUntilMs: 0, owner: '' });
}

/** A shorter gain is not worth a write: many lines within a second then share one. */
const MIN_GAIN_MS = 1_000;

/** The pause goes on: never shortened, undefined when less than a second would be won or nobody has it. */
export function extended(
  state: OwnershipState | undefined,
  nowMs: number,
  pausedUntilMs: number,
): OwnershipState | undefined {
  if (!state || !isPaused(state, nowMs) || pausedUntilMs - state.pausedUntilMs < MIN_GAIN_MS) return undefined;
  return next(state, { pausedUntilMs });
}

/** A pause that ran out and that nobody ended begins again, under the same handover: somebody spoke who is with the customer. */
export function resumed(
  state: OwnershipState | undefined,
  nowMs: number,
  pausedUntilMs: number,
): OwnershipState | undefined {
  if (state?.mode !== 'human' || isPaused(state, nowMs) || pausedUntilMs <= nowMs) return undefined;
  return next(state, { pausedUntilMs });
}

/** Back to the bot: undefined when the bot has it already, or another handover than the one named has begun. */
export function ended(
  state: OwnershipState | undefined,
  handoverId: string | undefined,
  returned: Return,
  seq = 0,
): OwnershipState | undefined {
  if (!state || state.mode === 'bot') return undefined;
  if (handoverId !== undefined && handoverId !== state.handoverId) return undefined;
  const owner = state.mode === 'human' ? state.owner : '';
  return next(state, { mode: 'bot', pausedUntilMs: 0, owner, deskSeq: Math.max(seq, state.deskSeq), returned });
}

/**
 * Over by itself: a pause that ran out, an opening that broke off. Undefined while somebody has it or is getting it, and when the bot
 * has it.
 */
export function lapsed(state: OwnershipState | undefined, nowMs: number): OwnershipState | undefined {
  if (!state || isPaused(state, nowMs) || isPending(state, nowMs)) return undefined;
  return ended(state, state.handoverId, { reason: state.mode === 'human' ? 'expired' : 'failed' });
}

/** The bot is told why it has the conversation again: undefined when it was told before, or never lost it. */
export function returnTold(state: OwnershipState | undefined): OwnershipState | undefined {
  return state?.mode === 'bot' && state.returned ? next(state, { returned: undefined }) : undefined;
}

/** What an event of the desk says of itself. Both may be missing. */
export interface DeskStamp {
  readonly handoverId: string | undefined;
  /** Counts the desk's events within a handover. */
  readonly seq: number | undefined;
}

/** Whether an event of the desk belongs to the latest handover, or at least does not say otherwise. */
export function concerns(state: OwnershipState, { handoverId }: DeskStamp): boolean {
  return handoverId === undefined || handoverId === state.handoverId;
}

/** Whether the desk has already said something later about this handover: then the event changes nothing. */
export function isOutdated(state: OwnershipState | undefined, stamp: DeskStamp): boolean {
  return state !== undefined && concerns(state, stamp) && stamp.seq !== undefined && stamp.seq <= state.deskSeq;
}

/**
 * The desk takes a conversation, or goes on with it. Undefined when another handover has it or is getting it, when the
 * desk said something later already, and when it would reopen a handover that ended by its own id without a later `seq`:
 * that is an old event delivered again.
 */
export function taken(
  state: OwnershipState | undefined,
  nowMs: number,
  stamp: DeskStamp,
  opening: { readonly handoverId: string; readonly bot: string; readonly pausedUntilMs: number },
): OwnershipState | undefined {
  if (isPending(state, nowMs) || isOutdated(state, stamp)) return undefined;
  const deskSeq = stamp.seq ?? 0;
  if (state?.mode === 'human' && concerns(state, stamp)) {
    const pausedUntilMs = Math.max(state.pausedUntilMs, opening.pausedUntilMs);
    return next(state, { pausedUntilMs, deskSeq: Math.max(deskSeq, state.deskSeq) });
  }
  if (isPaused(state, nowMs)) return undefined;
  const isKnown = state !== undefined && stamp.handoverId === state.handoverId;
  if (isKnown && state.mode === 'bot' && stamp.seq === undefined) return undefined;
  const handoverId = stamp.handoverId ?? opening.handoverId;
  return {
    epoch: (state?.epoch ?? 0) + 1,
    seq: (state?.seq ?? 0) + 1,
    mode: 'human',
    pausedUntilMs: opening.pausedUntilMs,
    handoverId,
    bot: state?.bot || opening.bot,
    owner: isKnown && state.mode === 'bot' && state.owner !== '' ? state.owner : handoverId,
    deskSeq,
  };
}

/** Remembers that the desk gave a conversation back which the bot has: a take-over from before must not count any more. */
export function noted(state: OwnershipState | undefined, stamp: DeskStamp, bot: string): OwnershipState | undefined {
  if (stamp.seq === undefined || isOutdated(state, stamp)) return undefined;
  if (state) return concerns(state, stamp) ? next(state, { deskSeq: stamp.seq }) : undefined;
  return {
    epoch: 0,
    seq: 1,
    mode: 'bot',
    pausedUntilMs: 0,
    handoverId: stamp.handoverId ?? '',
    bot,
    owner: '',
    deskSeq: stamp.seq,
  };
}
