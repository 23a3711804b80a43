import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { inTime } from '../in-time.ts';
import type { States } from '../table.ts';
import { isPending, type OwnershipState } from './ownership.ts';

/** Steps of waiting for somebody who is opening a handover; the last one repeats. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 400;

/** What a rule of ownership.ts did. */
interface Change {
  /** What stood there when the rule looked. */
  readonly before: OwnershipState | undefined;
  /** What stands there now, if the rule changed something. */
  readonly after: OwnershipState | undefined;
}

type State = OwnershipState | undefined;

/** Who has a conversation: reads and conditional writes that end in time. All throw `state_unavailable`. */
export interface Owner {
  read(): Promise<State>;
  /** Like `read`, but waits while somebody is opening a handover, as long as the deadline allows. */
  settled(): Promise<State>;
  /** Writes what the rule makes of `from`, if that is still what stands there. */
  swap(from: State, next: OwnershipState): Promise<boolean>;
  /** Applies a rule until it is written or finds nothing to change. `from` saves the first read. */
  change(rule: (state: State, nowMs: number) => State, from?: { readonly state: State }): Promise<Change>;
}

interface OwnerParts {
  readonly states: States;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

/** Opens the state of one conversation. `reserveMs` of the deadline are kept for what comes after the table. */
export function ownerOf(conversationId: string, { states, clock, deadline }: OwnerParts, reserveMs: number): Owner {
  const read = () => inTime(deadline, reserveMs, states.read(conversationId));
  const swap = (from: State, next: OwnershipState) =>
    inTime(deadline, reserveMs, states.swap(conversationId, from, next));
  return {
    read,
    swap,
    async settled() {
      let state = await read();
      for (
        let waitMs = FIRST_WAIT_MS;
        isPending(state, clock.nowMs());
        waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
      ) {
        if (deadline.remainingMs() < reserveMs + waitMs) break;
        await deadline.sleep(waitMs);
        state = await read();
      }
      return state;
    },
    async change(rule, from) {
      let before = from ? from.state : await read();
      for (;;) {
        const next = rule(before, clock.nowMs());
        if (!next) return { before, after: undefined };
        if (await swap(before, next)) return { before, after: next };
        before = await read();
      }
    },
  };
}
