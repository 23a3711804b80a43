import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { inTime } from '../in-time.ts';
import type { Erased, Erasures, Traces } from './erasures.ts';

/** No request about a chat lives longer: what was being written when the erasure began is there by then. */
const UNDER_WAY_MS = 4_500;

interface EraseParts {
  readonly erasures: Erasures;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

const both = (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])];

const joined = (one: Traces, other: Traces): Traces => ({
  bots: both(one.bots, other.bots),
  tickets: both(one.tickets, other.tickets),
  handoverIds: both(one.handoverIds, other.handoverIds),
  talks: [...new Map([...one.talks, ...other.talks].map((talk) => [talk.id, talk])).values()],
  callSids: both(one.callSids, other.callSids),
  recordingSids: both(one.recordingSids, other.recordingSids),
});

/**
 * Erases a conversation, and once more what was being written meanwhile. Resolves when nothing is left of what was said before;
 * asking again is harmless and finishes what broke off. Throws `state_unavailable` and `deadline_exceeded`.
 */
export async function eraseConversation(
  { erasures, clock, deadline }: EraseParts,
  conversationId: string,
): Promise<Erased> {
  const pass = () => inTime(deadline, 0, erasures.erase(conversationId, clock.nowMs()));
  const endsMs = clock.monotonicMs() + UNDER_WAY_MS;
  const first = await pass();
  await deadline.sleep(Math.max(0, endsMs - clock.monotonicMs()));
  const second = await pass();
  return { deleted: first.deleted + second.deleted, traces: joined(first.traces, second.traces) };
}
