import { intentIn, saidIn, wordCount, yesOrNoIn } from '../heard.ts';
import type { Visit } from '../parts.ts';
import { type FormVisit, filled, type Slot, type Step } from '../step.ts';
import { isUndecided } from '../undecided.ts';
import type { Intent } from '../understanding.ts';

/**
 * What may be wanted in the middle of a form, when somebody could as well be describing a problem with it: only in words
 * that name it.
 */
const interrupting: Readonly<Partial<Record<Intent, RegExp>>> = {
  greet: /^(?:hello|hi|hey|good \w+)(?: there)?\W*$/i,
  help: /\b(?:help|what can|how do|how does|what do)\b/i,
  bot_challenge: /\b(?:bot|robot|human|computer|machine|person|real)\b/i,
  cancel: /\b(?:cancel\w*|stop|never ?mind|forget|quit|abort)\b/i,
  restart: /\b(?:start|restart|begin|beginning|over)\b/i,
  repeat: /^(?:what|sorry|huh|excuse me|come again)\W*$|\b(?:repeat|again|pardon|what was|say)\b/i,
  human_handoff: /\b(?:agent|human|person|people|representative|operator|some(?:one|body)|colleague|transfer\w*)\b/i,
  bot_handoff: /\bbots?\b/i,
  incident_status: /\b(?:status|stand|tickets?|incidents?|requests?|cases?)\b/i,
  goodbye: /\b(?:bye|goodbye|hang up|that is all|that['’]s all|see you)\b/i,
  thank: /\b(?:thanks?|cheers)\b/i,
  out_of_scope: /^(?:what|who|when|tell|play|sing|order|book|can you|could you|do you)\b/i,
};

/** These words are about a thing that does not do what it should. */
const COMPLAINS =
  /\b(?:not|no longer|cannot|\w+n['’]t|(?:ca|wo|do|does|did|is)nt|broken?|keeps?|crash\w*|fail\w*|errors?|wrong|slow\w*|stuck|lost|fr[eo]\w*z\w*|hang\w*|dead|black|blank|missing|locked|problems?|issues?)\b/i;

/** Of what is theirs, callers who interrupt speak of their tickets and of this call only. */
const THEIR_OWN = /\b(?:my|our) (?!(?:\w+ )?(?:tickets?|incidents?|requests?|cases?|status|call|question)\b)/i;

/** As much of an outcry is none of a problem. */
const FEW_WORDS = 8;

/**
 * Whether words that may be about anything are clearly something else than an answer: a wish that is understood and named, in
 * few words, which neither complain nor speak of a thing of the caller's own. "Talk to an agent" is, "my Outlook agent keeps
 * crashing" is not; "hello?" is, and "what is the weather like", which asks.
 */
function isInterruption(visit: Visit, said: string): boolean {
  if (wordCount(said) > FEW_WORDS || COMPLAINS.test(said) || THEIR_OWN.test(said)) return false;
  const intent = intentIn(visit);
  return intent !== undefined && interrupting[intent]?.test(said) === true;
}

/** A yes or a no in answer to a question that wants neither. "No sound" is none. */
function isYesOrNo(visit: Visit, said: string): boolean {
  if (yesOrNoIn(visit) === undefined || wordCount(said) > 3) return false;
  const intent = intentIn(visit);
  return wordCount(said) === 1 || intent === 'affirm' || intent === 'deny';
}

/** A slot that takes whatever is said, up to `maxLength` characters; `withNone` is what becomes of it where the caller has nothing to say. */
export const freeText = (
  name: string,
  question: string,
  maxLength: number,
  withNone?: (visit: FormVisit) => Step,
): Slot => ({
  name,
  question: () => ({ says: [question], listens: { for: 'words' } }),
  read(visit) {
    const said = saidIn(visit)?.trim();
    if (!said) return undefined;
    if (isUndecided(said)) return withNone?.(visit);
    if (isInterruption(visit, said)) return undefined;
    if (isYesOrNo(visit, said)) return undefined;
    return filled(visit, name, said.slice(0, maxLength).trimEnd());
  },
});
