import * as v from 'valibot';
import { countOr, jsonOf, optional, readAs, type SettingsGroup, type SettingsOf, settings } from '../settings.ts';

/** Written out, for having the schema make them costs half a millisecond of every start. */
const defaultCallLimits = {
  perNumber: 3,
  perNumberMinutes: 10,
  perSource: 10,
  perSourceMinutes: 60,
  perDay: 500,
  maxMinutes: 60,
};

const limitsSchema = () =>
  v.strictObject({
    /** Calls to one number in `perNumberMinutes`. */
    perNumber: countOr(defaultCallLimits.perNumber, 0, 1_000),
    perNumberMinutes: countOr(defaultCallLimits.perNumberMinutes, 1, 1_440),
    /** Calls asked for by one visitor, or from one address, in `perSourceMinutes`. */
    perSource: countOr(defaultCallLimits.perSource, 0, 1_000),
    perSourceMinutes: countOr(defaultCallLimits.perSourceMinutes, 1, 1_440),
    /** All calls in one day. */
    perDay: countOr(defaultCallLimits.perDay, 0, 1_000_000),
    /** How long one call may last. Twilio's own limit is 4 hours. */
    maxMinutes: countOr(defaultCallLimits.maxMinutes, 1, 240),
  });

export type CallLimits = v.InferOutput<ReturnType<typeof limitsSchema>>;

/** Made when the setting is there: six ranges are a good part of a start that needs none of them. */
const limits = v.lazy(limitsSchema);

/** `CALL_LIMITS`: what is not named in it keeps its default. */
export const callLimits = settings({
  CALL_LIMITS: optional(jsonOf(limits), defaultCallLimits as CallLimits, {
    is: 'JSON, how many calls may be placed and how long one may last',
    example: JSON.stringify(defaultCallLimits),
  }),
});

/** The same for the last resort: malformed limits count as missing. */
export const usableCallLimits: SettingsGroup<SettingsOf<typeof callLimits>> = readAs(callLimits, (env) => {
  const faults: string[] = [];
  const read = callLimits.read(env, faults);
  return faults.length > 0 ? { CALL_LIMITS: defaultCallLimits } : read;
});
