import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { intents } from '../../../shared/bots/helpdesk/understanding.ts';
import { root } from '../../build/bundle.ts';
import { phrasesOf } from './phrases.ts';
import { type Sample, trained } from './train.ts';

const FOLDER = 'shared/bots/helpdesk/understand';

/** Twice as many make the model twice as long. */
const BUCKETS = 4_096;

/** Weights are whole numbers from -25 to 25, each a character around `A` that no text in quotes must escape. */
const STEPS = 25;
const ZERO = 'A'.charCodeAt(0);

/** What is learnt from: the lines of `phrases/{intent}.txt`. */
function samples(): readonly Sample[] {
  const folder = join(root, FOLDER, 'phrases');
  const strangers = readdirSync(folder).filter((file) => !intents.some((intent) => file === `${intent}.txt`));
  if (strangers.length > 0) throw new Error(`no intent is called like ${strangers.join(', ')}`);
  return intents.flatMap((intent, label) =>
    readFileSync(join(folder, `${intent}.txt`), 'utf8')
      .split('\n')
      .flatMap(phrasesOf)
      .map((text) => ({ text, label })),
  );
}

/** The text of the model's file. */
export function modelFile(): Readonly<Record<string, string>> {
  const weights = trained(samples(), intents.length, BUCKETS);
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

/** A character for each weight, around \`A\`: all intents of the first bucket, all of the second, and so on. */
export const WEIGHTS =
  '${digits.join('')}';
`,
  };
}
