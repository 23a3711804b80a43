/** A call that is to be looked at at a time: to place it, or to close it when nothing was heard of it. */
export interface DueCall {
  readonly requestId: string;
  /** In whole milliseconds; a part of one counts as one. */
  readonly atMs: number;
}

/**
 * The calls that wait for their time. One is put down before the call record that it points at, so a record is never
 * forgotten; one that points at nothing is removed by whoever finds it.
 */
export interface DueCalls {
  /** AP32: Puts a call on the list. Repeating is harmless. */
  add(requestId: string, atMs: number): Promise<void>;
  /**
   * AP33: Those whose time has come within the last seven days, earliest first. Strongly consistent. At most eight
   * requests, one for each day until there are `limit`.
   */
  until(nowMs: number, limit: number): Promise<readonly DueCall[]>;
  /** AP34: Takes a call off the list. Repeating is harmless. */
  remove(requestId: string, atMs: number): Promise<void>;
}

/** Has a call looked at again at another time. The new place first: a call must not be forgotten in between. */
export async function lookAgainAt(atMs: number, call: DueCall, due: DueCalls): Promise<void> {
  await due.add(call.requestId, atMs);
  await due.remove(call.requestId, call.atMs);
}
