import type { CallRecord } from '../table.ts';
import type { CallLimits } from './call-limits.ts';
import type { Language } from './languages/index.ts';
import { type PhoneDeskSettings, phoneDesk } from './phone-desk.ts';
import { languageOf } from './speech.ts';
import type { WantedCall } from './telephony.ts';

/** What the settings say of calls that are placed. */
export type Placing = PhoneDeskSettings & { readonly CALL_LIMITS: CallLimits; readonly SPEECH_LANGUAGE: Language };

/** The call that a record asks for: in the language of the customer, for the team of the topic. */
export function wantedCall(settings: Placing, record: CallRecord): WantedCall {
  const { requestId, phone, handoverId, topic } = record;
  const desk = phoneDesk(settings, { topic, placed: true });
  return {
    requestId,
    phone,
    handoverId,
    queue: desk.is === 'phones' ? desk.queue : undefined,
    language: languageOf(record.language, settings.SPEECH_LANGUAGE),
    maxMinutes: settings.CALL_LIMITS.maxMinutes,
  };
}
