import type { BotAnswer, BotTurn, VoiceBot } from '../../core/voice-bot/voice-bot.ts';
import { inForm, openQuestion, readAnswer, settled } from './forms/index.ts';
import { keysIn, saidIn } from './heard.ts';
import { knownOf } from './known.ts';
import type { HelpdeskParts, Visit } from './parts.ts';
import { newState, readState, resumed } from './state.ts';
import type { Step } from './step.ts';
import { isUndecided } from './undecided.ts';
import { waits } from './waits.ts';
import { wish } from './wishes.ts';
import { words } from './words-en.ts';
import { bearingFaults, work } from './work/index.ts';

/** The turn with the state as it finds it. Undefined where that cannot be read. */
function begun(turn: BotTurn, parts: HelpdeskParts): Visit | undefined {
  const kept = turn.state === undefined ? newState : readState(turn.state);
  if (!kept) return undefined;
  const { asksElse = false, ...state } = turn.isResumed ? resumed(kept) : kept;
  return { turn, parts, state, wasAskedElse: asksElse };
}

/** Nothing could be made of what was heard. Of keys nobody is asked to find other words for them. */
function notUnderstood(visit: Visit): Step {
  const { choices, listens } = openQuestion(visit);
  const again = (...says: readonly string[]): Step => ({ state: visit.state, says, isUnderstood: false });
  if (keysIn(visit) === undefined || listens?.for === 'keys')
    // Who has not been greeted does not know yet what they may say.
    return again(words.notUnderstood, ...(visit.turn.state === undefined ? [words.offer] : []));
  if (choices) return again(words.notAKey);
  return again(words.noKeys, ...(visit.state.form ? [] : [words.whatCanIDo]));
}

async function stepOf(visit: Visit): Promise<Step> {
  const { turn, state } = visit;
  const form = state.form && inForm(visit, state.form);
  if (form && state.work) return work(form);
  if (turn.heard.is === 'start') {
    if (turn.isResumed) return { state, says: [words.goOn, ...(form ? [] : [words.whatCanIDo])] };
    return { state, says: [words.hello, words.offer, ...(form ? [] : [words.whatCanIDo])] };
  }
  if (turn.heard.is === 'go-on') return { state, says: form ? [] : [words.whatCanIDo] };
  if (waits(saidIn(visit) ?? ''))
    return { state: { ...state, asksElse: visit.wasAskedElse }, says: [words.takeYourTime] };
  const answered = form && (await readAnswer(form));
  if (answered) return answered;
  const wished = form && isUndecided(saidIn(visit) ?? '') ? undefined : wish(visit);
  return wished ?? notUnderstood(visit);
}

async function answer(turn: BotTurn, parts: HelpdeskParts): Promise<BotAnswer> {
  const found = begun(turn, parts);
  const visit = found ?? { turn, parts, state: newState, wasAskedElse: false };
  const step = bearingFaults(visit.state, settled(visit, await stepOf(visit)));
  const now: Visit = { ...visit, state: step.state };
  const question = step.next ? undefined : openQuestion(now);
  const says = [...(found ? [] : [words.lost]), ...(step.says ?? []), ...(question?.says ?? [])];
  return {
    state: step.state,
    says: says.map((text) => ({ text })),
    choices: question?.choices,
    listens: question?.listens,
    isUnderstood: step.isUnderstood,
    known: knownOf(now, step.reason),
    next: step.next ?? 'listen',
  };
}

/**
 * The built-in helpdesk: opens an incident, tells how those stand that are there, and gives the call to a person or to
 * another bot. Speaks English only. What the words of a caller mean, ServiceNow and the codes are its parts.
 */
export const helpdeskBot = (parts: HelpdeskParts): VoiceBot => ({ turn: (turn) => answer(turn, parts) });
