import type { Choice } from '../../core/voice-bot/voice-bot.ts';
import type { Visit } from './parts.ts';
import { isUndecided } from './undecided.ts';
import type { Intent } from './understanding.ts';
import { words } from './words-en.ts';

export const yesNo: readonly Choice[] = [
  { title: words.yes, value: 'yes' },
  { title: words.no, value: 'no' },
];

/** What was said, or the title of what was chosen. Undefined for keys. */
export function saidIn({ turn: { heard } }: Visit): string | undefined {
  if (heard.is === 'words') return heard.text;
  return heard.is === 'choice' ? heard.title : undefined;
}

export const keysIn = ({ turn: { heard } }: Visit): string | undefined =>
  heard.is === 'keys' ? heard.keys : undefined;

/** The value of the choice that was made: as the channel found it, or by its key. */
export function chosenIn({ turn: { heard } }: Visit, choices: readonly Choice[]): string | undefined {
  if (heard.is === 'choice') return choices.find(({ value }) => value === heard.value)?.value;
  return heard.is === 'keys' && /^[1-9]$/.test(heard.keys) ? choices[Number(heard.keys) - 1]?.value : undefined;
}

export function yesOrNoIn(visit: Visit): 'yes' | 'no' | undefined {
  const chosen = chosenIn(visit, yesNo);
  if (chosen === 'yes' || chosen === 'no') return chosen;
  const said = saidIn(visit);
  return said === undefined || isUndecided(said) ? undefined : visit.parts.understanding.yesOrNo(said);
}

export function intentIn(visit: Visit): Intent | undefined {
  const said = saidIn(visit);
  return said === undefined ? undefined : visit.parts.understanding.understood(said).intent;
}

export const wordCount = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;
