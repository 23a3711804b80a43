import * as v from 'valibot';
import { languages, textsIn } from '../../shared/core/call/languages/index.ts';
import { numbersOf, phoneDeskSettings } from '../../shared/core/call/phone-desk.ts';
import { callStepSettings } from '../../shared/core/call/steps/step.ts';
import { waitingLine } from '../../shared/core/call/waiting-line.ts';
import { type Env, optional, settings, together } from '../../shared/core/settings.ts';

/** What is asked for only when a flow is made. */
export const studioNeeds = { FLEX_TASK_CHANNEL: 'task channel of voice calls: its SID or unique name' } as const;

const flowSettings = together(
  callStepSettings,
  phoneDeskSettings,
  waitingLine,
  settings({
    FLEX_TASK_CHANNEL: optional(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)), undefined, {
      is: studioNeeds.FLEX_TASK_CHANNEL,
    }),
  }),
);

const transition = v.looseObject({ event: v.string(), next: v.optional(v.string()) });
const widget = v.looseObject({ name: v.string(), transitions: v.array(transition) });
const flowShape = v.looseObject({ states: v.array(widget) });

type Flow = v.InferOutput<typeof flowShape>;

function readSettings(env: Env) {
  const faults: string[] = [];
  const known = flowSettings.read(env, faults);
  if (faults.length === 0) {
    const firstNumber = numbersOf(known, undefined)[0];
    if (known.FLEX_WORKFLOW_SID === undefined && firstNumber === undefined)
      faults.push('FLEX_WORKFLOW_SID or AGENT_NUMBERS is missing (somebody must take the calls)');
    if (known.FLEX_WORKFLOW_SID !== undefined && known.FLEX_TASK_CHANNEL === undefined)
      faults.push(`FLEX_TASK_CHANNEL is missing (${studioNeeds.FLEX_TASK_CHANNEL})`);
    if (faults.length === 0) return { ...known, firstNumber };
  }
  throw new Error(`the flow cannot be filled in: ${faults.join('; ')}`);
}

type Known = ReturnType<typeof readSettings>;

function valuesFrom(known: Known): Readonly<Record<string, string>> {
  const { SPEECH_LANGUAGE } = known;
  const { voice } = languages[SPEECH_LANGUAGE];
  return {
    RECEIVE_CALL_URL: known.urls.of('receive-call'),
    CALL_LEG_URL: known.urls.of('call-leg'),
    AFTER_ASSISTANT: known.AFTER_ASSISTANT,
    FLEX_WORKFLOW_SID: known.FLEX_WORKFLOW_SID ?? '',
    FLEX_TASK_CHANNEL: known.FLEX_TASK_CHANNEL ?? '',
    QUEUE_SECONDS: String(known.QUEUE_MINUTES * 60),
    FIRST_AGENT_NUMBER: known.firstNumber ?? '',
    SPEECH_VOICE: voice.voice,
    SPEECH_LANGUAGE_TAG: voice.language,
    NOBODY_SENTENCE: textsIn(SPEECH_LANGUAGE).nobody,
  };
}

/** The flow without some widgets: what led to the first of them leads on to `instead`. */
function without(flow: Flow, [first, ...others]: readonly string[], instead: string): Flow {
  const states = flow.states
    .filter(({ name }) => name !== first && !others.includes(name))
    .map((state) => ({
      ...state,
      transitions: state.transitions.map((way) => (way.next === first ? { ...way, next: instead } : way)),
    }));
  return { ...flow, states };
}

/**
 * A Studio flow of the repository as it is imported: the `${…}` of its text replaced by what the settings say, and without
 * the widgets for people whom the settings do not know. Throws with the names of the settings that are missing or malformed.
 */
export function filledFlow(text: string, env: Env): unknown {
  const known = readSettings(env);
  const values = valuesFrom(known);
  const filled = text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the flow asks for ${name}, which nothing says`);
    return JSON.stringify(value).slice(1, -1);
  });
  let flow = v.parse(flowShape, JSON.parse(filled));
  if (known.FLEX_WORKFLOW_SID === undefined)
    flow = without(flow, ['send_to_flex', 'how_the_wait_ended'], 'phone_of_the_desk');
  if (known.firstNumber === undefined) flow = without(flow, ['phone_of_the_desk', 'was_it_answered'], 'say_nobody');
  return flow;
}
