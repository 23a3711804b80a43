import type { Listens } from '../../../core/voice-bot/voice-bot.ts';
import { intentIn, saidIn, yesNo, yesOrNoIn } from '../heard.ts';
import type { EmailTalk } from '../state.ts';
import {
  type FormVisit,
  filled,
  goingOn,
  type Question,
  type Slot,
  type Step,
  toPerson,
  withChanged,
} from '../step.ts';
import { isUndecided } from '../undecided.ts';
import { words } from '../words-en.ts';

/** So often an address is asked for. */
const MAX_TRIES = 3;
/** So many candidates of one answer are read back. */
const MAX_READ_BACK = 2;

const SKIP = /\b(?:skip|don['’]?t have|no (?:e-?mail|address)|rather not|don['’]?t (?:know|want)|without)\b/i;

/** Where there is an address already, it is that one which is not wanted. */
const SKIPS = /\bskip\b/i;

/** As addresses sound, whatever else it may mean. */
const SOUNDS_LIKE_ONE = /@|\bdot\b|\w\. ?\w/i;

const talking = ({ state, form }: FormVisit, talk: Partial<EmailTalk>): Step => ({
  state: withChanged(state, { ...form, email: { ...form.email, ...talk } }),
});

/** No address was got: perhaps it is on file for the calling number, else the form goes on without one. */
export function withoutAddress(visit: FormVisit): Step {
  const { state, form, turn, parts } = visit;
  const { phone, isAttested } = turn.caller;
  if (parts.incidents && phone !== undefined && isAttested && form.email.phone === undefined)
    return goingOn(state, 'phone', words.oneMoment);
  if (form.is === 'status') return toPerson(state, 'no e-mail address', words.noTicketsWithoutAddress);
  return { ...filled(visit, 'email', ''), says: [words.noAddress] };
}

/** An answer has led to nothing: it is asked for once more, spelled, or given up. */
export function anotherTry(visit: FormVisit, more: Partial<EmailTalk> = {}): Step {
  const tries = visit.form.email.tries + 1;
  const talk: EmailTalk = { ...visit.form.email, step: 'spell', ...more, tries, candidates: [] };
  const step = talking(visit, talk);
  if (talk.tries < MAX_TRIES) return step;
  return withoutAddress({ ...visit, state: step.state, form: { ...visit.form, email: talk } });
}

const addressesIn = ({ parts }: FormVisit, said: string | undefined): readonly string[] =>
  said === undefined ? [] : parts.understanding.emailCandidates(said);

/** What addresses there are in these words, without those that were not meant. */
const candidatesIn = (visit: FormVisit, said: string | undefined): readonly string[] =>
  addressesIn(visit, said)
    .filter((one) => !visit.form.email.rejected.includes(one))
    .slice(0, MAX_READ_BACK);

const readBack = (visit: FormVisit, said: string, candidates: readonly string[]): Step =>
  talking(visit, { step: 'confirm', candidates: [...candidates], heard: [...visit.form.email.heard, said].slice(-5) });

function readAddress(visit: FormVisit): Step | undefined {
  const said = saidIn(visit);
  const candidates = candidatesIn(visit, said);
  if (said === undefined) return undefined;
  if (candidates.length > 0) return readBack(visit, said, candidates);
  if (SKIP.test(said) || isUndecided(said)) return withoutAddress(visit);
  const isAddress = addressesIn(visit, said).length > 0 || SOUNDS_LIKE_ONE.test(said);
  const intent = intentIn(visit);
  if (!isAddress && intent !== undefined && intent !== 'affirm' && intent !== 'deny') return undefined;
  const step = anotherTry(visit, { heard: [...visit.form.email.heard, said].slice(-5) });
  return step.next || visit.form.email.tries + 1 >= MAX_TRIES
    ? step
    : { ...step, says: [words.notUnderstood], isUnderstood: false };
}

