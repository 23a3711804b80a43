import * as v from 'valibot';

const text = v.pipe(v.string(), v.maxLength(2_000));

/** Why a value is known and yet not read out: it was said in an earlier call, or belongs to the calling number. */
const unsaid = v.picklist(['last-call', 'phone']);

/** How far the question for the e-mail address has got. */
const emailTalk = v.object({
  step: v.picklist(['reuse', 'ask', 'confirm', 'spell', 'phone']),
  /** What is still to be read back, the likeliest first. */
  candidates: v.array(text),
  /** What was not meant. */
  rejected: v.array(text),
  /** Answers to a question for the address that have led to nothing. */
  tries: v.number(),
  /** What was said, for the person who reads the incident. */
  heard: v.array(text),
  /** Whether the calling number was looked up, and whose it is. */
  phone: v.optional(v.object({ email: v.optional(text) })),
});

const form = v.object({
  is: v.picklist(['open', 'status', 'transfer']),
  /** Names the wish, whatever becomes of it. */
  id: text,
  values: v.record(v.string(), text),
  unsaid: v.record(v.string(), unsaid),
  email: emailTalk,
  /** The address has been looked up; whose it is, where it is somebody's. Never said and never shown. */
  found: v.optional(v.object({ sysId: v.optional(text), name: v.optional(text), mobile: v.optional(text) })),
  /** The way by which the caller shows who they are at the moment. */
  proof: v.optional(
    v.object({
      way: v.picklist(['code', 'pin']),
      wrong: v.number(),
      faults: v.number(),
      isOver: v.boolean(),
      /** A second code was sent to who had got none. */
      isSentAgain: v.optional(v.boolean()),
    }),
  ),
});

const state = v.object({
  form: v.optional(form),
  /** Forms that were left for another one. */
  kept: v.array(form),
  lastEmail: v.optional(v.object({ address: text, unsaid: v.optional(unsaid) })),
  verified: v.optional(
    v.object({ email: text, sysId: text, name: v.optional(text), by: v.picklist(['caller id', 'code', 'PIN']) }),
  ),
  /** What is done in the next turn, while the caller waits; whether it was tried before, and what has failed since they spoke. */
  work: v.optional(
    v.object({
      is: v.picklist(['identify', 'phone', 'code', 'list', 'open']),
      isAgain: v.boolean(),
      faults: v.number(),
    }),
  ),
  /** It was asked whether there is anything else. */
  asksElse: v.optional(v.boolean()),
});

/** All that the helpdesk keeps between two turns. */
export type State = v.InferOutput<typeof state>;
export type Form = v.InferOutput<typeof form>;
export type EmailTalk = v.InferOutput<typeof emailTalk>;
export type FormName = Form['is'];

export const newState: State = { kept: [] };

/** The state of the turn before. Undefined where it cannot be read. */
export function readState(kept: unknown): State | undefined {
  const parsed = v.safeParse(state, kept);
  return parsed.success ? parsed.output : undefined;
}

/** Begins a form, or goes on with one that was left. The one that is on is left as it stands. */
export function withForm(from: State, is: FormName, id: string): State {
  if (from.form?.is === is) return from;
  const left = from.form && from.form.is !== 'transfer' ? [...from.kept, from.form] : from.kept;
  const email: EmailTalk = {
    step: from.lastEmail ? 'reuse' : 'ask',
    candidates: [],
    rejected: [],
    tries: 0,
    heard: [],
  };
  const begun = left.find((one) => one.is === is) ?? { is, id, values: {}, unsaid: {}, email };
  return { ...from, form: begun, kept: left.filter((one) => one.is !== is) };
}

export const withoutForm = ({ form: _, ...rest }: State): State => rest;

/** Who calls back may be somebody else: nobody is verified, and nothing that was said is read out. */
export function resumed({ verified: _, work: __, ...from }: State): State {
  const again = ({ found: _found, proof: _proof, ...one }: Form): Form => {
    const { confirm: _confirm, ...values } = one.values;
    const unsaidNow = Object.fromEntries(Object.keys(values).map((name) => [name, 'last-call' as const]));
    const step = from.lastEmail ? 'reuse' : 'ask';
    return { ...one, values, unsaid: unsaidNow, email: { ...one.email, step, candidates: [], phone: undefined } };
  };
  return {
    ...from,
    form: from.form && again(from.form),
    kept: from.kept.map(again),
    lastEmail: from.lastEmail && { ...from.lastEmail, unsaid: 'last-call' },
  };
}
