import * as v from 'valibot';
import { bestEffort } from '../../core/best-effort.ts';
import { handoverOfRequest } from '../../core/call/call-handover.ts';
import type { BusinessHours } from '../../core/call/hours.ts';
import type { Language } from '../../core/call/languages/index.ts';
import { decode } from '../../core/decode.ts';
import type { Call, FailedCall, FunctionDeclaration } from '../../core/function.ts';
import { redactedFields } from '../../core/handover/redacted.ts';
import type { Redact } from '../../core/handover/redaction.ts';
import { earlier } from '../../core/in-time.ts';
import type { Inbound } from '../../core/inbound.ts';
import { Problem } from '../../core/problems.ts';
import type { PublicUrls } from '../../core/public-urls.ts';
import type { Table } from '../../core/table.ts';
import { type Action, type ActionShape, actionShape, collected, readAction } from './action.ts';
import {
  type ActionAnswer,
  type AnswerForm,
  answerForm,
  answerIn,
  problemAnswer,
  sentencesFor,
} from './action-answer.ts';
import { callAnswer, problemMessage, timeAnswer } from './call-answer.ts';
import { callWishes, NOT_COLLECTED, wishOf } from './call-wish.ts';

/** Watson gave an action 5 s. */
const GATEWAY_MS = 4_000;
/** What noting the collected fields may take. */
const NOTING_MS = 600;

/** What was asked: in the function's own form, or by a dialog, then perhaps nothing that the function could answer. */
interface Asked<In> {
  readonly action: Action | undefined;
  readonly own: In | undefined;
  readonly language: unknown;
}

function askedBy<In>(own: v.GenericSchema<unknown, In>): v.GenericSchema<unknown, Asked<In>> {
  return v.pipe(
    v.unknown(),
    v.transform((body): Asked<In> => {
      const shape = actionShape(body);
      if (shape === undefined) return { action: undefined, own: decode(own, body), language: Object(body).language };
      const action = readAction(Object(body), shape);
      const wish = wishOf(action);
      return { action, own: wish && decode(own, wish), language: action.parameters.get('language') };
    }),
  );
}

/** As much as can be read of a request that failed. */
function partlyRead(body: unknown): { readonly asked?: string; readonly language?: unknown } {
  const shape = actionShape(body);
  if (!shape) return { language: Object(body).language };
  try {
    const { asked, parameters } = readAction(Object(body), shape);
    return { asked, language: parameters.get('language') };
  } catch {
    return {};
  }
}

/** The form for whoever was let in. A page has no dialog, so it may not ask like one. */
function formFor(who: unknown, { trust }: Inbound, shape: ActionShape | undefined): AnswerForm | undefined {
  const { by } = Object(who) as { readonly by?: unknown };
  return by === undefined ? undefined : answerForm({ shape, trust, isWatson: by === 'watson' });
}

/** Nothing is ever asked of the host that a dialog names: either it means us, or it is told so. */
function refuseForeign({ target }: Action, ownUrl: string): void {
  if (target === undefined) return;
  // A host by itself, perhaps with a port, would be read as a scheme.
  const address = target.includes('://') ? target : `https://${target}`;
  const host = URL.canParse(address) ? new URL(address).host : undefined;
  if (host !== new URL(ownUrl).host) throw new Problem('foreign_target');
}

interface Needed {
  readonly urls: PublicUrls;
  readonly SPEECH_LANGUAGE: Language;
  readonly REDACT: Redact;
  readonly BUSINESS_HOURS: BusinessHours | undefined;
}

interface Reached {
  readonly table: Pick<Table, 'contexts'>;
}

/**
 * A function that calls customers, as a Watson dialog can ask it too: whoever is let in as a bot may ask in the form of
 * `action.ts`, and gets an answer that the dialog can say, whatever happens. Everything else is as it was.
 */
export function alsoForWatson<Who, In, CS, S extends Needed, P extends Reached>(
  fn: FunctionDeclaration<Who, In, CS, S, P>,
): FunctionDeclaration<Who, Asked<In>, CS, S, P> {
  type Asking = Call<Who, Asked<In>, S & CS, P>;

  /** What the dialog has collected reaches the agent; a call that is under way does not wait for it. */
  async function keepCollected(
    { ports, settings, clock, deadline }: Asking,
    action: Action,
    requestId: string,
  ): Promise<void> {
    const fields = redactedFields(settings.REDACT, collected(action.parameters, NOT_COLLECTED));
    if (Object.keys(fields).length === 0) return;
    const told = ports.table.contexts.tell(handoverOfRequest(requestId), 'bot', { fields }, clock.nowMs());
    await bestEffort(deadline, NOTING_MS, told);
  }

  async function answerOf(call: Asking, form: AnswerForm): Promise<ActionAnswer> {
    const { input, settings, clock, deadline, note } = call;
    const { action, own, language } = input;
    const says = sentencesFor(language, settings.SPEECH_LANGUAGE);
    note({ bot: 'watson', asked: action?.asked });
    if (action) refuseForeign(action, settings.urls.of(fn.name));
    if (action && own === undefined) return timeAnswer(action, settings.BUSINESS_HOURS, clock.nowMs(), says);
    const short = form === 'gateway' ? earlier(deadline, fn.deadlineMs - GATEWAY_MS) : deadline;
    const late = () => new Problem('deadline_exceeded');
    const answering = Promise.resolve(fn.answer({ ...call, input: own as In, deadline: short }));
    const reply = await deadline.atMost(short.remainingMs(), answering, late);
    const answer = callAnswer(reply, settings.BUSINESS_HOURS, says);
    if (action?.asked === 'start_call' && answer.requestId !== null)
      await keepCollected({ ...call, deadline: short }, action, answer.requestId);
    return action?.parameters.has('salesNumber') ? { ...answer, ignored: ['salesNumber'] } : answer;
  }

  return {
    ...fn,
    input: { ...fn.input, schema: askedBy(fn.input.schema) },

    async answer(call) {
      const { action, own } = call.input;
      const form = formFor(call.who, call.inbound, action?.shape);
      if (form) return answerIn(form, await answerOf(call, form));
      if (action) throw new Problem('unknown_field');
      return fn.answer({ ...call, input: own as In });
    },

    recover(problem, failed: FailedCall<Who, S & CS>) {
      const body: unknown = failed.content?.value;
      const form = formFor(failed.who, failed.inbound, actionShape(body));
      if (!form) return fn.recover?.(problem, failed);
      const { asked, language } = partlyRead(body);
      const { SPEECH_LANGUAGE, BUSINESS_HOURS } = failed.settings;
      const says = sentencesFor(language, SPEECH_LANGUAGE);
      const message = asked === undefined || callWishes.includes(asked) ? undefined : says.notUnderstood;
      return answerIn(form, problemAnswer(problem, message ?? problemMessage(problem, BUSINESS_HOURS, says)));
    },
  };
}
