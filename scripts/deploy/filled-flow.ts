import * as v from 'valibot';
import { staffedPhones } from '../../shared/core/call/agent-phones.ts';
import { languages } from '../../shared/core/call/languages/index.ts';
import { callStepSettings } from '../../shared/core/call/steps/step.ts';
import { type Env, required, settings, together } from '../../shared/core/settings.ts';

const sid = (prefix: string) => v.pipe(v.string(), v.regex(new RegExp(`^${prefix}[0-9a-f]{32}$`)));

const flowSettings = together(
  callStepSettings,
  staffedPhones,
  settings({
    FLEX_WORKFLOW_SID: required(sid('WW'), { is: 'TaskRouter workflow that finds an agent for a call' }),
    FLEX_TASK_CHANNEL: required(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)), {
      is: 'task channel of voice calls: its SID or unique name',
    }),
  }),
);

function valuesFrom(env: Env): Readonly<Record<string, string>> {
  const faults: string[] = [];
  const known = flowSettings.read(env, faults);
  if (faults.length > 0) throw new Error(`the flow cannot be filled in: ${faults.join('; ')}`);
  const { SPEECH_LANGUAGE, AGENT_NUMBERS } = known;
  const { voice, texts } = languages[SPEECH_LANGUAGE];
  return {
    RECEIVE_CALL_URL: known.urls.of('receive-call'),
    AFTER_ASSISTANT: known.AFTER_ASSISTANT,
    FLEX_WORKFLOW_SID: known.FLEX_WORKFLOW_SID,
    FLEX_TASK_CHANNEL: known.FLEX_TASK_CHANNEL,
    FIRST_AGENT_NUMBER: AGENT_NUMBERS[0] ?? '',
    SPEECH_VOICE: voice.voice,
    SPEECH_LANGUAGE_TAG: voice.language,
    NOBODY_SENTENCE: texts.nobody,
  };
}

/**
 * A Studio flow of the repository as it is imported: the `${…}` of its text replaced by what the settings say. Throws with
 * the names of the settings that are missing or malformed.
 */
export function filledFlow(text: string, env: Env): unknown {
  const values = valuesFrom(env);
  const filled = text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the flow asks for ${name}, which nothing says`);
    return JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(filled);
}
