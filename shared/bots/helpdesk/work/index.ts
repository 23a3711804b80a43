import { earlier } from '../../../core/in-time.ts';
import { inTurn, mayWorkLater } from '../away.ts';
import type { State } from '../state.ts';
import { type FormVisit, type Step, toPerson } from '../step.ts';
import { words } from '../words-en.ts';
import { sendCode } from './code.ts';
import { identify } from './identify.ts';
import { list } from './list.ts';
import { open } from './open.ts';
import { byPhone } from './phone.ts';

/**
 * What the second try may take: whoever speaks hears within 8 s that nothing comes of it, after 2 s in which Twilio waits
 * for more words, two short sayings and a first try of 2.4 s.
 */
const AGAIN_MS = 1_400;

type Work = NonNullable<State['work']>;

const works: Readonly<Record<Work['is'], (visit: FormVisit) => Promise<Step>>> = {
  identify,
  phone: byPhone,
  code: sendCode,
  list,
  open,
};

/** What is to be done next bears the faults of what was done before it: while a caller waits there is one second try. */
export function bearingFaults({ work: done }: State, step: Step): Step {
  const { work: next } = step.state;
  if (!done || !next) return step;
  return { ...step, state: { ...step.state, work: { ...next, faults: Math.max(done.faults, next.faults) } } };
}

/**
 * Does what the caller was asked to wait for. What fails is tried once more, after some other words; then a person gets the
 * call, with the incident as it would have been opened.
 */
export async function work(visit: FormVisit): Promise<Step> {
  const { turn, state } = visit;
  const doing = state.work;
  if (!doing) return { state };
  const { remainingMs } = turn.deadline;
  const deadline = doing.isAgain ? earlier(turn.deadline, remainingMs() - AGAIN_MS) : turn.deadline;
  try {
    const step = await inTurn(deadline, works[doing.is]({ ...visit, turn: { ...turn, deadline } }));
    const { work: next } = step.state;
    return { ...step, state: { ...step.state, work: next === doing ? undefined : next } };
  } catch (error) {
    const mayTry = mayWorkLater(error) && doing.faults === 0;
    turn.note({ helpdesk: `${doing.is} failed` });
    const faults = doing.faults + 1;
    const again = { is: doing.is, isAgain: true, faults };
    if (mayTry) return { state: { ...state, work: again }, says: [words.stillLooking], next: 'go-on' };
    return toPerson({ ...state, work: undefined }, `could not ${doing.is}`, words.away);
  }
}
