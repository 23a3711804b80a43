import { latePattern } from '../../../core/late-pattern.ts';
import { plainly } from '../understand/normalised.ts';

/** Somebody or something else is asked for, or nothing; or it is asked what was sent where, and said that it is there. */
const NOT_A_CODE =
  /\b(?:bot|agent|human|person|(?:any|some)(?:one|body)|tickets?|incident|way|do not (?:want|need|send)|no need|stop|keep|pardon|slower|repeat|say|email|(?:what|which|other|different) (?:number|phone)|(?:did|have|has|had|are|were|why) (?:you|it)(?: \w+)? sen[dt]|(?:i|have|just) got (?:another|a new|the new|one))\b/;

const ASKED_FOR =
  /\b(?:re ?sen[dt]|send(?:ing)?\b.*\b(?:again|another|once more|one|code|it|text|message)|text (?:me|it)|(?:another|new|second|one more) (?:code|one|text|message)|(?:need|want|get|give me) another|get\b.*\bcode again|^recent$)\b/;

const CODE = '(?:code|text|message)';

const noneCame = latePattern(
  [
    `did not (?:get|receive|see|come|arrive|send)(?! (?:that|you|what|all|the (?:last|question))\\b)|(?:do|can) not (?:see|find) (?:it|a|any|the|one)|(?:is|are) (?:not t?here|nothing|no ${CODE})|never (?:got|received|came|arrived|sent)`,
    '(?:have|has|was) not (?:\\w+ )?(?:received|arrived|come|gotten|sent)|(?:have|has) not\\b.*\\byet|not (?:yet )?(?:arrived|received|come)',
    `(?:nothing|no ${CODE})\\b.*\\b(?:came|come|arrived|received|yet)|(?:got|received|see) nothing|still (?:nothing|waiting|no|not)|where is (?:the|my|that) ${CODE}`,
    `(?:${CODE}|it|that) .*\\b(?:expired|ran out|timed out|too old|(?:does|did|do) not work)|(?:lost|deleted) (?:it|that|the ${CODE})`,
  ]
    .map((said) => `\\b(?:${said})\\b`)
    .join('|'),
);

/** Whether somebody who is to enter a code wants another one, or says that the one that was sent is not there or of no use. */
export function anotherCodeIn(text: string): 'asked for' | 'none came' | undefined {
  const said = plainly(text);
  if (NOT_A_CODE.test(said)) return undefined;
  if (ASKED_FOR.test(said)) return 'asked for';
  return noneCame().test(said) ? 'none came' : undefined;
}
