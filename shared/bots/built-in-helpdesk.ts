import { languageSetting } from '../core/call/speech.ts';
import { readAs, type SettingsOf, settings, together } from '../core/settings.ts';
import type { Rates } from '../core/table.ts';
import type { HandoffBot } from '../core/voice-bot/handoff-bots.ts';
import type { VoiceBot } from '../core/voice-bot/voice-bot.ts';
import { sendHttp } from '../http/client.ts';
import { incidentSettings, openIncidents } from '../servicenow/open-incidents.ts';
import { codeByText, verifySettings } from '../twilio/verify.ts';
import { helpdeskBot } from './helpdesk/index.ts';
import { helpdeskSettings } from './helpdesk/settings.ts';
import { understanding } from './helpdesk/understand/index.ts';

const speech = settings({ SPEECH_LANGUAGE: languageSetting });

const NOT_ENGLISH = {
  chosen: 'SPEECH_LANGUAGE is malformed (en with VOICE_BOT=helpdesk, which speaks nothing else)',
  byDefault:
    'VOICE_BOT is missing (rasa or watson in the language of SPEECH_LANGUAGE: helpdesk, the default, speaks English only)',
};

/** It has words in one language only. Who speaks another and named no bot has not chosen this one. */
const english = readAs(speech, (env, faults) => {
  const before = faults.length;
  const { SPEECH_LANGUAGE: language } = speech.read(env, faults);
  if (faults.length === before && language !== 'en')
    faults.push(env.VOICE_BOT ? NOT_ENGLISH.chosen : NOT_ENGLISH.byDefault);
  return {};
});

/** What the built-in helpdesk is told. Without an instance of ServiceNow it says what it would have done. */
export const builtInHelpdeskSettings = together(english, helpdeskSettings, incidentSettings, verifySettings);

/** Opens the built-in helpdesk. Nothing is sent before it gets a turn. */
export function openBuiltInHelpdesk(
  settings: SettingsOf<typeof builtInHelpdeskSettings>,
  rates: Rates,
  bots: readonly HandoffBot[],
): VoiceBot {
  return helpdeskBot({
    understanding,
    incidents: openIncidents(settings, sendHttp),
    codes: codeByText(settings, sendHttp, 'en'),
    hasPins: settings.SERVICENOW_PIN_FIELD !== undefined,
    rates,
    limits: settings.HELPDESK_LIMITS,
    bots,
  });
}
