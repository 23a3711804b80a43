import { folded, withoutFillers } from './phrases.ts';
import type { Choice, Listens } from './voice-bot.ts';
import type { Phrases } from './words/words.ts';

/** Keys are 1 to 9: 0 is a person. */
const MOST_KEYS = 9;

/** The key of each choice that has one. Where several keys are asked for, a single one picks nothing. */
export function keyOfChoice(place: number, listens: Listens | undefined): number | undefined {
  return listens?.for === 'keys' || place < 0 || place >= MOST_KEYS ? undefined : place + 1;
}

/** The choice that a key picks. */
export function pickedByKey(
  keys: string,
  choices: readonly Choice[],
  listens: Listens | undefined,
): Choice | undefined {
  return choices.find((_, place) => String(keyOfChoice(place, listens)) === keys);
}

/** The choice that an utterance picks: its title, or its number as in "two" or "option two", and nothing besides. */
export function pickedByWords(
  text: string,
  choices: readonly Choice[],
  { listens, phrases }: { readonly listens: Listens | undefined; readonly phrases: Phrases },
): Choice | undefined {
  const said = withoutFillers(text, phrases);
  const whole = folded(text);
  const titled = choices.find(({ title }) => {
    const name = folded(title);
    return name !== '' && (name === whole || name === said || withoutFillers(title, phrases) === said);
  });
  if (titled) return titled;
  const name = phrases.numberNames.find((one) => said.startsWith(`${one} `)) ?? '';
  const numbered = name === '' ? said : said.slice(name.length + 1);
  const place = phrases.numbers.findIndex((heard) => heard.includes(said) || heard.includes(numbered));
  return keyOfChoice(place, listens) === undefined ? undefined : choices[place];
}
