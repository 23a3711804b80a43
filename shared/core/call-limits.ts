import * as v from 'valibot';
import { jsonOf, optional, type SettingsGroup, type SettingsOf, settings } from './settings.ts';

const count = (fallback: number, min: number, max: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)), fallback);

const limits = v.strictObject({
  /** Calls to one number in `perNumberMinutes`. */
  perNumber: count(3, 0, 1_000),
  perNumberMinutes: count(10, 1, 1_440),
  /** Calls asked for by one visitor, or from one address, in `perSourceMinutes`. */
  perSource: count(10, 0, 1_000),
  perSourceMinutes: count(60, 1, 1_440),
  /** All calls in one day. */
  perDay: count(500, 0, 1_000_000),
  /** How long one call may last. Twilio's own limit is 4 hours. */
  maxMinutes: count(60, 1, 240),
});

export type CallLimits = v.InferOutput<typeof limits>;

const defaultCallLimits: CallLimits = v.parse(limits, {});

/** `CALL_LIMITS`: what is not named in it keeps its default. */
export const callLimits = settings({
  CALL_LIMITS: optional(jsonOf(limits), defaultCallLimits, {
    is: 'JSON, how many calls may be placed and how long one may last',
    example: JSON.stringify(defaultCallLimits),
  }),
});

/** The same for the last resort: malformed limits count as missing. */
export const usableCallLimits: SettingsGroup<SettingsOf<typeof callLimits>> = {
  infos: callLimits.infos,
  read(env) {
    const faults: string[] = [];
    const read = callLimits.read(env, faults);
    return faults.length > 0 ? { CALL_LIMITS: defaultCallLimits } : read;
  },
};
