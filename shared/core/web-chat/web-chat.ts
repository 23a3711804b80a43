import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { Problem } from '../problems.ts';
import type { ChatRecord, Chats } from '../table.ts';

/** Longer than any request lives: who still has it after that has crashed or does not know what became of the chat. */
const LEASE_MS = 30_000;

/** When somebody looks again who waits for a chat that another request of the same visitor is beginning: later each time. */
const FIRST_LOOK_MS = 150;
const LAST_LOOK_MS = 1_000;

interface WebChatParts {
  readonly chats: Chats;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

/**
 * Begins a chat; `attempt` is a number that no other attempt of this visitor has. Resolves to its conversation, or to
 * `unknown` when a chat may have been begun or not. Throws only when surely none was.
 */
export type BeginChat = (attempt: number) => Promise<{ readonly conversationSid: string } | 'unknown'>;

type OpenChatRecord = ChatRecord & { readonly conversationSid: string };

const next = (there: ChatRecord, change: Partial<ChatRecord>): ChatRecord => ({
  ...there,
  ...change,
  version: there.version + 1,
});

const isBeginning = (there: ChatRecord | undefined, nowMs: number) =>
  there?.status === 'starting' && nowMs < there.leaseUntilMs;

/** The visitor's open chat; undefined when none is open. */
export async function openChat(chats: Chats, identity: string): Promise<OpenChatRecord | undefined> {
  const there = await chats.read(identity);
  const { conversationSid } = there ?? {};
  return there?.status === 'open' && conversationSid !== undefined ? { ...there, conversationSid } : undefined;
}

/** Which attempt of this visitor began a chat that is open. */
export const attemptOf = ({ version }: ChatRecord): number => version - 1;

/** Begins a chat under the lease that this request has, and writes down what came of it. */
async function beginUnderLease(chats: Chats, mine: ChatRecord, begin: BeginChat): Promise<string> {
  const begun = await begin(mine.version).catch(async (error: unknown) => {
    // Without this the visitor would wait for the end of the lease, but no longer.
    await chats.swap(mine, next(mine, { status: 'closed' })).catch(() => {});
    throw error;
  });
  if (begun === 'unknown') {
    // Nobody begins another while the lease lasts: until then a late success cannot be told from none.
    throw new Problem('chat_unavailable', { reason: 'unknown outcome', retryAfterSec: LEASE_MS / 1_000 });
  }
  const { conversationSid } = begun;
  if (await chats.swap(mine, next(mine, { status: 'open', conversationSid }))) return conversationSid;
  throw new Problem('chat_unavailable', { reason: 'the lease was lost', retryAfterSec: 1 });
}

/**
 * The conversation of the visitor's one open chat, begun if there is none. Of equal requests one calls `begin`; the others
 * wait for its outcome as long as their deadline allows, then throw `in_progress`. Throws what `begin` throws, or
 * `chat_unavailable`.
 */
export async function startChat(
  { chats, clock, deadline }: WebChatParts,
  identity: string,
  begin: BeginChat,
): Promise<string> {
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LAST_LOOK_MS, lookMs * 2)) {
    const there = await chats.read(identity);
    const nowMs = clock.nowMs();
    if (there?.status === 'open' && there.conversationSid !== undefined) return there.conversationSid;
    if (isBeginning(there, nowMs)) {
      if (deadline.remainingMs() < 2 * LAST_LOOK_MS) throw new Problem('in_progress', { retryAfterSec: 2 });
      await deadline.sleep(lookMs);
      continue;
    }
    const mine: ChatRecord = {
      identity,
      status: 'starting',
      conversationSid: undefined,
      leaseUntilMs: nowMs + LEASE_MS,
      version: (there?.version ?? 0) + 1,
    };
    if (await chats.swap(there, mine)) return beginUnderLease(chats, mine, begin);
  }
}

/** Closes the visitor's chat on our side, so that the next start opens a new one. Repeating is harmless. */
export async function endChat({ chats, clock }: Omit<WebChatParts, 'deadline'>, identity: string): Promise<void> {
  for (;;) {
    const there = await chats.read(identity);
    if (!there || there.status === 'closed') return;
    if (isBeginning(there, clock.nowMs())) throw new Problem('in_progress', { retryAfterSec: 2 });
    if (await chats.swap(there, next(there, { status: 'closed' }))) return;
  }
}
