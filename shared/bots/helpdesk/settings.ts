import * as v from 'valibot';
import { countOr, jsonOf, optional, settings } from '../../core/settings.ts';

/** How often something is done for a caller, over all of their calls. */
export interface HelpdeskLimits {
  /** Addresses that are looked up for one calling number in an hour. */
  readonly lookUpsPerHour: number;
  /** Codes that are sent for one address in an hour. */
  readonly codesPerHour: number;
  /** The same in a day. */
  readonly codesPerDay: number;
  /** Codes and PINs that are checked for one address in a day. */
  readonly checksPerDay: number;
}

const limits = v.strictObject({
  lookUpsPerHour: countOr(5, 1, 1_000),
  codesPerHour: countOr(5, 1, 100),
  codesPerDay: countOr(10, 1, 1_000),
  checksPerDay: countOr(10, 1, 100),
});

export const defaultLimits: HelpdeskLimits = v.parse(limits, {});

/** `HELPDESK_LIMITS`. */
export const helpdeskSettings = settings({
  HELPDESK_LIMITS: optional(jsonOf(limits), defaultLimits, {
    is: 'JSON, how often the helpdesk looks up addresses for one number, sends codes and checks them for one address',
    example: '{"lookUpsPerHour":5,"codesPerHour":5,"codesPerDay":10,"checksPerDay":10}',
  }),
});
