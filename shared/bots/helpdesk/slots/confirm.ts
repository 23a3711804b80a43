import { cutAtWord } from '../../../core/cut-at-word.ts';
import { saidIn, yesNo, yesOrNoIn } from '../heard.ts';
import { type FormVisit, filled, type Slot, type Step, withChanged } from '../step.ts';
import { words } from '../words-en.ts';

const names: Readonly<Record<string, string>> = { description: 'problem description' };

/** As much of what the caller said is read out: who hears minutes of it hangs up. All of it is opened. */
const READ_OUT_LENGTH = 200;

function readOut(value: string): string {
  if (value.length <= READ_OUT_LENGTH) return value;
  return `${cutAtWord(value, READ_OUT_LENGTH)} ${words.andSoOn}`;
}

/** What is known of the incident, in the order in which it was asked for. What was said in another call is not read out. */
export const detailsOf = ({ form: { values, unsaid } }: FormVisit): readonly string[] =>
  ['email', 'description', 'title', 'priority'].map((name) =>
    words.detail(names[name] ?? name, readOut(values[name] ?? ''), unsaid[name]),
  );

const SPEAKS_OF_PRIORITY = /\b(?:priority|urgent|urgency|critical|important|low|medium|high)\b/i;
const IS_WRONG =
  /\b(?:wrong|incorrect|not right|change)\b|\bnot (?:so |that |very )?(?:urgent|critical|important|low|medium|high)\b|^(?:no|nope)\W+(?:not )?(?:the )?(?:title|description|priority|e-?mail|address)\W*$/i;

/** What may be wrong, as callers name it. */
const named: readonly (readonly [string, RegExp])[] = [
  ['title', /\btitle\b/i],
  ['description', /\b(?:description|problem)\b/i],
  ['priority', /\b(?:priority|urgency|urgent|critical|important|low|medium|high)\b/i],
  ['email', /\b(?:e-?mail|address)\b/i],
];

/** It is asked for once more. */
function askedAnew({ state, form }: FormVisit, name: string): Step {
  const { [name]: before = '', ...values } = form.values;
  const { [name]: _, ...unsaid } = form.unsaid;
  const anew = { ...form, values, unsaid };
  if (name !== 'email') return { state: withChanged(state, anew) };
  const rejected = [...form.email.rejected, before];
  return { state: withChanged(state, { ...anew, found: undefined, email: { ...form.email, step: 'ask', rejected } }) };
}

/** A no to one of the details, whatever is said with it, is none to the incident. */
function corrected(visit: FormVisit): Step | undefined {
  const said = saidIn(visit) ?? '';
  if (/\bcancel\b/i.test(said)) return undefined;
  const priority = SPEAKS_OF_PRIORITY.test(said) ? visit.parts.understanding.priorityIn(said) : undefined;
  if (priority !== undefined && priority !== visit.form.values.priority) return filled(visit, 'priority', priority);
  const wrong = IS_WRONG.test(said) ? named.find(([, name]) => name.test(said)) : undefined;
  return wrong && askedAnew(visit, wrong[0]);
}

export const confirmSlot: Slot = {
  name: 'confirm',
  question: (visit) => ({ says: [words.shouldIOpen, ...detailsOf(visit)], choices: yesNo, listens: { for: 'key' } }),
  read(visit) {
    const answer = yesOrNoIn(visit);
    return corrected(visit) ?? (answer && filled(visit, 'confirm', answer));
  },
};
