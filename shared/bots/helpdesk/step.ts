import type { BotAnswer, Choice, Listens } from '../../core/voice-bot/voice-bot.ts';
import type { Visit } from './parts.ts';
import type { Form, FormName, State } from './state.ts';

/** What a part of the dialogue makes of a turn. */
export interface Step {
  readonly state: State;
  /** Said before whatever follows. */
  readonly says?: readonly string[];
  /** Absent: the form goes on, with its next open question. */
  readonly next?: Exclude<BotAnswer['next'], 'listen'>;
  readonly isUnderstood?: false;
  /** Why a person is wanted. */
  readonly reason?: string;
}

export interface Question {
  readonly says: readonly string[];
  readonly choices?: readonly Choice[];
  readonly listens?: Listens;
}

/** A turn while a form is on. */
export interface FormVisit extends Visit {
  readonly form: Form;
}

/** Something that a form must know before it can be done. */
export interface Slot {
  /** Its value is kept under this name, and read out under it. */
  readonly name: string;
  /** Absent: as soon as there is a value. */
  isFilled?(visit: FormVisit): boolean;
  /** What has to be done before it can be asked for. Undefined when nothing has to. */
  prepare?(visit: FormVisit): Step | undefined;
  question(visit: FormVisit): Question;
  /** Undefined where what was heard is no answer: perhaps it is something else that the caller wants. */
  read(visit: FormVisit): Step | undefined | Promise<Step | undefined>;
}

export interface FormKind {
  readonly is: FormName;
  /** In the order in which they are asked for. */
  slots(visit: Visit): readonly Slot[];
  /** All slots are filled. */
  done(visit: FormVisit): Step;
}

export const withChanged = (state: State, form: Form): State => ({ ...state, form });

/** The slot has its value, said by the caller just now. */
export function filled({ state, form }: FormVisit, name: string, value: string): Step {
  const { [name]: _, ...unsaid } = form.unsaid;
  return { state: withChanged(state, { ...form, values: { ...form.values, [name]: value }, unsaid }) };
}

/** The call goes to a person, with all that is known. */
export const toPerson = (state: State, reason: string, ...says: readonly string[]): Step => ({
  state,
  says,
  reason,
  next: 'person',
});

/** Something is done in the next turn; the caller hears these words meanwhile. */
export const goingOn = (state: State, is: NonNullable<State['work']>['is'], ...says: readonly string[]): Step => ({
  state: { ...state, work: { is, isAgain: false, faults: 0 } },
  says,
  next: 'go-on',
});
