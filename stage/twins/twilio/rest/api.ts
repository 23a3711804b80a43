import { sameAsAny } from '../../../../shared/core/callers/secrets.ts';
import type { Env } from '../../../../shared/core/settings.ts';
import type { TwinAnswer, TwinRequest } from '../../../twin.ts';
import type { Engine } from '../voice/engine.ts';
import { createCall, readCall, updateCall } from './calls.ts';
import { notFound, refusal } from './errors.ts';
import type { Messages } from './messages.ts';
import type { Route } from './route.ts';
import { realTimeStatistics } from './task-queues.ts';
import { taskRoutes } from './tasks.ts';

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

/** Calls, texts and tasks. */
function phoneRoutes(engine: Engine, messages: Messages): readonly Route[] {
  const host = 'api.twilio.com';
  return [
    {
      method: 'POST',
      host,
      path: /^\/2010-04-01\/Accounts\/(\w+)\/Calls\.json$/,
      answer: ({ form }) => createCall(engine, engine.env(), form),
    },
    {
      method: 'POST',
      host,
      path: /^\/2010-04-01\/Accounts\/(\w+)\/Calls\/(\w+)\.json$/,
      answer: ({ form, ids: [, sid = ''] }) => updateCall(engine, engine.env(), sid, form),
    },
    {
      method: 'GET',
      host,
      path: /^\/2010-04-01\/Accounts\/(\w+)\/Calls\/(\w+)\.json$/,
      answer: ({ ids: [, sid = ''] }) => readCall(engine, engine.env(), sid),
    },
    {
      method: 'POST',
      host,
      path: /^\/2010-04-01\/Accounts\/(\w+)\/Messages\.json$/,
      answer: ({ form }) => messages.create(engine.env(), form),
    },
    {
      method: 'GET',
      host: 'taskrouter.twilio.com',
      path: /^\/v1\/Workspaces\/(\w+)\/TaskQueues\/(\w+)\/RealTimeStatistics$/,
      answer: ({ ids }) => realTimeStatistics(engine.env(), engine.tasks, engine.clock.nowMs(), ids),
    },
    ...taskRoutes(engine),
  ];
}

const isForm = ({ headers }: TwinRequest) =>
  /^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? '');

/** Twilio's REST API as far as the functions use it: phones here, what else there is as `more`. Everything else is not found. */
export function twilioApi(
  engine: Engine,
  messages: Messages,
  more: readonly Route[],
): (request: TwinRequest) => TwinAnswer {
  const routes = [...phoneRoutes(engine, messages), ...more];
  return (request) => {
    const env = engine.env();
    if (!isOurs(request, env)) return refusal(401, 20003, 'Authenticate');
    const { method, path, query, headers, body } = request;
    const host = intendedHost(request);
    const route = routes.find((one) => one.method === method && one.host === host && one.path.test(path));
    // A name in a path is encoded; what no name could be is there as it came.
    const ids = (route?.path.exec(path) ?? []).slice(1).map((id) => id && decodedName(id));
    const foreign = ids[0]?.startsWith('AC') && ids[0] !== env.TWILIO_ACCOUNT_SID;
    if (!route || foreign) return notFound(path);
    if (method === 'POST' && !route.takesJson && !isForm(request)) return refusal(415, 20415, 'Unsupported Media Type');
    return route.answer({ form: new URLSearchParams(body), query, headers, ids, path, body });
  };
}

function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
