import type { BusinessHours } from '../../core/call/hours.ts';
import { type SaidByBot, saidByBot } from '../../core/call/said-by-bot.ts';
import { languageOf } from '../../core/call/speech.ts';
import type { Inbound } from '../../core/inbound.ts';
import type { Problem } from '../../core/problems.ts';
import { json, type Reply } from '../../core/reply.ts';
import type { ActionShape } from './action.ts';

/**
 * How an answer is written. `dialog`: what a dialog webhook stores in `$webhook_result_1`; an HTTP error there would leave
 * the dialog with nothing, so it is always 200. `gateway`: the same in `gw_result`, as an action answers.
 */
export type AnswerForm = 'dialog' | 'gateway';

interface Asking {
  readonly shape: ActionShape | undefined;
  readonly trust: Inbound['trust'];
  /** Whether the call brings the JWT of Watson's webhooks. */
  readonly isWatson: boolean;
}

/** The form in which an answer is understood; undefined where it is HTTP's own. */
export function answerForm({ shape, trust, isWatson }: Asking): AnswerForm | undefined {
  if (shape === 'gateway') return 'gateway';
  if (shape === 'named') return trust === 'platform-key' ? 'gateway' : 'dialog';
  return isWatson ? 'dialog' : undefined;
}

/** An answer that a dialog can branch on and say. `message` is a true sentence in the customer's language. */
export interface ActionAnswer {
  readonly result: 'success' | 'error';
  readonly message: string;
  /** Of the problem; null when there is none. */
  readonly code: string | null;
  readonly requestId: string | null;
  readonly status: string | null;
  readonly [more: string]: unknown;
}

/** Writes an answer in its form. */
export function answerIn(form: AnswerForm, answer: ActionAnswer): Reply {
  return json(200, form === 'gateway' ? { gw_result: answer } : answer);
}

/** The sentences of the language that a tag asks for, or of ours. */
export const sentencesFor = (tag: unknown, fallback: Parameters<typeof languageOf>[1]): SaidByBot =>
  saidByBot[languageOf(typeof tag === 'string' ? tag : undefined, fallback)];

/** A moment in words, on the clock of the people who answer. Undefined where nobody says which clock that is. */
export function inWords(iso: unknown, hours: BusinessHours | undefined, says: SaidByBot): string | undefined {
  const atMs = typeof iso === 'string' ? Date.parse(iso) : Number.NaN;
  if (!hours || Number.isNaN(atMs)) return undefined;
  return says.when(hours.clock.wallMs(atMs));
}

/** The answer to a problem, with the sentence for it. */
export function problemAnswer({ code, detail }: Problem, message: string): ActionAnswer {
  const { retryAfterSec } = detail;
  return {
    result: 'error',
    message,
    code,
    requestId: null,
    status: code === 'call_state_unknown' ? 'unknown' : null,
    ...detail.extra,
    ...(retryAfterSec === undefined ? {} : { retryAfterSec }),
  };
}
