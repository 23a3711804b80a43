import type { Intent } from '../understanding.ts';
import { understood } from './intent.ts';
import { plainly } from './normalised.ts';
import { isOutright, keepsOn } from './outright.ts';

/** What sounds like one of both and is none: what is said by the way, and our own question. */
const neither =
  /\b(?:you know|right (?:now|away)|(?:is|was|am) (?:that|it|this|i) (?:all )?(?:right|correct|ok|okay|true|fine|good|the one)(?: to\b.*)?)\b/g;

/** Who asks has not answered, whatever comes after it. "Could you do that" is no question. */
const asking =
  /\b(?:are you|(?:do|did) (?:you|i|we)|(?:does|should|shall|would|could|can|will) (?:i|we|that|it|this|you(?! (?:please )?(?:do|go|open|use)\b))|what (?:is|was|if|do|does|did|happens|will|would|should|about|else)|how (?:do|can|should)|why(?! not\b))\b.*/;

/** Before a question, too, only an answer is one: not "I am not good with phones, what can I do". */
const answering = /^(?:yes|yeah|yep|no|nope|ok|okay|sure|right|correct|that|it)\b/;

/** Who says so does not know or has not understood, whatever else is said. */
const unsure =
  /\b(?:not (?:\w+ ){0,3}(?:sure|certain)|not a clue|no idea|who knows|hard to say|maybe|perhaps|might be|(?:do|did|could|can|would) not (?:\w+ )?(?:know|remember|care|mind|hear|understand|catch|follow|get (?:it|that|you)|say (?:yes|no))|can not (?:say|tell)|(?:yes|yeah) (?:or|and) no|not (?:saying )?no|what$|(?:yes|yeah|yep|ok|okay|sure) (?:but )?(?:maybe )?(?:later|tomorrow|another time))\b/;

const yesWords =
  'yes|yeah|yeh|yea|yep|yup|yah|ya|aye|uh huh|uhuh|mm hmm|mhm|mmhm|mm hm|sure|ok|okay|correct|right|exactly|precisely|absolutely|definitely|certainly|indeed|affirmative|true|perfect|of course|go ahead|sounds good|please do|do it|do that|you got it|by all means|why not|you bet|no (?:problem|problems|worries|objections?)|(?:that|it|this) is (?:it|me|mine|fine|good|the one)|nothing (?:is )?wrong|i (?:think|guess|believe) so|i (?:do|did|would|am)(?=$| ?\\|| (?:indeed|yes|yeah|ok|okay|please|thanks?|agree|sure|certain|positive|happy|fine|good|glad|ready|so|not|and|but)\\b| (?:like|love|want) (?:that|it|to(?:$| (?:open|go on|do|use|proceed|continue)\\b)))|yes i|all (?:good|right)|alright';

const NOT = '(?:not|never)(?: (?:really|quite|exactly|so|very|entirely|at all|the|a|all|my))*';

/** The first that is found counts, and what it has found is none of the others. */
const signs: readonly (readonly [RegExp, 'yes' | 'no' | undefined])[] = [
  [neither, undefined],
  [asking, undefined],
  [/\bwhy not\b/g, 'yes'],
  [/\bnot (?:wrong|incorrect|false|bad)\b/g, 'yes'],
  [
    /\b(?:please )?do not(?: do (?:it|that))?\b|\byou (?:got|have|had) (?:it|that|me|this) (?:all )?(?:wrong|badly|incorrectly)\b/g,
    'no',
  ],
  [
    /\b(?:do|does|did|is|was) not (?:sound|look|seem|feel)(?:ing)?(?: \w+)? (?:right|correct|good|ok|okay|fine|true)\b/g,
    'no',
  ],
  [/\b(?:i would )?(?:rather|better|prefer) not\b/g, 'no'],
  [/\b(?:uh uh|nuh uh|unh unh|i do not(?: think so| want(?: that| to| it)?| agree)?)\b/g, 'no'],
  [new RegExp(`\\b${NOT} (?:${yesWords})\\b|\\b(?:${yesWords}) not\\b`, 'g'), 'no'],
  [/\b(?:that|it|this) is not(?: it| that)?\b/g, 'no'],
  [new RegExp(`\\b(?:${yesWords})\\b|\\b(?:it|that|this) is$`, 'g'), 'yes'],
  [
    /\b(?:no|nope|nah|naw|nay|negative|wrong|incorrect|false|never|not really|not at all|not quite|not that|not yet|not exactly|not now|no way|mistaken|misheard|misunderstood)\b/g,
    'no',
  ],
];

/** What somebody says first who answers, whatever they add. */
const answersFirst =
  /^(?:yes|yeah|yep|yup|ok|okay|sure|all ?right|right|correct|perfect|great|exactly|absolutely|definitely|of course|go ahead|please do|do (?:it|that|not)|not|no|nope|nah|(?:that|it|this) (?:is|was) (?:not|all|right|correct|wrong|fine|good|ok|okay|me|mine))\b/;

/** These are wanted in place of an answer also by who begins with one: "okay, start over", "yes, an agent". */
const inPlace: ReadonlySet<Intent | undefined> = new Set(['restart', 'human_handoff', 'bot_handoff']);

const named = /\b(?:agent|human|person|operator|representative|some(?:one|body)|bots?|start over)\b/;

/** As sure as it must be that something else is wanted. */
const SURE = 0.8;

/** Whether an answer that was found in these words is none: something else is wanted, or a problem is described. */
function wantsElse(answer: 'yes' | 'no', said: string): boolean {
  const { intent, confidence } = understood(said);
  if (intent === undefined || intent === 'affirm' || intent === 'deny' || intent === 'thank') return false;
  if (answer === 'yes' && intent === 'cancel' && isOutright(intent, said)) return true;
  if (inPlace.has(intent)) return confidence >= SURE || named.test(said);
  return confidence >= SURE && !answersFirst.test(said);
}

/** `right`, as it is written where nothing else was said; and how it is said over the radio. */
const HEARD_AS_RIGHT = /^(?:write|rite|wright)$|\b(?:10|ten) (?:4|four)\b/;

/** `know` alone, or where a sentence goes on as after a no, is one that was misheard. */
const HEARD_AS_KNOW = /^(?:know|now know|know know)$|^know (?=(?:that|it|this|thanks|thank|not|i|you|wrong)\b)/;

/** In as many words something is said besides. */
const MANY_WORDS = 12;

/** Whether these words are a yes or a no; undefined where they are neither, or both. Keys are not known here. */
export function yesOrNo(text: string): 'yes' | 'no' | undefined {
  const said = plainly(text).replace(HEARD_AS_KNOW, 'no ').replace(HEARD_AS_RIGHT, 'right');
  const count = said.split(' ').length;
  const found = new Set<'yes' | 'no'>();
  let left = count > MANY_WORDS ? said.split(' ').slice(0, 4).join(' ') : said;
  if (unsure.test(left) || keepsOn(said) || (asking.test(left) && !answering.test(left))) return undefined;
  for (const [sign, means] of signs) {
    left = left.replace(sign, () => {
      if (means) found.add(means);
      return '|';
    });
  }
  const [only, other] = found;
  if (only) return other || wantsElse(only, said) ? undefined : only;
  if (said === '' || count > 6 || left !== said) return undefined;
  const { intent, confidence } = understood(text);
  if (confidence < SURE) return undefined;
  return intent === 'affirm' ? 'yes' : intent === 'deny' ? 'no' : undefined;
}
