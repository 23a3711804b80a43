/** One request between the functions and a twin. */
export interface StageEvent {
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
  /** Where the request concerns a handover. */
  readonly handoverId?: string;
  readonly conversationId?: string;
}

export interface EventLog {
  /** Notes a request that has begun. Call what it returns with the status of the answer. */
  begin(event: Omit<StageEvent, 'status' | 'handoverId' | 'conversationId'>): (status: number) => void;
  /** Oldest first. */
  all(): readonly StageEvent[];
  clear(): void;
  /** Tells of every event when its answer is known. Returns a function that ends it. */
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
  return {
    begin(event) {
      const entry = { ...event, status: 0, ...refsOf(event) };
      events.push(entry);
      const kept = (counts.get(entry.vendor) ?? 0) + 1;
      if (kept > limit)
        events.splice(
          events.findIndex(({ vendor }) => vendor === entry.vendor),
          1,
        );
      else counts.set(entry.vendor, kept);
      return (status) => {
        entry.status = status;
        for (const listener of listeners) listener(entry);
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
