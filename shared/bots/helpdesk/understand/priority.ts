import { plainly } from './normalised.ts';
import { numberIn } from './numbers.ts';

type Priority = 'low' | 'medium' | 'high';

/** In the order of their keys. */
const priorities: readonly Priority[] = ['low', 'medium', 'high'];

/** The first that is found at a place counts. `meet him` and `hi` are how a recogniser writes two of them. */
const levels: readonly (readonly [Priority, string])[] = [
  [
    'low',
    'low|lower|lowest|lo|lowe|loh|minor|trivial|no (?:rush|hurry|urgency|priority)|whenever|take your time|(?:can|could|may) wait|unimportant|least',
  ],
  [
    'medium',
    'medium|mediums|median|media|medial|mediocre|meet (?:him|me|them|em|um)|normal|normally|moderate|moderately|middle|average|mid|regular|standard|ordinary|usual|in between|so so',
  ],
  [
    'high',
    'high|higher|highest|hi|hie|hire|hai|urgent|urgently|critical|crucial|severe|serious|major|important|emergency|asap|a s a p|as soon as possible|immediate|immediately|right away|top|maximum|vital|pressing|can not wait|life or death',
  ],
];

const SOFTENING =
  '(?:(?:so|very|that|too|really|super|all|a|an|the|terribly|as|particularly|overly|exactly|be|it|at|put|is|of|quite|any|set|make|to|on) )*';

const LEVEL = new RegExp(
  `(?<negated>\\b(?:not|never|nothing|neither|nor|no longer) ${SOFTENING})?(?:${levels.map(([name, words]) => `(?<${name}>\\b(?:${words})\\b)`).join('|')})(?<needless> (?:is|would be) not\\b)?`,
  'g',
);

/** What comes after it counts. */
const CORRECTION =
  /\b(?:no|nope|sorry|wait|actually|rather|instead|i mean|make it|make that|correction|let us say|change it to)\b/g;

/** A greeting is no priority. */
const GREETING = /\bhi (?!(?:priority|importance|please|thank|thanks|urgency|level)\b)(?=\w)/g;

interface Mention {
  readonly priority: Priority;
  readonly isNegated: boolean;
  readonly at: number;
}

function mentionsIn(said: string): readonly Mention[] {
  return [...said.matchAll(LEVEL)].flatMap(({ groups = {}, index }) => {
    const priority = priorities.find((one) => groups[one] !== undefined);
    const isNegated = groups.negated !== undefined || groups.needless !== undefined;
    return priority ? [{ priority, isNegated, at: index + (groups.negated?.length ?? 0) }] : [];
  });
}

/** Of several the one after the last correction; of one that is not meant, the other end where that is plain. */
function chosenOf(mentions: readonly Mention[], said: string): Priority | undefined {
  const meant = new Set(mentions.filter(({ isNegated }) => !isNegated).map(({ priority }) => priority));
  if (meant.size === 1) return [...meant][0];
  if (meant.size > 1) {
    const corrected = [...said.matchAll(CORRECTION)].at(-1)?.index;
    const after = corrected === undefined ? [] : mentions.filter(({ at }) => at > corrected);
    return after.length > 0 && after.length < mentions.length ? chosenOf(after, said.slice(corrected)) : undefined;
  }
  const denied = new Set(mentions.map(({ priority }) => priority));
  if (denied.has('low') && denied.has('high')) return 'medium';
  const isUrgency =
    /\bnot(?:hing)?\b.*\b(?:urgent|urgently|critical|crucial|severe|serious|major|important|emergency|asap|pressing|vital)\b/;
  return denied.has('high') && denied.size === 1 && isUrgency.test(said) ? 'low' : undefined;
}

/** How urgent it is, in words or by the number of a key: 1 is low, 3 is high. Undefined where several are meant, or none. */
export function priorityIn(text: string): Priority | undefined {
  const said = plainly(text)
    .replace(GREETING, '')
    .replace(/^hi there\b/, '');
  const mentions = mentionsIn(said);
  if (mentions.length > 0) return chosenOf(mentions, said);
  // Which of the other two is meant, nobody knows.
  if (/\b(?:not|never|neither)\b/.test(said)) return undefined;
  return priorities[(numberIn(text) ?? 0) - 1];
}
