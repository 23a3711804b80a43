import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsIn } from '../../../shared/bots/helpdesk/understand/normalised.ts';
import { intents } from '../../../shared/bots/helpdesk/understanding.ts';
import { root } from '../../build/bundle.ts';
import { phrasesOf } from './phrases.ts';
import { type Sample, trained } from './train.ts';

const FOLDER = 'shared/bots/helpdesk/understand';

/** Twice as many make the model twice as long. */
const BUCKETS = 7_168;

/** Weights are whole numbers from -25 to 25, each a character around `A` that no text in quotes must escape. */
const STEPS = 25;
const ZERO = 'A'.charCodeAt(0);

interface Line {
  readonly label: number;
  readonly phrases: readonly string[];
}

/** The lines of `phrases/{intent}.txt`. */
function lines(): readonly Line[] {
  const folder = join(root, FOLDER, 'phrases');
  const strangers = readdirSync(folder).filter((file) => !intents.some((intent) => file === `${intent}.txt`));
  if (strangers.length > 0) throw new Error(`no intent is called like ${strangers.join(', ')}`);
  return intents.flatMap((intent, label) =>
    readFileSync(join(folder, `${intent}.txt`), 'utf8')
      .split('\n')
      .map((line) => ({ label, phrases: phrasesOf(line) })),
  );
}

/** In how many lines each word stands, after what a caller says is made plain. */
function countsOf(all: readonly Line[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { phrases } of all) {
    for (const word of new Set(phrases.flatMap(wordsIn))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** A recogniser that is cut off or hears badly leaves these out first. */
const SMALL_WORDS = /\b(?:a|an|the|to|i|we|my|is|of|for|would|like)\b/g;

function withoutSmallWords(text: string): string {
  const left = text.replace(SMALL_WORDS, '').replace(/ +/g, ' ').trim();
  return left.includes(' ') ? left : text;
}

/** The text of the model's file. */
export function modelFile(): Readonly<Record<string, string>> {
  const all = lines();
  const counts = countsOf(all);
  // What is left where the small words were not heard.
  const heard = all.map(({ label, phrases }) => ({
    label,
    phrases: [...new Set(phrases.flatMap((text) => [text, withoutSmallWords(text)]))],
  }));
  // Each phrase twice: once as if its rare words were new, for so it will be with what callers say.
  const samples = heard.flatMap(({ label, phrases }) =>
    phrases.flatMap((text): Sample[] => [
      { text, label, isKnown: () => true },
      ...(wordsIn(text).some((word) => counts.get(word) === 1)
        ? [{ text, label, isKnown: (word: string) => counts.get(word) !== 1 }]
        : []),
    ]),
  );
  const weights = trained(samples, intents.length, BUCKETS);
  const sorted = weights.map(Math.abs).sort();
  // The few that are larger are cut, so that the many have finer steps.
  const unit = (sorted[Math.floor(sorted.length * 0.999)] ?? 1) / STEPS;
  const digits = Array.from(weights, (weight) =>
    String.fromCharCode(ZERO + Math.max(-STEPS, Math.min(STEPS, Math.round(weight / unit)))),
  );
  return {
    [`${FOLDER}/model.ts`]: `// Made by \`npm run generate\` from phrases/.

/** What a step of a weight counts. */
export const UNIT = ${unit.toPrecision(6)};

export const BUCKETS = ${BUCKETS};

/** All words of which something was learnt. */
export const WORDS =
  '${[...counts.keys()].sort().join(' ')}';

/** A character for each weight, around \`A\`: all intents of the first bucket, all of the second, and so on. */
export const WEIGHTS =
  '${digits.join('')}';
`,
  };
}
