import type { FaultMode } from './faults.ts';

/** One request between the functions and a twin, or of a page in a browser to a function. */
export interface StageEvent {
  /** Counts up; the same when the event is told again. */
  readonly id: number;
  readonly atMs: number;
  readonly vendor: string;
  /** Seen from the functions: `out` goes to a twin, `in` comes from one. */
  readonly direction: 'in' | 'out';
  readonly method: string;
  /** As the sender meant it: a Twilio REST call shows Twilio's host. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of the answer; 0 while there is none, and for ever when the connection broke. */
  readonly status: number;
  /** The body of the answer, or its beginning. */
  readonly answer?: string;
  /** Its answer has come, or the connection has broken: nothing more is told of it. */
  readonly isOver?: true;
  /** What was planned to go wrong. */
  readonly fault?: FaultMode;
  /** Where the request concerns a handover. */
  readonly handoverId?: string;
  readonly conversationId?: string;
}

/** What the log itself adds. */
type Noted = 'id' | 'status' | 'answer' | 'isOver' | 'handoverId' | 'conversationId';

/** Enough to read; an answer may be a whole page. */
const LONGEST_ANSWER = 20_000;

export interface EventLog {
  /** Notes a request that has begun. Call what it returns with the answer. */
  begin(event: Omit<StageEvent, Noted>): (status: number, answer?: string) => void;
  /** Oldest first. */
  all(): readonly StageEvent[];
  clear(): void;
  /** Tells of every event when it begins, and again when its answer is known. Returns a function that ends it. */
  watch(listener: (event: StageEvent) => void): () => void;
}

/** A log of the last `limit` events of each partner: the table is asked so often that it would drive out the rest. `refsOf` says which handover a request belongs to. */
export function eventLog(
  refsOf: (event: Pick<StageEvent, 'url' | 'headers' | 'body'>) => Pick<StageEvent, 'handoverId' | 'conversationId'>,
  limit = 5_000,
): EventLog {
  const events: { -readonly [K in keyof StageEvent]: StageEvent[K] }[] = [];
  const counts = new Map<string, number>();
  const listeners = new Set<(event: StageEvent) => void>();
  let began = 0;
  const tell = (event: StageEvent) => {
    for (const listener of listeners) listener(event);
  };
  return {
    begin(event) {
      began += 1;
      const entry: (typeof events)[number] = { id: began, ...event, status: 0, ...refsOf(event) };
      events.push(entry);
      const kept = (counts.get(entry.vendor) ?? 0) + 1;
      if (kept > limit)
        events.splice(
          events.findIndex(({ vendor }) => vendor === entry.vendor),
          1,
        );
      else counts.set(entry.vendor, kept);
      tell(entry);
      return (status, answer = '') => {
        entry.status = status;
        entry.isOver = true;
        if (answer !== '') entry.answer = answer.slice(0, LONGEST_ANSWER);
        tell(entry);
      };
    },
    all: () => events,
    clear() {
      events.length = 0;
      counts.clear();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
