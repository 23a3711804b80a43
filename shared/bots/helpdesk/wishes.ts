import { ended } from './forms/ended.ts';
import { inForm } from './forms/index.ts';
import { intentIn, saidIn } from './heard.ts';
import type { Visit } from './parts.ts';
import { type FormName, newState, type State, withForm } from './state.ts';
import { type Step, toPerson, withChanged } from './step.ts';
import { isOutright } from './understand/outright.ts';
import type { Intent } from './understanding.ts';
import { words } from './words-en.ts';

const formOf = ({ state, turn }: Visit, is: FormName): State => withForm(state, is, turn.turnId);

/** Where the wish itself says how urgent it is: "too high" in it need not be about that. */
const SPEAKS_OF_PRIORITY = /\b(?:priority|urgent\w*|urgency|critical)\b/i;

/** Begins a form or goes on with it. Undefined where it is on already: then its question was not answered. */
const turnTo = (visit: Visit, is: FormName): Step | undefined =>
  visit.state.form?.is === is ? undefined : { state: formOf(visit, is) };

/** What is told with the wish counts, unless it was asked for already. */
function opening(visit: Visit, title?: string): Step | undefined {
  if (visit.state.form?.is === 'open') return undefined;
  const state = formOf(visit, 'open');
  const said = saidIn(visit) ?? '';
  const priority = SPEAKS_OF_PRIORITY.test(said) ? visit.parts.understanding.priorityIn(said) : undefined;
  const told = { ...(priority && { priority }), ...(title && { title }) };
  return {
    state: state.form ? withChanged(state, { ...state.form, values: { ...told, ...state.form.values } }) : state,
  };
}

function goodbye({ state }: Visit): Step {
  return { state, says: [words.goodbye], next: 'hang-up' };
}

/** Whether the caller is asked for something anyway. */
const isAsked = ({ state }: Visit): boolean => state.form !== undefined;

const orAsk = (visit: Visit, question: string): readonly string[] => (isAsked(visit) ? [] : [question]);

/** What follows from each thing that a caller may want, in the middle of a form or without one. */
const wishes: Readonly<Record<Intent, (visit: Visit) => Step | undefined>> = {
  greet: (visit) => ({ state: visit.state, says: [words.hello, ...orAsk(visit, words.offer)] }),
  help: ({ state }) => ({ state, says: [words.offer, ...words.examples] }),
  bot_challenge: (visit) => ({ state: visit.state, says: [words.bot, ...orAsk(visit, words.whatCanIDo)] }),
  // Whoever hears this again and again was not understood.
  out_of_scope: (visit) => ({
    state: visit.state,
    says: [words.outOfScope, ...orAsk(visit, words.whatElse)],
    isUnderstood: false,
  }),
  thank: (visit) => ({
    state: { ...visit.state, asksElse: !isAsked(visit) },
    says: [words.welcome, ...orAsk(visit, words.anythingElse)],
  }),
  repeat: (visit) => ({ state: visit.state, says: orAsk(visit, words.whatCanIDo) }),
  goodbye,
  restart: () => ({ state: newState, says: [words.again, words.whatCanIDo] }),
  cancel(visit) {
    const { form } = visit.state;
    if (!form) return { state: visit.state, says: [words.leftIt, words.whatElse], isUnderstood: false };
    return ended(inForm(visit, form), form.is === 'open' ? words.cancelled : words.leftIt);
  },
  open_incident: (visit) => opening(visit),
  password_reset: (visit) => opening(visit, words.titles.password_reset),
  problem_email: (visit) => opening(visit, words.titles.problem_email),
  incident_status: (visit) => turnTo(visit, 'status'),
  human_handoff: ({ state }) => toPerson(state, 'asked for a person', words.person),
  bot_handoff(visit) {
    const { state, parts } = visit;
    if (parts.bots.length === 0) return { state, says: [words.noBots] };
    return turnTo(visit, 'transfer');
  },
  // Nothing was asked that has a yes or a no for its answer.
  affirm(visit) {
    if (isAsked(visit)) return undefined;
    const heard: Step = { state: visit.state, says: [words.whatCanIDo] };
    return visit.wasAskedElse ? heard : { ...heard, isUnderstood: false };
  },
  deny(visit) {
    if (isAsked(visit)) return undefined;
    return visit.wasAskedElse ? goodbye(visit) : { state: visit.state, says: [words.whatElse], isUnderstood: false };
  },
};

/** What is said before a wish in answer to a question of before: "no, open an incident". */
const ANSWER = /^(?:no|nope|yes|yeah|yep|ok|okay|sure)(?: (?:thanks|thank you|please))?[\s,.;:!]+(?=\S+\s)/i;

/** A wish that is not understood with an answer before it may be without. */
function wishedIn(visit: Visit): Intent | undefined {
  const intent = intentIn(visit);
  if (intent !== undefined || isAsked(visit)) return intent;
  return visit.parts.understanding.understood((saidIn(visit) ?? '').replace(ANSWER, '')).intent;
}

/** What follows from a wish that was understood, whatever is going on. Undefined where none was. */
export function wish(visit: Visit): Step | undefined {
  const intent = wishedIn(visit);
  return intent && isOutright(intent, saidIn(visit) ?? '') ? wishes[intent](visit) : undefined;
}
