import type { CodeByText } from '../../core/call/code-by-text.ts';
import type { Rates } from '../../core/table.ts';
import type { BotTurn } from '../../core/voice-bot/voice-bot.ts';
import type { Incidents } from '../../servicenow/incidents.ts';
import type { HelpdeskLimits } from './settings.ts';
import type { State } from './state.ts';
import type { Understanding } from './understanding.ts';

/** What the helpdesk is made of. */
export interface HelpdeskParts {
  readonly understanding: Understanding;
  /** Absent is local mode: it is said what would have been done. */
  readonly incidents?: Incidents | undefined;
  /** Absent: no code is ever sent. */
  readonly codes?: CodeByText | undefined;
  /** Whether users may have a PIN on file. */
  readonly hasPins: boolean;
  readonly rates: Rates;
  readonly limits: HelpdeskLimits;
  /** The bots that a caller may be given to, by the titles that are read out. */
  readonly bots: readonly { readonly title: string; readonly url: string }[];
}

/** A turn of a call, with the state as it stands. */
export interface Visit {
  readonly turn: BotTurn;
  readonly parts: HelpdeskParts;
  readonly state: State;
  /** They were asked whether there is anything else. */
  readonly wasAskedElse: boolean;
}
