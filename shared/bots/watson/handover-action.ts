import * as v from 'valibot';
import type { SaidByBot } from '../../core/call/said-by-bot.ts';
import { ID } from '../../core/decode.ts';
import type { Asked, BotCall, Standing } from '../../core/handover/bot.ts';
import { clipped } from '../../core/handover/line.ts';
import { minutesLeft } from '../../core/handover/pause.ts';
import { Problem, problemKinds } from '../../core/problems.ts';
import type { Reply } from '../../core/reply.ts';
import { type Action, collected, malformed, readAction } from './action.ts';
import { type ActionAnswer, answerIn, problemAnswer, sentencesFor } from './action-answer.ts';

/** What a dialog can ask for. */
export const handoverWishes: readonly string[] = ['start_handover', 'handover_status', 'end_handover'];

const NAMES = ['conversationId', 'text', 'topic', 'reason', 'name', 'language'];

/** What a customer hears of us where nothing says their language. */
const LANGUAGE = 'en';

function askedBy({ asked, parameters }: Action): Asked {
  const value = (name: string, maxLength: number) => parameters.get(name)?.slice(0, maxLength);
  const text = clipped(parameters.get('text') ?? '');
  switch (asked) {
    case 'start_handover': {
      const wish = {
        topic: value('topic', 200),
        reason: value('reason', 1_000),
        name: value('name', 200),
        language: value('language', 35),
        fields: collected(parameters, NAMES),
        lines: [],
      };
      return { kind: 'person', text, wish };
    }
    case 'end_handover':
      return { kind: 'end', text };
    case 'handover_status':
      return { kind: 'said', text };
    default:
      throw malformed('an unknown request');
  }
}

/** Whether what was asked for has happened, in a sentence. */
function outcome(asked: Asked['kind'], standing: Standing, says: SaidByBot): Pick<ActionAnswer, 'result' | 'message'> {
  if (standing.paused) {
    if (asked === 'person') return { result: 'success', message: says.personComes };
    return { result: asked === 'end' ? 'error' : 'success', message: says.personThere };
  }
  if (asked !== 'person') return { result: 'success', message: asked === 'end' ? says.botAgain : says.onlyBot };
  const isKnown = standing.reason !== 'in_progress' && standing.reason !== 'state_unavailable';
  return { result: 'error', message: isKnown ? says.nobodyComes : says.maybeSomebodyComes };
}

function answer(asked: Asked['kind'], standing: Standing, nowMs: number, says: SaidByBot): Reply {
  const untilMs = standing.paused ? standing.untilMs : 0;
  return answerIn('dialog', {
    ...outcome(asked, standing, says),
    code: standing.paused ? null : (standing.reason ?? null),
    requestId: null,
    status: standing.paused ? 'human' : 'bot',
    paused: standing.paused,
    minutesPaused: standing.paused ? minutesLeft(untilMs, nowMs) : 0,
    untilMs,
  });
}

function callOf(body: unknown): BotCall {
  const action = readAction(Object(body), 'named');
  const conversationId = action.parameters.get('conversationId') ?? '';
  if (!ID.test(conversationId)) throw new Problem('invalid_conversation_id');
  const asked = askedBy(action);
  const says = sentencesFor(action.parameters.get('language'), LANGUAGE);
  return {
    bot: 'watson',
    botId: undefined,
    conversationId,
    asked,
    inDoubt: 'bot',
    answer: (standing, nowMs) => answer(asked.kind, standing, nowMs, says),
  };
}

/**
 * What a Watson dialog asks of `pause-check` by name: `{request: 'start_handover', conversationId, topic, plate}`,
 * `end_handover` or `handover_status`. Parameters that have no meaning of their own are what the bot has collected.
 */
export const handoverAction: v.GenericSchema<unknown, BotCall> = v.pipe(v.unknown(), v.transform(callOf));

/** The answer to a problem in the form that a dialog can branch on and say. */
export function handoverProblem(problem: Problem, body: unknown): Reply {
  const says = sentencesFor(Object(body).language, LANGUAGE);
  // Below 500 it was refused, so nobody was asked; above, nobody knows how far it came.
  const message = problemKinds[problem.code].status < 500 ? says.notUnderstood : says.maybeSomebodyComes;
  return answerIn('dialog', { ...problemAnswer(problem, message), paused: false });
}
