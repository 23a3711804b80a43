import { type BusinessHours, isOpen, opensAt } from './hours.ts';
import { type Language, languages, textsIn } from './languages/index.ts';

const DAY_MS = 86_400_000;

/**
 * That people are not there now, and when they will be again, on the clock of the place where they are. Undefined while they
 * are there.
 */
export function closedText(hours: BusinessHours | undefined, nowMs: number, language: Language): string | undefined {
  if (!hours || isOpen(hours, nowMs)) return undefined;
  const opensMs = opensAt(hours, nowMs);
  const { closed } = textsIn(language);
  if (opensMs === undefined) return closed(undefined);
  // A weekday alone says which one is meant for less than a week.
  const date = opensMs - nowMs < 6 * DAY_MS ? {} : ({ day: 'numeric', month: 'long' } as const);
  const tag = languages[language].voice.language;
  const wallMs = hours.clock.wallMs(opensMs);
  const written = (parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...parts }).format(wallMs);
  return closed({
    day: written({ weekday: 'long', ...date }),
    time: written({ hour: 'numeric', minute: '2-digit' }),
  });
}
