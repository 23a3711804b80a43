import type { ProblemCode } from '../problems.ts';
import type { CallStatus } from '../table.ts';
import type { CallReason } from './call-status.ts';
import { deBySaidBot } from './languages/de.ts';
import { enBySaidBot } from './languages/en.ts';
import type { Language } from './languages/index.ts';

/** What a bot can say of what was asked of us. Every sentence is true of whatever it stands for, and of nothing more. */
export interface SaidByBot {
  /** How a call stands. */
  readonly call: Readonly<Record<CallStatus, string>>;
  /** The same where the time is known, like `Monday, 28 December at 09:00`. */
  readonly scheduledFor: (when: string) => string;
  /** Why it is over, where that says more. */
  readonly over: Readonly<Record<CallReason, string>>;
  /** Why a call was not placed, or why nobody can say. */
  readonly noCall: Readonly<Partial<Record<ProblemCode, string>>>;
  /** When nobody is there, and when somebody will be. */
  readonly openFrom: (when: string) => string;
  /** For every other problem: a request that was refused, and one of which nobody knows what came of it. */
  readonly notCalled: string;
  readonly maybeCalled: string;
  readonly time: (time: string, zone: 'there' | 'UTC') => string;
  /** A time that a clock on the wall shows, with its day. */
  readonly when: (wallMs: number) => string;
  readonly notUnderstood: string;
  readonly personComes: string;
  readonly personThere: string;
  readonly botAgain: string;
  readonly onlyBot: string;
  readonly nobodyComes: string;
  /** The same outside the hours. */
  readonly backFrom: (when: string) => string;
  readonly maybeSomebodyComes: string;
}

export const saidByBot: Readonly<Record<Language, SaidByBot>> = { en: enBySaidBot, de: deBySaidBot };
