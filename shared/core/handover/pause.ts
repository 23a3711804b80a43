import { optional, settings, wholeNumber } from '../settings.ts';

const MINUTE_MS = 60_000;

export const MAX_PAUSE_MINUTES = 1_440;

/** `PAUSE_MINUTES`. */
export const pauseSettings = settings({
  PAUSE_MINUTES: optional(wholeNumber(1, MAX_PAUSE_MINUTES), 10, {
    is: 'minutes without a word after which the bot has the conversation again',
    example: '10',
  }),
});

/** The end of a pause that begins or goes on now. No minutes at all count as one: a pause is never over when it begins. */
export function pauseEndMs(nowMs: number, minutes: number): number {
  return nowMs + Math.max(1, minutes) * MINUTE_MS;
}

/** What is left of a pause for platforms that read whole minutes: rounded up, so a live pause never reads as zero. */
export function minutesLeft(untilMs: number, nowMs: number): number {
  return Math.min(MAX_PAUSE_MINUTES, Math.max(0, Math.ceil((untilMs - nowMs) / MINUTE_MS)));
}
