import type { CallReason } from '../call/call-status.ts';
import type { PersonReason } from '../call/person-reason.ts';
import type { Standing } from './standing.ts';
import { german } from './words-de.ts';
import { english } from './words-en.ts';

/** What is said of a standing: a few words, and what the agent can do. */
export interface StandingWords {
  readonly label: string;
  readonly help: string;
}

/** How a call ends by itself: somebody talked, or as Watson names it. */
type OtherOutcome = 'talked' | 'caller_hangup' | 'assistant_hangup' | 'assistant_transfer';

/** Everything that the agent's page says by itself. */
export interface Words {
  readonly language: string;
  readonly title: string;
  readonly someone: string;
  readonly noReason: string;
  readonly skip: string;
  readonly said: string;
  readonly nothingSaid: string;
  readonly known: string;
  readonly draft: string;
  readonly help: string;
  readonly earlier: string;
  readonly newest: string;
  readonly copySummary: string;
  readonly copyId: string;
  readonly copied: string;
  readonly notCopied: string;
  readonly offline: string;
  readonly tooOld: string;
  readonly by: { readonly customer: string; readonly bot: string; readonly agent: string; readonly system: string };
  readonly rows: {
    readonly phone: string;
    readonly topic: string;
    readonly language: string;
    readonly openedAtMs: string;
    readonly untilMs: string;
    readonly outcome: string;
    readonly message: string;
    readonly handoverId: string;
  };
  /** What is told in codes of ours. */
  readonly reasons: Readonly<Record<PersonReason, string>>;
  readonly outcomes: Readonly<Record<CallReason | OtherOutcome, string>>;
  readonly standings: Readonly<Record<Standing, StandingWords>>;
  readonly list: { readonly title: string; readonly none: string; readonly chat: string; readonly call: string };
  readonly refusals: {
    readonly expired: StandingWords;
    readonly forbidden: StandingWords;
    readonly unknown: StandingWords;
    readonly unavailable: StandingWords;
  };
}

const languages: readonly Words[] = [english, german];

/** The first language that a browser asks for and that there is; English for everybody else. */
export function wordsFor(acceptLanguage: string | undefined): Words {
  const asked = (acceptLanguage ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  const found = asked.map((tag) => languages.find(({ language }) => language === tag));
  return found.find((words) => words !== undefined) ?? english;
}
