import * as v from 'valibot';
import { Problem } from '../problems.ts';
import { countOr, jsonOf, optional, type SettingsOf, settings } from '../settings.ts';
import { sourceOf } from '../source-address.ts';
import type { Rates } from '../table.ts';

const MINUTE_MS = 60_000;

const limits = v.strictObject({
  /** Chats that one visitor begins in `perVisitorMinutes`. */
  perVisitor: countOr(5, 0, 1_000),
  perVisitorMinutes: countOr(10, 1, 1_440),
  /** Chats begun from one address in `perSourceMinutes`, where the platform tells the address. */
  perSource: countOr(30, 0, 10_000),
  perSourceMinutes: countOr(60, 1, 1_440),
  /** All chats in one day. */
  perDay: countOr(2_000, 0, 1_000_000),
});

const defaults = v.parse(limits, {});

/** `CHAT_LIMITS`: what is not named in it keeps its default. Only new chats count; coming back to an open one is free. */
export const chatLimits = settings({
  CHAT_LIMITS: optional(jsonOf(limits), defaults, {
    is: 'JSON, how many web chats may be begun',
    example: JSON.stringify(defaults),
  }),
});

type ChatLimits = SettingsOf<typeof chatLimits>['CHAT_LIMITS'];

/** Takes the place that a new chat needs. Throws `rate_limited` when there is none; then no chat may be begun. */
export async function takeChatPlace(
  rates: Rates,
  limit: ChatLimits,
  identity: string,
  address: string | undefined,
  nowMs: number,
): Promise<void> {
  const { perVisitor, perVisitorMinutes, perSource, perSourceMinutes, perDay } = limit;
  const takes = [
    () => rates.take(`chat of ${identity}`, perVisitor, perVisitorMinutes * MINUTE_MS, nowMs),
    () =>
      address === undefined
        ? undefined
        : rates.take(`chat from ${sourceOf(address)}`, perSource, perSourceMinutes * MINUTE_MS, nowMs),
    () => rates.takeDaily('chats', perDay, nowMs),
  ];
  for (const take of takes) {
    const waitMs = await take();
    if (waitMs !== undefined) throw new Problem('rate_limited', { retryAfterSec: Math.ceil(waitMs / 1_000) });
  }
}