function readConfirmation(visit: FormVisit): Step | undefined {
  const { candidates, rejected } = visit.form.email;
  const [candidate = '', ...others] = candidates;
  const answer = yesOrNoIn(visit);
  if (answer === 'yes') return filled(visit, 'email', candidate);
  const said = saidIn(visit) ?? '';
  if (answer === undefined && addressesIn(visit, said)[0] === candidate) return filled(visit, 'email', candidate);
  const rest: FormVisit = {
    ...visit,
    form: { ...visit.form, email: { ...visit.form.email, rejected: [...rejected, candidate] } },
  };
  const corrected = candidatesIn(rest, said);
  const mayTry = visit.form.email.tries + 1 < MAX_TRIES;
  if (corrected.length > 0 && mayTry) {
    const step = readBack(rest, said, corrected);
    const form = step.state.form ?? visit.form;
    return { state: withChanged(step.state, { ...form, email: { ...form.email, tries: form.email.tries + 1 } }) };
  }
  if (answer === undefined) return SKIPS.test(said) ? withoutAddress(visit) : undefined;
  return others.length > 0 ? talking(rest, { candidates: others }) : anotherTry(rest);
}

function readReuse(visit: FormVisit): Step | undefined {
  const { state, form } = visit;
  const last = state.lastEmail;
  const answer = yesOrNoIn(visit);
  if (answer === 'yes' && last) {
    const unsaid = last.unsaid === undefined ? {} : { email: last.unsaid };
    return {
      state: withChanged(state, {
        ...form,
        values: { ...form.values, email: last.address },
        unsaid: { ...form.unsaid, ...unsaid },
      }),
    };
  }
  const said = saidIn(visit);
  const candidates = candidatesIn(visit, said);
  if (candidates.length === 0 && answer === undefined)
    return SKIPS.test(said ?? '') ? withoutAddress(visit) : undefined;
  const { lastEmail: _, ...forgotten } = state;
  const asking = { ...visit, state: forgotten };
  return candidates.length > 0 ? readAddress(asking) : talking(asking, { step: 'ask' });
}

function readUsePhone(visit: FormVisit): Step | undefined {
  const { form, state } = visit;
  const address = form.email.phone?.email;
  const answer = yesOrNoIn(visit);
  if (answer === 'no' || address === undefined || SKIPS.test(saidIn(visit) ?? '')) return withoutAddress(visit);
  if (answer === undefined) return undefined;
  const values = { ...form.values, email: address };
  return { state: withChanged(state, { ...form, values, unsaid: { ...form.unsaid, email: 'phone' } }) };
}

const listens: Listens = { for: 'words', hints: words.emailHints };

const steps: Readonly<
  Record<EmailTalk['step'], { ask(visit: FormVisit): Question; read(visit: FormVisit): Step | undefined }>
> = {
  reuse: {
    ask: ({ state: { lastEmail } }) => ({
      says: [lastEmail ? words.reuse(lastEmail.address, lastEmail.unsaid) : words.askEmail],
      choices: yesNo,
    }),
    read: readReuse,
  },
  ask: { ask: () => ({ says: [words.askEmail], listens }), read: readAddress },
  spell: { ask: () => ({ says: [words.spellIt], listens }), read: readAddress },
  confirm: {
    ask: ({ form, parts }) => ({
      says: [words.isThatRight(parts.understanding.spelledOut(form.email.candidates[0] ?? ''))],
      choices: yesNo,
    }),
    read: readConfirmation,
  },
  phone: { ask: () => ({ says: [words.usePhone], choices: yesNo }), read: readUsePhone },
};

/** The address that was used last may have been turned down in another form meanwhile. */
const stepOf = ({ form: { email }, state }: FormVisit): EmailTalk['step'] =>
  email.step === 'reuse' && !state.lastEmail ? 'ask' : email.step;

/** The address by which the caller is known: said, read back and confirmed, in at most three tries. An empty one was skipped. */
export const emailSlot: Slot = {
  name: 'email',
  question: (visit) => steps[stepOf(visit)].ask(visit),
  read: (visit) => steps[stepOf(visit)].read(visit),
};
