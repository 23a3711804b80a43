/** A conversation that is to be looked at at a time. */
export interface Reminder {
  readonly conversationId: string;
  /** In whole milliseconds; a part of one counts as one. */
  readonly atMs: number;
}

/** As soon as possible: not at this very moment, at which somebody may be taking what is due by now off the list. */
export const soonMs = (nowMs: number): number => nowMs + 1;

/**
 * The conversations that somebody must come back to by themselves, whatever is said in them or not. Whoever gives a conversation to
 * a person, or leaves something in an outbox, puts it on the list; `attend.ts` looks at it and says when to look again. So while
 * there is anything left to do in a conversation, there is a reminder of it.
 */
export interface Reminders {
  /** AP35: Puts a conversation on the list. Repeating is harmless. */
  add(reminder: Reminder): Promise<void>;
  /**
   * AP36: Those whose time has come within the last seven days, earliest first. Strongly consistent. At most eight
   * requests, one for each day until there are `limit`.
   */
  due(nowMs: number, limit: number): Promise<readonly Reminder[]>;
  /** AP37: Takes a reminder off the list. Repeating is harmless. */
  remove(reminder: Reminder): Promise<void>;
}
