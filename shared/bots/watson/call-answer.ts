import type { BusinessHours } from '../../core/call/hours.ts';
import type { SaidByBot } from '../../core/call/said-by-bot.ts';
import { wallClock } from '../../core/call/wall-clock.ts';
import { isoTime } from '../../core/iso-time.ts';
import { type Problem, problemKinds } from '../../core/problems.ts';
import type { Reply } from '../../core/reply.ts';
import type { Action } from './action.ts';
import { type ActionAnswer, inWords } from './action-answer.ts';

/** What a dialog is told that asked for the time: where the customer is, else where the people are, else in Greenwich. */
export function timeAnswer(
  { parameters }: Action,
  hours: BusinessHours | undefined,
  nowMs: number,
  says: SaidByBot,
): ActionAnswer {
  const asked = parameters.get('timeZone') ?? parameters.get('timezone');
  const clock = (asked === undefined ? undefined : wallClock(asked)) ?? hours?.clock;
  const time = isoTime(clock?.wallMs(nowMs) ?? nowMs).slice(11, 16);
  const message = says.time(time, clock ? 'there' : 'UTC');
  return { result: 'success', message, code: null, requestId: null, status: null, time };
}

/** What a dialog is told of a call that was asked for, asked about or cancelled. */
export function callAnswer({ body }: Reply, hours: BusinessHours | undefined, says: SaidByBot): ActionAnswer {
  const told: Readonly<Record<string, string>> = JSON.parse(body);
  const { requestId = null, status = null, reason = '', at } = told;
  const when = status === 'scheduled' ? inWords(at, hours, says) : undefined;
  const sentences: Readonly<Record<string, string>> = { ...says.call, ...says.over };
  const message =
    when === undefined ? (sentences[reason] ?? sentences[status ?? ''] ?? says.maybeCalled) : says.scheduledFor(when);
  return { ...told, result: 'success', message, code: null, requestId, status };
}

/** What a bot can say of a problem, so that the customer knows whether somebody may call. */
export function problemMessage(problem: Problem, hours: BusinessHours | undefined, says: SaidByBot): string {
  const { code, detail } = problem;
  const when = code === 'closed' ? inWords(detail.extra?.opensAt, hours, says) : undefined;
  if (when !== undefined) return says.openFrom(when);
  // Below 500 it was refused; above, nobody knows how far it came.
  return says.noCall[code] ?? (problemKinds[code].status < 500 ? says.notCalled : says.maybeCalled);
}
