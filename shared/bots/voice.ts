import { languageSetting } from '../core/call/speech.ts';
import type { PortContext } from '../core/function.ts';
import { publicUrls } from '../core/public-urls.ts';
import { chosen, type SettingsOf, settings, together } from '../core/settings.ts';
import type { Rates } from '../core/table.ts';
import { handoffBotSettings, knownBots } from '../core/voice-bot/handoff-bots.ts';
import { slowBot } from '../core/voice-bot/slow-bot.ts';
import type { VoiceBot, VoiceBotRef, VoiceBots } from '../core/voice-bot/voice-bot.ts';
import { sendHttp } from '../http/client.ts';
import { callerTextSettings } from '../twilio/caller-texts.ts';
import { sendTextBy } from '../twilio/send-text.ts';
import { builtInHelpdeskSettings, openBuiltInHelpdesk } from './built-in-helpdesk.ts';
import { rasaBot, rasaSettings } from './rasa/index.ts';
import { watsonVoiceBot } from './watson/voice/index.ts';
import { watsonVoiceSettings } from './watson/voice/settings.ts';
import type { Texts } from './watson/voice/text-link.ts';

const groups = {
  helpdesk: builtInHelpdeskSettings,
  rasa: rasaSettings,
  watson: together(watsonVoiceSettings, callerTextSettings),
};

/** `VOICE_BOT`, what the chosen bot needs, and the bots that a call may be given to. */
export const voiceBotSettings = together(
  publicUrls,
  settings({ SPEECH_LANGUAGE: languageSetting }),
  chosen('VOICE_BOT', groups, 'helpdesk', { is: 'the bot that answers calls to the helpdesk' }),
  handoffBotSettings,
);

type VoiceBotContext = Pick<PortContext<SettingsOf<typeof voiceBotSettings>>, 'settings' | 'clock'>;

function textsBy({ callerTexts: own }: SettingsOf<typeof callerTextSettings>): Texts | undefined {
  if (own?.TWILIO_PHONE_NUMBER === undefined) return undefined;
  return { sendText: sendTextBy(own, sendHttp), from: own.TWILIO_PHONE_NUMBER, countries: own.ALLOWED_COUNTRIES };
}

/** Opens the bots that a call may be with, by what counts tries over all calls. Nothing is sent before one gets a turn. */
export function openVoiceBots({ settings }: VoiceBotContext): (rates: Rates) => VoiceBots {
  const { urls, HANDOFF_BOTS: others, SPEECH_LANGUAGE: language } = settings;
  const url = settings.VOICE_BOT === 'rasa' ? settings.RASA_URL : urls.of('helpdesk-call');
  const known = knownBots({ is: settings.VOICE_BOT, url }, others);
  const greeting = settings.VOICE_BOT === 'rasa' ? settings.VOICE_BOT_GREETING : 'hello';

  function overNetwork(ref: VoiceBotRef): VoiceBot | undefined {
    if (ref.is === 'watson' && settings.VOICE_BOT === 'watson')
      return watsonVoiceBot({ settings, send: sendHttp, language, texts: textsBy(settings) });
    const own = ref.is === 'rasa' &&
      settings.VOICE_BOT === 'rasa' && { url, authorization: settings.RASA_AUTHORIZATION };
    const target = ref.is === 'rasa-host' ? others.find((other) => other.url === ref.url) : own;
    return target ? rasaBot({ ref, target: { ...target, send: sendHttp }, known, greeting, language }) : undefined;
  }

  return (rates) => ({
    addressOf: known.addressOf,
    of(ref) {
      if (ref.is === 'helpdesk' && settings.VOICE_BOT === 'helpdesk')
        return openBuiltInHelpdesk(settings, rates, others);
      const bot = overNetwork(ref);
      return bot && slowBot(bot, language);
    },
  });
}
