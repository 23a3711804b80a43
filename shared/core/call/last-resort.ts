import type { AgentPhones } from './agent-phones.ts';
import type { CallLimits } from './call-limits.ts';
import { type Language, textsIn } from './languages/index.ts';
import { say } from './speech.ts';
import { type Verb, verb } from './twiml.ts';

const RING_SEC = 20;

/** What a last resort needs to know. */
export type LastResort = AgentPhones & { readonly CALL_LIMITS: CallLimits };

/** The true thing to say when no person can be reached. */
export function nobodyThere(language: Language): readonly Verb[] {
  return [say(language, textsIn(language).nobody), verb('Hangup')];
}

/**
 * What a caller gets when nothing else works: the phones of the desk one after the other, else an announcement. `after` is
 * the URL that is asked what comes when the phones have rung.
 */
export function lastResort(settings: LastResort, after: string): readonly Verb[] {
  const { AGENT_NUMBERS, TWILIO_PHONE_NUMBER, SPEECH_LANGUAGE, CALL_LIMITS } = settings;
  if (AGENT_NUMBERS.length === 0) return nobodyThere(SPEECH_LANGUAGE);
  const dial = verb(
    'Dial',
    {
      sequential: true,
      callerId: TWILIO_PHONE_NUMBER,
      timeout: RING_SEC,
      timeLimit: CALL_LIMITS.maxMinutes * 60,
      action: after,
    },
    ...AGENT_NUMBERS.map((number) => verb('Number', {}, number)),
  );
  return [say(SPEECH_LANGUAGE, textsIn(SPEECH_LANGUAGE).oneMoment), dial];
}
