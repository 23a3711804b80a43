import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { sameSecret } from '../../../shared/core/callers/secrets.ts';
import type { Env } from '../../../shared/core/settings.ts';
import type { StageClock } from '../../clock.ts';
import type { TwinAnswer, TwinRequest } from '../../twin.ts';
import type { AssistantScript } from './script.ts';
import { voiceReply } from './voice-reply.ts';

/** After so long without a message Watson forgets a session, as far as nothing else is set. */
const FORGOTTEN_MS = 5 * 60_000;

/** A session of the v2 API. */
interface ApiSession {
  readonly id: string;
  userId: string;
  lastAtMs: number;
  readonly said: string[];
}

/** How Watson says no. Sources: the answers quoted in the issues 1009 and 1180 of watson-developer-cloud/node-sdk, read 2026-11-28. */
export const refused = (status: number, error: string): TwinAnswer => ({ status, body: { error, code: status } });

const invalid = (message: string): TwinAnswer => ({
  status: 400,
  body: { errors: [{ message, code: 'invalid_request' }], trace: randomUUID(), status_code: 400 },
});

const message = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    input: v.optional(
      v.object({
        message_type: v.optional(v.picklist(['text', 'search']), 'text'),
        text: v.optional(v.pipe(v.string(), v.maxLength(2_048), v.regex(/^[^\r\n\t]*$/)), ''),
        options: v.optional(v.object({ return_context: v.optional(v.boolean(), false) }), {}),
      }),
      {},
    ),
    context: v.optional(v.record(v.string(), v.unknown()), {}),
    user_id: v.optional(v.pipe(v.string(), v.regex(/^[^\r\n\t]*$/))),
  }),
);

interface Parts {
  readonly env: () => Env;
  readonly clock: StageClock;
  readonly script: () => AssistantScript;
}

/**
 * The sessions of an assistant's v2 API. Sources: the types of ibm-watson 12; cloud.ibm.com/docs/watson, topic watson-iam,
 * read 2026-11-28.
 */
export function assistantSessions({ env, clock, script }: Parts) {
  const sessions = new Map<string, ApiSession>();

  function find(id: string): ApiSession | undefined {
    const found = sessions.get(id);
    if (found && clock.nowMs() - found.lastAtMs > FORGOTTEN_MS) sessions.delete(id);
    return sessions.get(id);
  }

  function begin(): TwinAnswer {
    const id = randomUUID();
    sessions.set(id, { id, userId: id, lastAtMs: clock.nowMs(), said: [] });
    return { status: 201, body: { session_id: id } };
  }

  function said(session: ApiSession, body: string): TwinAnswer {
    const parsed = v.safeParse(message, body);
    if (!parsed.success) return invalid(v.summarize(parsed.issues));
    const { input, context, user_id } = parsed.output;
    session.userId = user_id ?? session.userId;
    session.lastAtMs = clock.nowMs();
    session.said.push(input.text);
    const kept = {
      ...context,
      global: { session_id: session.id, system: { user_id: session.userId, turn_count: session.said.length } },
      skills: { 'actions skill': { skill_variables: script().variables ?? {} } },
    };
    const output = { intents: [], entities: [], generic: voiceReply(input.text, script()) };
    const answered = { output, user_id: session.userId };
    return { status: 200, body: input.options.return_context ? { ...answered, context: kept } : answered };
  }

  function answer({ method, path, query, headers, body }: TwinRequest): TwinAnswer {
    const { WATSON_API_KEY, WATSON_URL = '', WATSON_ENVIRONMENT_ID, WATSON_ASSISTANT_ID } = env();
    const expected = `Basic ${Buffer.from(`apikey:${WATSON_API_KEY}`).toString('base64')}`;
    if (!sameSecret(headers.authorization, expected)) return refused(401, 'Unauthorized');
    if (!/^\d{4}-\d\d-\d\d$/.test(query.get('version') ?? '')) return invalid('a version is missing');
    const assistant = WATSON_ASSISTANT_ID === undefined ? '' : `${WATSON_ASSISTANT_ID}/environments/`;
    const base = `${new URL(WATSON_URL).pathname}/v2/assistants/${assistant}${WATSON_ENVIRONMENT_ID}/sessions`;
    if (!path.startsWith(base)) return refused(404, 'Resource not found');
    const [, id = '', rest] = path.slice(base.length).split('/');
    if (id === '') return method === 'POST' ? begin() : refused(405, 'Method Not Allowed');
    const session = find(decodeURIComponent(id));
    if (!session) return refused(404, 'Invalid Session');
    if (rest === 'message' && method === 'POST') return said(session, body);
    if (rest !== undefined || method !== 'DELETE') return refused(405, 'Method Not Allowed');
    sessions.delete(session.id);
    return { status: 200, body: {} };
  }

  return { answer, all: () => [...sessions.values()], reset: () => sessions.clear() };
}
