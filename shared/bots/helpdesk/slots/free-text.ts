import { intentIn, saidIn, wordCount, yesOrNoIn } from '../heard.ts';
import type { Visit } from '../parts.ts';
import { filled, type Slot } from '../step.ts';
import type { Intent } from '../understanding.ts';

/** What may be wanted in the middle of a form, when somebody could as well be describing a problem with it. */
const interrupting: ReadonlySet<Intent | undefined> = new Set<Intent>([
  'help',
  'bot_challenge',
  'cancel',
  'restart',
  'repeat',
  'human_handoff',
  'bot_handoff',
  'incident_status',
  'goodbye',
  'thank',
]);

/** These words are about a thing that does not do what it should. */
const COMPLAINS =
  /\b(?:not|no longer|cannot|\w+n['’]t|(?:ca|wo|do|does|did|is)nt|broken?|keeps?|crash\w*|fail\w*|errors?|wrong|slow\w*|stuck|lost|fr[eo]\w*z\w*|hang\w*|dead|black|blank|missing|locked|problems?|issues?)\b/i;

/** Of what is theirs, callers who interrupt speak of their tickets and of this call only. */
const THEIR_OWN = /\b(?:my|our) (?!(?:\w+ )?(?:tickets?|incidents?|requests?|cases?|status|call|question)\b)/i;

/** As much of an outcry or a greeting is none of a problem. */
const FEW_WORDS = 8;

/**
 * Whether words that may be about anything are clearly something else than an answer: a wish that is understood, in few
 * words, which neither complain nor speak of a thing of the caller's own. "Talk to an agent" is, "my Outlook agent keeps
 * crashing" is not; "hello?" is, and "what is the weather like", which asks.
 */
function isInterruption(visit: Visit, said: string): boolean {
  const count = wordCount(said);
  if (count > FEW_WORDS || COMPLAINS.test(said) || THEIR_OWN.test(said)) return false;
  const intent = intentIn(visit);
  if (intent === 'greet') return count <= 2;
  if (intent === 'out_of_scope')
    return /^(?:what|who|when|tell|play|sing|order|book|can you|could you|do you)\b/i.test(said);
  return interrupting.has(intent);
}

/** A slot that takes whatever is said, up to `maxLength` characters. */
export const freeText = (name: string, question: string, maxLength: number): Slot => ({
  name,
  question: () => ({ says: [question], listens: { for: 'words' } }),
  read(visit) {
    const said = saidIn(visit)?.trim();
    if (!said || isInterruption(visit, said)) return undefined;
    if (yesOrNoIn(visit) !== undefined && wordCount(said) <= 3) return undefined;
    return filled(visit, name, said.slice(0, maxLength));
  },
});
