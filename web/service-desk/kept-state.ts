import * as v from 'valibot';

/** What a reload of the page must not lose. Never a token of Twilio. */
const schema = v.object({
  /** The session of a visitor who brought none: without it they would be somebody else. */
  session: v.optional(v.string()),
  chat: v.optional(
    v.object({
      conversationSid: v.string(),
      /** The place of the last message that the chat has been given, -1 for none. */
      shownIndex: v.number(),
      /** The agent whom the chat shows now. */
      agentId: v.optional(v.string()),
    }),
  ),
});

type Kept = v.InferOutput<typeof schema>;

/** Where it is kept: in Carbon AI Chat's own state, or in the session storage of the page. */
export interface KeptStore {
  read(): unknown;
  write(kept: object): void;
}

export interface KeptState {
  read(): Kept;
  /** Replaces these members. */
  update(change: Partial<Kept>): void;
  forgetChat(): void;
}

/** What is kept in a store. What is malformed there is as good as nothing: anybody on the page may write to it. */
export function keptIn(store: KeptStore): KeptState {
  const read = () => {
    const parsed = v.safeParse(schema, store.read());
    return parsed.success ? parsed.output : {};
  };
  return {
    read,
    update: (change) => store.write({ ...read(), ...change }),
    forgetChat() {
      const { chat: _, ...rest } = read();
      store.write(rest);
    },
  };
}

const NAME = 'handover-service-desk';

interface PageStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

/** The session storage of the page; where a browser forbids it, the memory until the next reload. */
export function pageStore(): KeptStore {
  let inMemory: object = {};
  // Reading the property throws where a browser blocks storage.
  const storage = () => (globalThis as { readonly sessionStorage?: PageStorage }).sessionStorage;
  return {
    read() {
      try {
        return JSON.parse(storage()?.getItem(NAME) ?? 'null') ?? inMemory;
      } catch {
        return inMemory;
      }
    },
    write(kept) {
      inMemory = kept;
      try {
        storage()?.setItem(NAME, JSON.stringify(kept));
      } catch {
        // Full or forbidden: the page works on, only a reload forgets.
      }
    },
  };
}
