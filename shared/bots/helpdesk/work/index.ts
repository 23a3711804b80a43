import { inTurn, mayWorkLater } from '../away.ts';
import type { State } from '../state.ts';
import { type FormVisit, type Step, toPerson } from '../step.ts';
import { words } from '../words-en.ts';
import { sendCode } from './code.ts';
import { identify } from './identify.ts';
import { list } from './list.ts';
import { open } from './open.ts';
import { byPhone } from './phone.ts';

type Work = NonNullable<State['work']>;

const works: Readonly<Record<Work['is'], (visit: FormVisit) => Promise<Step>>> = {
  identify,
  phone: byPhone,
  code: sendCode,
  list,
  open,
};

/** What is to be done next: nothing any more, or another work, which bears the faults of the one before. */
const after = (done: Work, next: State['work']): State['work'] =>
  next === undefined || next === done ? undefined : { ...next, faults: done.faults };

/**
 * Does what the caller was asked to wait for. What fails is tried once more, after some other words; then a person gets the
 * call, with the incident as it would have been opened.
 */
export async function work(visit: FormVisit): Promise<Step> {
  const { turn, state } = visit;
  const doing = state.work;
  if (!doing) return { state };
  try {
    const step = await inTurn(turn.deadline, works[doing.is](visit));
    return { ...step, state: { ...step.state, work: after(doing, step.state.work) } };
  } catch (error) {
    const mayTry = mayWorkLater(error) && doing.faults === 0;
    turn.note({ helpdesk: `${doing.is} failed` });
    const faults = doing.faults + 1;
    const again = { is: doing.is, isAgain: true, faults };
    if (mayTry) return { state: { ...state, work: again }, says: [words.stillLooking], next: 'go-on' };
    return toPerson({ ...state, work: undefined }, `could not ${doing.is}`, words.away);
  }
}
