import { newSid } from '../sid.ts';
import type { Entry, Party, Wanted } from './party.ts';

export type LegStatus =
  | 'queued'
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled';

/** Something that somebody at the end of a leg hears. */
export interface Heard {
  /** `line` is Twilio itself: announcements, music, ringing. */
  readonly by: string;
  readonly text: string;
  /** Seconds of the call, in its own time: what is said takes as long as it would take to say. */
  readonly atSec: number;
  forSec: number;
}

export interface StatusCallback {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly events: readonly string[];
}

/** The leg is over: whatever it was doing ends here. */
export class LegOver extends Error {
  override readonly name = 'LegOver';
}

/** One leg of a call: one party, connected to Twilio. */
export interface Leg {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  readonly parent: Leg | undefined;
  readonly party: Party;
  /** What the party hears, in order. */
  readonly heard: Heard[];
  /** What the party says in a talk, in order: they do not hear it. */
  readonly said: Heard[];
  /** When the party heard or said something, in order: everything else is silence. */
  readonly sounds: { readonly fromSec: number; toSec: number }[];
  /** What Twilio would write into its debugger. */
  readonly alerts: { readonly code: number; readonly says: string }[];
  readonly startedAtMs: number;
  /** Asked when a webhook of this leg fails. */
  readonly fallbackUrl: string | undefined;
  readonly statusCallback: StatusCallback | undefined;
  /** Who answered, where that was to be found out. */
  answeredBy: string | undefined;
  /** Of the last SIP response, where it is not the usual one for the status. */
  sipResponseCode: number | undefined;
  /** Until it is known who answered, and whoever wanted to know has been told; undefined when nobody did. */
  detection: Promise<unknown> | undefined;
  /** From when on the party is connected; undefined until then. */
  answeredAtSec: number | undefined;
  status: LegStatus;
  /** Length of the call so far, in its own time. */
  seconds: number;
  /** What they are asked for at this moment. */
  asks: Wanted | undefined;
  /** When they answered a prompt last; 0 until then. */
  enteredSec: number;
  /** Of the next status callback. */
  sequence: number;
  /** Aborted when the leg is over. */
  readonly over: AbortSignal;
  /** Ends the leg. Nothing happens when it is over already. */
  end(): void;
}

type LegOptions = Pick<Leg, 'from' | 'to' | 'direction' | 'party' | 'startedAtMs'> &
  Partial<Pick<Leg, 'sid' | 'parent' | 'fallbackUrl' | 'statusCallback'>>;

export function newLeg(options: LegOptions): Leg {
  const controller = new AbortController();
  const end = () => controller.abort(new LegOver());
  options.parent?.over.addEventListener('abort', end, { once: true });
  controller.signal.addEventListener('abort', () => options.party.ended?.(), { once: true });
  return {
    sid: newSid('CA'),
    parent: undefined,
    fallbackUrl: undefined,
    statusCallback: undefined,
    ...options,
    heard: [],
    said: [],
    sounds: [],
    alerts: [],
    answeredBy: undefined,
    sipResponseCode: undefined,
    detection: undefined,
    answeredAtSec: undefined,
    status: 'queued',
    seconds: 0,
    asks: undefined,
    enteredSec: 0,
    sequence: 0,
    over: controller.signal,
    end,
  };
}

/** Settles like `work`, or rejects with `LegOver` when one of the legs is over first. */
export function whileUp<T>(legs: readonly Leg[], work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.any(legs.map((leg) => leg.over));
    const over = () => reject(new LegOver());
    if (signal.aborted) return over();
    signal.addEventListener('abort', over, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', over));
  });
}

/** What the party does at a prompt, having heard what there was since the one before. Rejects with `LegOver`. */
export async function entered(leg: Leg, wanted: Wanted): Promise<Entry> {
  const { party, heard, enteredSec } = leg;
  const since = heard.filter(({ by, atSec }) => by !== party.name && atSec >= enteredSec).map(({ text }) => text);
  leg.asks = wanted;
  try {
    return await whileUp([leg], party.enter(wanted, since));
  } finally {
    leg.asks = undefined;
  }
}
