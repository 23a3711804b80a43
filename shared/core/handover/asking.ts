import type { BusinessHours } from '../call/hours.ts';
import { availabilityAt } from '../web-chat/availability.ts';
import type { Standing } from './bot.ts';
import type { Availability } from './desk.ts';
import { type Opening, type OpeningParts, open } from './opening.ts';
import type { Owner } from './owner.ts';
import { isPaused, isPending, type OwnershipState } from './ownership.ts';
import { nothingMore } from './table-is-away.ts';
import type { WayBack } from './way-back.ts';

interface AskingParts extends OpeningParts {
  /** When people answer; undefined where they always do. */
  readonly hours: BusinessHours | undefined;
  readonly back: WayBack;
}

const botHasIt = { paused: false, ended: false } as const;

/** Nobody would come: the bot goes on, and may say until when. */
async function refuse(
  { back }: AskingParts,
  state: OwnershipState | undefined,
  { opensAt }: Availability,
): Promise<Standing> {
  const again = await back.botAgain(state).catch(nothingMore);
  return { ...botHasIt, ...again, reason: opensAt === undefined ? 'nobody_online' : 'outside_hours', opensAt };
}

/**
 * A person is asked for: whether one has the conversation, is getting it, or would be there at all, and then the opening.
 * Undefined when a person has it already. Throws `state_unavailable`.
 */
export async function askForPerson(parts: AskingParts, owner: Owner, asked: Opening): Promise<Standing | undefined> {
  const { desk, hours, back, clock, deadline } = parts;
  let there: Availability | undefined;
  for (let hasWaited = false; ; ) {
    let state = await owner.read();
    if (isPending(state, clock.nowMs())) {
      hasWaited = true;
      state = await owner.settled();
    }
    if (isPaused(state, clock.nowMs())) return undefined;
    if (isPending(state, clock.nowMs())) return { ...botHasIt, reason: 'in_progress' };
    if (hasWaited) return { ...botHasIt, reason: 'desk_unavailable' };
    there ??= await availabilityAt(desk, hours, clock)(asked.wish.topic, deadline);
    if (there.online === false) return refuse(parts, state, there);
    if (state?.mode === 'human') {
      state = await back.makeRoom(owner, state);
      if (!state) continue;
    }
    const standing = await open(parts, owner, state, asked);
    const { positionInQueue, waitSeconds } = there;
    if (standing) return standing.paused ? { ...standing, positionInQueue, waitSeconds } : standing;
  }
}
