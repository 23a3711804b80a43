/** A handover that was opened: where people look for what there is to do. */
export interface OpenHandover {
  readonly handoverId: string;
  readonly conversationId: string;
  readonly kind: 'chat' | 'call';
  /** In whole milliseconds; a part of one counts as one. */
  readonly openedAtMs: number;
}

/** The handovers of today and yesterday. Whether one is still open, its state or its call says. */
export interface Openings {
  /** AP30: Puts a handover on the list. Repeating is harmless. */
  add(opening: OpenHandover): Promise<void>;
  /** AP31: The newest of today and yesterday in UTC, newest first, each handover once. Strongly consistent. */
  newest(nowMs: number, limit: number): Promise<readonly OpenHandover[]>;
}
