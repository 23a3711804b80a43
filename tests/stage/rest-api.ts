import { stageClock } from '../../stage/clock.ts';
import type { TwinAnswer } from '../../stage/twin.ts';
import { flex } from '../../stage/twins/twilio/flex/flex.ts';
import { taskQueue } from '../../stage/twins/twilio/flex/tasks.ts';
import { twilioApi } from '../../stage/twins/twilio/rest/api.ts';
import { textMessages } from '../../stage/twins/twilio/rest/messages.ts';
import { verifications } from '../../stage/twins/twilio/rest/verify.ts';
import { testSettings } from '../support/calls.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import { voiceLine } from './voice-line.ts';

export const FLEX = {
  FLEX_ADDRESS_SID: 'IG00000000000000000000000000000001',
  FLEX_WORKSPACE_SID: 'WS00000000000000000000000000000001',
  FLEX_WORKFLOW_SID: 'WW00000000000000000000000000000001',
  FLEX_TASK_QUEUE_SID: 'WQ00000000000000000000000000000001',
  FLEX_CONVERSATIONS_SERVICE_SID: 'IS00000000000000000000000000000001',
  VERIFY_SERVICE_SID: 'VA00000000000000000000000000000001',
};

export interface Sent {
  readonly method?: string;
  readonly host?: string;
  readonly path: string;
  readonly form?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of a form. */
  readonly body?: string;
}

export const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** A form as it goes over the wire. */
export function encoded(form: Sent['form'] = {}): string {
  const fields = new URLSearchParams();
  for (const [name, values] of Object.entries(form)) for (const value of [values].flat()) fields.append(name, value);
  return fields.toString();
}

/** Twilio's REST API as the twin has it, with our credentials, and what it keeps. */
export function restApi() {
  const clock = stageClock();
  const line = voiceLine({});
  const engine = {
    ...line.engine,
    clock,
    tasks: taskQueue(clock),
    env: () => ({ ...testSettings, ...FLEX }),
  };
  const messages = textMessages(clock);
  const codes = verifications({ env: engine.env, clock, messages });
  const own = flex({ ...engine, serves: () => true, mediaUrl: () => '' });
  const answer = twilioApi(engine, messages, [...own.routes, ...codes.routes]);
  const post = ({ method = 'POST', host = 'api.twilio.com', path: target, form, headers, body }: Sent): TwinAnswer => {
    const [path = '', query] = target.split('?');
    return answer({
      ...{ method, path, query: new URLSearchParams(query) },
      headers: {
        authorization: basic(testSettings.TWILIO_API_KEY, testSettings.TWILIO_API_SECRET),
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-host': host,
        ...headers,
      },
      body: body ?? encoded(form),
    });
  };
  return { post, engine, messages, flex: own, asked: line.asked };
}

/** The same over HTTP, as functions and commands reach it by `TWILIO_API_BASE_URL`. */
export async function startRestApi() {
  const api = restApi();
  const server = await startRecordingServer(({ method, path, headers, body }) => {
    const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const answer = api.post({ method, path, body, headers: named });
    return [answer.status, answer.body];
  });
  return { ...api, ...server };
}

export type RestServer = Awaited<ReturnType<typeof startRestApi>>;
