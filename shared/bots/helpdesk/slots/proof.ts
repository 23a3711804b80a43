import type { Listens } from '../../../core/voice-bot/voice-bot.ts';
import { intentIn, keysIn, saidIn, yesOrNoIn } from '../heard.ts';
import { anotherCodeIn } from '../proof/another-code.ts';
import { checked } from '../proof/check.ts';
import type { Form, State } from '../state.ts';
import { type FormVisit, goingOn, type Slot, type Step, toPerson, withChanged } from '../step.ts';
import { isUndecided } from '../undecided.ts';
import { words } from '../words-en.ts';

type Way = NonNullable<Form['proof']>['way'];

/** Whether the caller is known to be the one whose address it is. */
export const isVerified = ({ state, form }: FormVisit): boolean =>
  state.verified !== undefined && state.verified.email === form.values.email;

/** The ways there are, in their order. The same for every address. */
const waysOf = ({ parts }: FormVisit): readonly Way[] => [
  ...(parts.codes ? (['code'] as const) : []),
  ...(parts.hasPins ? (['pin'] as const) : []),
];

function nextWay(visit: FormVisit): Step | undefined {
  const { state, form } = visit;
  if (form.proof && !form.proof.isOver) return undefined;
  const ways = waysOf(visit);
  const way = ways[form.proof ? ways.indexOf(form.proof.way) + 1 : 0];
  if (way === undefined) return toPerson(state, 'not verified', words.noTickets);
  const begun = withChanged(state, { ...form, proof: { way, wrong: 0, faults: 0, isOver: false } });
  return way === 'code' ? goingOn(begun, 'code', words.sendingCode) : { state: begun };
}

const HAS_NONE =
  /\b(?:skip|no (?:code|pin|text|message)|have(?: not|n['’]?t)|did(?: not|n['’]?t)|don['’]?t|forgot\w*|never|nothing)\b/i;

/** Said with much that sounds like having none, it is a wish. */
const LEAVES =
  /\b(?:cancel|never ?mind|forget (?:it|that|about)|start over|goodbye|agent|human|person|operator|representative)\b/i;

/** We were not heard or understood, which says nothing of a code. */
const NOT_HEARD =
  /\b(?:hear|heard|catch|caught|understand|understood|follow|slower|pardon|repeat|get (?:that|you|what))\b/i;

/** The PIN rather than a code. */
const PREFERS_PIN = /\b(?:use|try|have|enter|got|with|by)\b.*\bpin\b|^pin\b/i;

/** Of these only they speak who speak of the code; a problem with anything else is a wish. */
const SPEAKS_OF_PROOF = /\b(?:codes?|pin|texts?|messages?|phone|mobile|battery|signal|reception|sen[dt])\b/i;
const BEGINS_INCIDENT: ReadonlySet<string | undefined> = new Set(['open_incident', 'password_reset', 'problem_email']);
const NAMES_INCIDENT =
  /\b(?:open|create|report|file|raise|log) (?:an?|another|one|new)\b|\b(?:tickets?|incidents?|cases?|requests?)\b/i;

/** As many digits as a code of Twilio Verify, or a PIN, may have. */
const listens: Listens = { for: 'keys', mostKeys: 10, isSecret: true };

function entered(visit: FormVisit): string | undefined {
  const said = saidIn(visit);
  const keys = keysIn(visit) ?? (said === undefined ? undefined : visit.parts.understanding.keysIn(said));
  return keys !== undefined && /^\d+$/.test(keys) ? keys : undefined;
}

const notUnderstood = (state: State): Step => ({ state, says: [words.notUnderstood], isUnderstood: false });

/** "I have the code" and "my phone is dead" begin no incident here, much as they sound like one. */
const isAboutProof = (visit: FormVisit, said: string): boolean =>
  BEGINS_INCIDENT.has(intentIn(visit)) && SPEAKS_OF_PROOF.test(said) && !NAMES_INCIDENT.test(said);

/** Another code, which is counted like the first: who still gets none after the second has none. */
function sentAgain({ state, form }: FormVisit, wanted: 'asked for' | 'none came'): Step | undefined {
  const { proof } = form;
  if (!proof) return undefined;
  if (proof.way === 'pin') return wanted === 'asked for' ? notUnderstood(state) : undefined;
  if (wanted === 'none came' && proof.isSentAgain) return undefined;
  const isSentAgain = proof.isSentAgain || wanted === 'none came';
  return goingOn(withChanged(state, { ...form, proof: { ...proof, isSentAgain } }), 'code', words.anotherCode);
}

/** The proof that it is the caller's own address: by a code or by a PIN, unless their number has shown it already. */
export const proofSlot: Slot = {
  name: 'proof',
  isFilled: isVerified,
  prepare: nextWay,
  question: ({ form }) => ({ says: [form.proof?.way === 'pin' ? words.askPin : words.askCode], listens }),
  read(visit) {
    const keys = entered(visit);
    if (keys !== undefined) return checked(visit, keys);
    const said = saidIn(visit) ?? '';
    const { form, state } = visit;
    if (!form.proof || LEAVES.test(said)) return undefined;
    const wanted = anotherCodeIn(said);
    const again = wanted && sentAgain(visit, wanted);
    if (again) return again;
    const hasNone =
      HAS_NONE.test(said) ||
      isUndecided(said) ||
      wanted !== undefined ||
      yesOrNoIn(visit) === 'no' ||
      (form.proof.way === 'code' && PREFERS_PIN.test(said));
    if (!hasNone || NOT_HEARD.test(said)) return isAboutProof(visit, said) ? notUnderstood(state) : undefined;
    return { state: withChanged(state, { ...form, proof: { ...form.proof, isOver: true } }) };
  },
};
