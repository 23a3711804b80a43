import { type Intent, intents } from '../understanding.ts';
import { featuresOf } from './features.ts';
import { BUCKETS, UNIT, WEIGHTS, WORDS } from './model.ts';

const ZERO = 'A'.charCodeAt(0);

/** Made when it is first asked for: a call begins without it. */
let known: ReadonlySet<string> | undefined;

function isKnown(word: string): boolean {
  known ??= new Set(WORDS.split(' '));
  return known.has(word);
}

/** Who is less sure is asked again. Chosen by leaving out each fifth line of what is learnt from. */
const LEAST = 0.4;

/** What was meant, and how sure that is, from 0 to 1. */
export interface Understood {
  /** Undefined where it is not sure enough. */
  readonly intent: Intent | undefined;
  readonly confidence: number;
}

/** How likely each intent is, in the order of `intents`. */
function sharesOf(text: string): readonly number[] {
  const { places, weight } = featuresOf(text, { buckets: BUCKETS, isKnown });
  const scores = intents.map((_, one) =>
    places.reduce((sum, place) => sum + WEIGHTS.charCodeAt(place * intents.length + one) - ZERO, 0),
  );
  const powers = scores.map((score) => Math.exp(score * weight * UNIT));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** What a caller wants. */
export function understood(text: string): Understood {
  const shares = sharesOf(text);
  const confidence = Math.max(...shares);
  return { intent: confidence < LEAST ? undefined : intents[shares.indexOf(confidence)], confidence };
}
