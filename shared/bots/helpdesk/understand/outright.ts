import type { Intent } from '../understanding.ts';
import { plainly } from './normalised.ts';

/** The words of what cannot be taken back: whatever only resembles it, like "right now" a goodbye, is none. */
const named: Readonly<Partial<Record<Intent, RegExp>>> = {
  cancel:
    /\b(?:cancel\w*|abort|stop|quit|exit|end|undo|kill|drop|leave|discard|never ?mind|forget|scra(?:tch|p)|call (?:it|this|that) off|withdraw|revoke|retract|take back|delete|abandon|bother|mistake|accident|decided|chang\w* (?:my|our) minds?|minds? chang\w*|out of (?:this|here)|out|back|too (?:long|complicated)|(?:an|some )other time|later|chosen|found|(?:ok|okay) (?:now|again)|myself|ourselves|no (?:need|tickets?|incidents?|requests?|reports?|longer)|(?:not|no longer) (?:\w+ ){0,3}(?:want|wish|need\w*|open|create|submit|file|send|save|log|continue|proceed|go on|important|necessary|required|do (?:it|this|that))|any ?more|after all|work\w*|fine|fixed|solved|resolved|gone)\b/,
  restart:
    /\b(?:(?:re|first )?start\w*|begin\w*|over|scratch|re(?:set|do|boot|wind|peat)|again|menu|square one|step one|zero|attempt|first (?:step|question|page)|clear|erase|wipe|delete|throw|back|top|anew|afresh|fresh|everything)\b/,
  goodbye:
    /\b(?:(?:good ?)?bye|ciao|cheerio|cheers|farewell|so long|adios|peace|laters|toodles|see (?:you|ya)|talk (?:(?:to )?you )?(?:later|soon|again|tomorrow)|(?:hear|speak) (?:from|to) you|catch you|next time|good ?night|(?:nice|good|great|lovely) (?:day|one|evening|weekend|afternoon|holiday)|(?:your|rest of the) (?:day|evening)|have fun|hang(?:ing)? up|disconnect|(?:end|stop|close|finish|terminate)(?: (?:it|this|the|call|conversation|here|there|at that))+|(?:have|has|got|need|must|better|let you|ought|going|want) (?:to )?(?:go|run|leave|dash|fly|jump|hop|head|be off|get (?:going|back))|must (?:go|run|dash|fly)|i (?:am|will be) (?:\w+ )?(?:done|finished|leaving|going|off|out|hanging)|we are (?:\w+ )?(?:done|finished)|(?:done|finished|all set|settles it)|that (?:is|was|will be) (?:\w+ )?(?:all|it|everything|me)|(?:all|everything|it) (?:i|we) (?:needed|wanted)|(?:nothing|not (?:\w+ ){0,2}anything) (?:else|more)|take (?:care|it easy)|stay safe|keep well|all the best|god bless|look after yourself|(?:call|ring|phone|try|come) (?:you )?(?:back|again|in)|let you go|leave (?:you|it)|back to work|home|enjoy|pleasure|(?:nice|good) (?:talking|speaking)|thanks?|thank you)\b/,
};

/** Who says that they do not want to cancel cancels nothing. */
const KEEPS =
  /(?<!\bwhy )\bnot (?:(?:want|wish|mean|say|like|need|going|to|you|ever|me) )*(?:cancel\b|(?:(?:it|this|that) )?(?:to be )?cancell?ed\b)/;

export const keepsOn = (text: string): boolean => KEEPS.test(plainly(text));

/** Whether what may be wanted is said in so many words, where it could not be taken back. */
export function isOutright(intent: Intent, text: string): boolean {
  const said = plainly(text);
  if (intent === 'cancel' && KEEPS.test(said)) return false;
  return named[intent]?.test(said) ?? true;
}
