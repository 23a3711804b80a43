import type { Deadline } from '../deadline.ts';
import type { Language } from './languages/index.ts';

/** A call that is to be placed. */
export interface WantedCall {
  readonly requestId: string;
  readonly phone: string;
  readonly handoverId: string | undefined;
  /** The team that is rung for it, by its name in the settings. */
  readonly queue: string | undefined;
  readonly language: Language;
  /** The longest that it may last. */
  readonly maxMinutes: number;
}

/** How placing a call ended. */
export type Placed =
  | { readonly is: 'done'; readonly value: string }
  /** It was refused: there is no call. */
  | { readonly is: 'refused' }
  /** Nobody could take it now: there is no call, and asking again later is safe. */
  | { readonly is: 'unavailable'; readonly retryAfterSec: number }
  /** There may be a call or not. */
  | { readonly is: 'unknown' };

/** Calls a customer. Resolves to the call's SID when the call is under way, not when somebody answers. */
export type PlaceCall = (call: WantedCall, deadline: Deadline) => Promise<Placed>;

/** Puts a call-back into the line of a desk, in the place of one who has waited since then. */
export type QueueCallBack = (
  task: { readonly attributes: Readonly<Record<string, string | undefined>>; readonly sinceMs: number },
  deadline: Deadline,
) => Promise<Placed>;

/** How sending a text message ended. */
type Sent = { readonly is: 'done' | 'refused' | 'unavailable' | 'unknown' };

/** Sends a text message. Never throws. */
export type SendText = (
  text: { readonly to: string; readonly from: string; readonly text: string },
  deadline: Deadline,
) => Promise<Sent>;

/** Ends a call, whatever it is doing; harmless when it is over. */
export type HangUp = (callSid: string, deadline: Deadline) => Promise<unknown>;
