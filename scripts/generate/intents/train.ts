import { featuresOf } from '../../../shared/bots/helpdesk/understand/features.ts';

/** A phrase and the number of its class. */
export interface Sample {
  readonly text: string;
  readonly label: number;
  /** As if nothing had been learnt of any other word. */
  isKnown(word: string): boolean;
}

const ROUNDS = 8;
const RATE = 0.5;
/** How much weights are drawn to zero in each round. */
const DECAY = 3e-5;

/** Numbers that look like chance and are the same each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(list: readonly T[], next: () => number): readonly T[] {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(next() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as T, mixed[at] as T];
  }
  return mixed;
}

/** Softmax in place. */
function toShares(scores: Float64Array): void {
  const top = Math.max(...scores);
  let sum = 0;
  for (let at = 0; at < scores.length; at += 1) {
    scores[at] = Math.exp((scores[at] as number) - top);
    sum += scores[at] as number;
  }
  for (let at = 0; at < scores.length; at += 1) scores[at] = (scores[at] as number) / sum;
}

/** Weights of a multinomial logistic regression, one row of `classes` numbers per bucket. The same for the same samples. */
export function trained(samples: readonly Sample[], classes: number, buckets: number): Float64Array {
  const weights = new Float64Array(buckets * classes);
  const squares = new Float64Array(buckets * classes).fill(1e-2);
  const counts = new Float64Array(classes);
  for (const { label } of samples) counts[label] = (counts[label] ?? 0) + 1;
  const known = samples.map(({ text, label, isKnown }) => ({
    ...featuresOf(text, { buckets, isKnown }),
    label,
    // Each class counts the same, however many phrases it has.
    counts: samples.length / classes / (counts[label] as number),
  }));
  const next = dice(1);
  const scores = new Float64Array(classes);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { places, weight, label, counts } of shuffled(known, next)) {
      scores.fill(0);
      for (const place of places)
        for (let one = 0; one < classes; one += 1)
          scores[one] = (scores[one] as number) + weight * (weights[place * classes + one] as number);
      toShares(scores);
      for (const place of places) {
        for (let one = 0; one < classes; one += 1) {
          const at = place * classes + one;
          const slope =
            counts * weight * ((scores[one] as number) - (one === label ? 1 : 0)) + DECAY * (weights[at] as number);
          squares[at] = (squares[at] as number) + slope * slope;
          weights[at] = (weights[at] as number) - (RATE * slope) / Math.sqrt(squares[at] as number);
        }
      }
    }
  }
  return weights;
}
