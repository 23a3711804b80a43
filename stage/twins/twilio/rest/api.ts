import { sameAsAny } from '../../../../shared/core/callers/secrets.ts';
import type { Env } from '../../../../shared/core/settings.ts';
import type { TwinAnswer, TwinRequest } from '../../../twin.ts';
import type { Engine } from '../voice/engine.ts';
import { createCall, readCall, updateCall } from './calls.ts';
import { notFound, refusal } from './errors.ts';
import type { Messages } from './messages.ts';
import { realTimeStatistics } from './task-queues.ts';
import { createTask } from './tasks.ts';
import type { WebChats } from './web-chats.ts';

/** The host that a request is meant for. */
export const intendedHost = ({ headers }: TwinRequest): string => headers['x-twilio-host'] ?? 'api.twilio.com';

/** Whether the request carries the API key or the account's own token. */
function isOurs({ headers }: TwinRequest, env: Env): boolean {
  const pairs = [
    [env.TWILIO_API_KEY, env.TWILIO_API_SECRET],
    [env.TWILIO_ACCOUNT_SID, env.TWILIO_AUTH_TOKEN],
  ];
  const expected = pairs.map((pair) => `Basic ${Buffer.from(pair.join(':')).toString('base64')}`);
  return sameAsAny(headers.authorization, expected);
}

interface Route {
  readonly method: string;
  readonly host: string;
  readonly path: RegExp;
  answer(form: URLSearchParams, ids: readonly string[]): TwinAnswer;
}

/** Twilio's REST API as far as the functions use it. Everything else is not found. */
export function twilioApi(engine: Engine, chats: WebChats, messages: Messages): (request: TwinRequest) => TwinAnswer {
  const routes: readonly Route[] = [
    {
      method: 'POST',
      host: 'api.twilio.com',
      path: /^\/2010-04-01\/Accounts\/(\w+)\/Calls\.json$/,
      answer: (form) => createCall(engine, engine.env(), form),
    },
    {
      method: 'POST',
      host: 'api.twilio.com',
      path: /^\/2010-04-01\/Accounts\/(\w+)\/Calls\/(\w+)\.json$/,
      answer: (form, [, sid = '']) => updateCall(engine, engine.env(), sid, form),
    },
    {
      method: 'GET',
      host: 'api.twilio.com',
      path: /^\/2010-04-01\/Accounts\/(\w+)\/Calls\/(\w+)\.json$/,
      answer: (_, [, sid = '']) => readCall(engine, engine.env(), sid),
    },
    {
      method: 'POST',
      host: 'api.twilio.com',
      path: /^\/2010-04-01\/Accounts\/(\w+)\/Messages\.json$/,
      answer: (form) => messages.create(engine.env(), form),
    },
    {
      method: 'POST',
      host: 'taskrouter.twilio.com',
      path: /^\/v1\/Workspaces\/(\w+)\/Tasks$/,
      answer: (form, [sid = '']) => createTask(engine, engine.env(), sid, form),
    },
    {
      method: 'POST',
      host: 'flex-api.twilio.com',
      path: /^\/v2\/WebChats$/,
      answer: (form) => chats.create(engine.env(), form),
    },
    {
      method: 'GET',
      host: 'taskrouter.twilio.com',
      path: /^\/v1\/Workspaces\/(\w+)\/TaskQueues\/(\w+)\/RealTimeStatistics$/,
      answer: (_, sids) => realTimeStatistics(engine.env(), engine.tasks, engine.clock.nowMs(), sids),
    },
    {
      method: 'POST',
      host: 'conversations.twilio.com',
      path: /^\/v1(?:\/Services\/\w+)?\/Conversations\/(\w+)$/,
      answer: (form, [sid = '']) => chats.update(sid, form),
    },
  ];

  return (request) => {
    const env = engine.env();
    if (!isOurs(request, env)) return refusal(401, 20003, 'Authenticate');
    const { method, path, headers } = request;
    const host = intendedHost(request);
    const route = routes.find((one) => one.method === method && one.host === host && one.path.test(path));
    const ids = route?.path.exec(path)?.slice(1) ?? [];
    const foreign = ids[0]?.startsWith('AC') && ids[0] !== env.TWILIO_ACCOUNT_SID;
    if (!route || foreign) return notFound(path);
    if (method === 'POST' && !/^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? '')) {
      return refusal(415, 20415, 'Unsupported Media Type');
    }
    return route.answer(new URLSearchParams(request.body), ids);
  };
}
