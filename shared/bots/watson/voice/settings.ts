import * as v from 'valibot';
import { partnerUrl } from '../../../core/partner-url.ts';
import { optional, required, type SettingsOf, settings, text, together } from '../../../core/settings.ts';

const id = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/));

/** Where an assistant is asked by its API, and by which key. */
export const watsonVoiceSettings = together(
  partnerUrl('WATSON_URL', {
    is: 'the instance of Watson Assistant: "Environment URL" in the API details, or what of it ends with the id of the instance',
    example: 'https://api.us-south.assistant.watson.cloud.ibm.com/instances/00000000-0000-4000-8000-000000000021',
  }),
  settings({
    WATSON_API_KEY: required(text(), { is: 'API key of that instance', secret: true }),
    WATSON_ENVIRONMENT_ID: required(id, {
      is: 'the environment of the assistant that callers talk to',
      example: '00000000-0000-4000-8000-000000000022',
    }),
    WATSON_ASSISTANT_ID: optional(id, undefined, {
      is: 'the assistant to which that environment belongs; may be missing where the instance knows it by its environment alone',
      example: '00000000-0000-4000-8000-000000000023',
    }),
  }),
);

export type WatsonVoiceSettings = SettingsOf<typeof watsonVoiceSettings>;
