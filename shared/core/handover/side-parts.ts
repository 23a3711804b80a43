import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import type { Lanes } from './lane.ts';
import type { Redact } from './redaction.ts';

/** What every side of a conversation needs, besides its part of the table and whom it reaches. */
export interface SideParts {
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly pauseMinutes: number;
  /** What the bot begins with when it has the conversation again and nobody named anything. */
  readonly usualReturnEvent?: string | undefined;
  /** Applied to all words before anything else is done with them. */
  readonly redact: Redact;
}
