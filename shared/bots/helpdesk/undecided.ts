import { latePattern } from '../../core/late-pattern.ts';
import { wordsIn } from './understand/normalised.ts';

/** What makes no difference here. */
const BESIDES = new Set(
  'i you ok okay please just sorry yes yeah no honestly really quite very even think guess then but and thanks thank'.split(
    ' ',
  ),
);

/** How somebody says that they have no answer, or do not want to give one, without what makes no difference. */
const NO_ANSWER = [
  '(?:(?:can|could|we|let|us|want|to|would|like|will) )*(?:skip|pass)(?: (?:it|that|this|the|one|question|priority|description|title|address|email))*|leave (?:it|that|this|the \\w+) (?:out|empty|blank|open)',
  '(?:do|would) not (?:know|care|mind)(?: (?:that|it|the|what|which|how|priority|title|urgent|important|is))*',
  '(?:have )?(?:got )?(?:not a )?(?:idea|clue|preference|opinion)|(?:am )?not (?:sure|certain)|who (?:knows|cares)|beats me|hard to say|can not (?:say|tell)',
  'whatever(?: (?:want|prefer|say|like))?|(?:it |that )?(?:does|do) not matter(?: to me)?|matter|(?:it is )?all the same(?: to me)?|as (?:like|want|wish)|(?:(?:it|that) is )?up to|choose|decide|pick|tell me',
  '(?:would )?(?:rather|prefer) not(?: to)? say|(?:the )?next(?: question)?|move on|not applicable|(?:the )?default|(?:any|either)(?: of (?:them|those|these))?(?: priority)?',
].join('|');

const undecided = latePattern(`^(?:${NO_ANSWER})(?: (?:${NO_ANSWER}))*$`);

/** Who says more than that says something. */
const MAX_LENGTH = 100;

/**
 * Whether somebody says no more than that they have no answer, or skip the question: what becomes of it the question knows.
 * Nothing is cancelled by it, whatever it sounds like.
 */
export const isUndecided = (text: string): boolean => {
  if (text.length > MAX_LENGTH) return false;
  const words = wordsIn(text).filter((word) => !BESIDES.has(word));
  return undecided().test(words.join(' '));
};
