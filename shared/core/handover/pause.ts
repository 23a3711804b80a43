import { optional, settings, text, wholeNumber } from '../settings.ts';

const MINUTE_MS = 60_000;

export const MAX_PAUSE_MINUTES = 1_440;

/** How a pause ends: `PAUSE_MINUTES`, `BOT_RETURN_EVENT`. */
export const pauseSettings = settings({
  PAUSE_MINUTES: optional(wholeNumber(1, MAX_PAUSE_MINUTES), 10, {
    is: 'minutes without a word after which the bot has the conversation again',
    example: '10',
  }),
  BOT_RETURN_EVENT: optional(text(200), undefined, {
    is: 'what a bot begins with when it has a conversation again that a person had, where the desk names nothing; such as a question how it was',
    example: 'how_was_it',
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
