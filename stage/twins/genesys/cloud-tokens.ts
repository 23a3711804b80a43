import { randomUUID } from 'node:crypto';
import { sameSecret } from '../../../shared/core/callers/secrets.ts';
import type { Env } from '../../../shared/core/settings.ts';
import type { TwinAnswer, TwinRequest } from '../../twin.ts';
import { failure } from './cloud-failure.ts';

const EXPIRES_SEC = 86_399;

/** The default for a client with client credentials. */
const PER_MINUTE = 300;

interface Token {
  readonly untilMs: number;
  minute: number;
  requests: number;
}

/** Genesys Cloud's login: gives tokens, and keeps out whoever has none or asks too often with it. */
export function cloudTokens(env: () => Env, nowMs: () => number) {
  const tokens = new Map<string, Token>();
  return {
    grant({ method, headers, body }: TwinRequest): TwinAnswer {
      const { GENESYS_CLIENT_ID: id = '', GENESYS_CLIENT_SECRET: secret = '' } = env();
      const expected = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
      const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
      if (method !== 'POST' || !isForm || body !== 'grant_type=client_credentials')
        return { status: 400, body: { error: 'invalid_request' } };
      if (!sameSecret(headers.authorization, expected)) return { status: 401, body: { error: 'invalid_client' } };
      const token = randomUUID();
      tokens.set(token, { untilMs: nowMs() + EXPIRES_SEC * 1_000, minute: 0, requests: 0 });
      return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: EXPIRES_SEC } };
    },

    /** What keeps a request out. */
    refusal({ headers }: TwinRequest): TwinAnswer | undefined {
      const token = tokens.get(/^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
      if (!token || nowMs() >= token.untilMs) return failure(401, 'bad.credentials', 'Invalid login credentials.');
      const minute = Math.floor(nowMs() / 60_000);
      if (token.minute !== minute) Object.assign(token, { minute, requests: 0 });
      token.requests += 1;
      if (token.requests <= PER_MINUTE) return undefined;
      const seconds = 60 - (Math.floor(nowMs() / 1_000) % 60);
      const tooMany = failure(429, 'too.many.requests', 'Rate limit exceeded');
      return { ...tooMany, headers: { 'retry-after': String(seconds) } };
    },

    reset: () => tokens.clear(),
  };
}
