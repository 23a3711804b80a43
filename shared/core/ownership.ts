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
  /** Who is opening the handover while `pending`: a random id of one request. In `human` the desk's ticket. */
  readonly owner: string;
  /** The highest `seq` of a desk's event that changed the state; older ones change nothing. */
  readonly deskSeq: number;
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
    deskSeq: takenOver ? state.deskSeq : 0,
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

/** The pause goes on: never shortened, undefined when nothing would change or nobody has it. */
export function extended(
  state: OwnershipState | undefined,
  nowMs: number,
  pausedUntilMs: number,
): OwnershipState | undefined {
  if (!state || !isPaused(state, nowMs) || pausedUntilMs <= state.pausedUntilMs) return undefined;
  return next(state, { pausedUntilMs });
}

/** Back to the bot: undefined when the bot has it already, or another handover than the one named has begun. */
export function ended(state: OwnershipState | undefined, handoverId: string | undefined): OwnershipState | undefined {
  if (!state || state.mode === 'bot') return undefined;
  if (handoverId !== undefined && handoverId !== state.handoverId) return undefined;
  return next(state, { mode: 'bot', pausedUntilMs: 0, owner: '' });
}
