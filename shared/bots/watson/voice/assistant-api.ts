import * as v from 'valibot';
import type { Deadline } from '../../../core/deadline.ts';
import { answerTo, NotTaken, takenAnswer } from '../../../core/handover/not-taken.ts';
import type { HttpAnswer, HttpRequest, SendHttp } from '../../../core/http.ts';
import type { WatsonVoiceSettings } from './settings.ts';

/** The date by which Watson knows the form of its answers. */
const VERSION = '2024-08-25';

const MESSAGE_MS = 2_400;
/** The first message comes after it in the same turn. */
const OPEN_MS = 1_200;
/** Somebody waits to hear a goodbye. */
const CLOSE_MS = 500;

/** `input` of a message. Watson gives some of its own, which go back as they are. */
export type MessageInput = Readonly<Record<string, unknown>>;

interface Message {
  readonly input: MessageInput;
  readonly userId: string;
}

/** What the assistant answered. */
export interface Answered {
  /** `output.generic`. */
  readonly generic: readonly unknown[];
  readonly context: unknown;
}

/**
 * The sessions of Watson Assistant's v2 API. Each call is one request within the deadline, and answers have at most 1 MB.
 * What throws, throws `NotTaken`: `refused` for a wrong key or id, `unreachable` where surely nothing was heard.
 * Sources: the types of ibm-watson 12; cloud.ibm.com/docs/watson, topic watson-iam (an API key is the password of the user
 * `apikey`), and cloud.ibm.com/docs/watson-assistant, api-client, read 2026-11-28.
 */
export interface AssistantApi {
  /** Begins a session. Nothing is said in it yet, so one more does no harm: never throws `unknown`. */
  open(deadline: Deadline): Promise<string>;
  /** Says something in a session, once. Undefined where there is no such session, or none any more. */
  say(session: string, message: Message, deadline: Deadline): Promise<Answered | undefined>;
  /** Lets Watson forget a session before its time. Never throws. */
  close(session: string, deadline: Deadline): Promise<void>;
}

const opened = v.object({ session_id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) });
const anything = v.optional(v.unknown());
const answered = v.object({
  output: v.object({ generic: v.fallback(v.array(v.unknown()), []) }),
  context: anything,
});

/** IBM shows the address of the sessions where that of the instance is asked for. */
const instanceOf = ({ WATSON_URL }: WatsonVoiceSettings): string =>
  WATSON_URL.replace(/\/v2\/assistants\/.*$/, '').replace(/\/+$/, '');

function sessionsOf(settings: WatsonVoiceSettings): string {
  const { WATSON_ASSISTANT_ID: assistant, WATSON_ENVIRONMENT_ID: environment } = settings;
  // The older form, in which the environment stands for the assistant.
  const path = assistant === undefined ? environment : `${assistant}/environments/${environment}`;
  return `${instanceOf(settings)}/v2/assistants/${path}/sessions`;
}

export function assistantApi(settings: WatsonVoiceSettings, send: SendHttp): AssistantApi {
  const sessions = sessionsOf(settings);
  const authorization = `Basic ${Buffer.from(`apikey:${settings.WATSON_API_KEY}`, 'utf8').toString('base64')}`;

  function ask(
    method: HttpRequest['method'],
    path: string,
    body: object | undefined,
    { headers, ...limits }: Pick<HttpRequest, 'tryMs' | 'deadline'> & Partial<Pick<HttpRequest, 'headers'>>,
  ): Promise<HttpAnswer> {
    return answerTo(send, {
      method,
      url: `${sessions}${path}?version=${VERSION}`,
      headers: {
        authorization,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      ...limits,
    });
  }

  return {
    async open(deadline) {
      try {
        const answer = takenAnswer(await ask('POST', '', {}, { tryMs: OPEN_MS, deadline }));
        const parsed = v.safeParse(opened, answer);
        if (parsed.success) return parsed.output.session_id;
        throw new NotTaken('unknown', 'not what begins a session');
      } catch (error) {
        if (!(error instanceof NotTaken) || error.kind === 'refused') throw error;
        throw new NotTaken('unreachable', error.message, error.retryAfterMs, error);
      }
    },
    async say(session, { input, userId }, deadline) {
      const path = `/${encodeURIComponent(session)}/message`;
      const context = {
        global: { system: { user_id: userId } },
        // By it skills, and webhooks of ours, know a call from a chat.
        integrations: { voice_telephony: {} },
      };
      const body = { input, context, user_id: userId };
      // By it Watson finds what it is to erase.
      const headers = { 'x-watson-metadata': `customer_id=${userId}` };
      const answer = await ask('POST', path, body, { headers, tryMs: MESSAGE_MS, deadline });
      if (answer.status === 404) return undefined;
      const parsed = v.safeParse(answered, takenAnswer(answer));
      if (!parsed.success) throw new NotTaken('unknown', 'not what an assistant answers');
      return { generic: parsed.output.output.generic, context: parsed.output.context };
    },
    async close(session, deadline) {
      try {
        await ask('DELETE', `/${encodeURIComponent(session)}`, undefined, { tryMs: CLOSE_MS, deadline });
      } catch (error) {
        if (!(error instanceof NotTaken)) throw error;
      }
    },
  };
}
