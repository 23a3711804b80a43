import * as v from 'valibot';
import { verifiedClaims } from '../../../../shared/core/callers/jwt.ts';
import type { Env } from '../../../../shared/core/settings.ts';

/** Source: twilio.com/docs/iam/access-tokens and the pages of the errors, read 2026-11-21. */
const EXPIRED = 20_104;
const INVALID = 20_101;
const LONGEST_SEC = 86_400;

const claimsOfToken = v.object({
  iss: v.string(),
  sub: v.string(),
  exp: v.number(),
  iat: v.optional(v.number()),
  nbf: v.optional(v.number()),
  grants: v.object({
    identity: v.pipe(v.string(), v.minLength(1)),
    chat: v.object({ service_sid: v.string() }),
  }),
});

/** Who a client is, or Twilio's code for why its token is refused. */
export type ClientOrRefusal = { readonly identity: string; readonly endsAtMs: number } | { readonly code: number };

/** Looks at an access token for Conversations as Twilio does: signature, account, key, service, time. */
export async function clientOfToken(token: string, env: Env, nowMs: number): Promise<ClientOrRefusal> {
  const parsed = v.safeParse(claimsOfToken, await verifiedClaims(token, env.TWILIO_API_SECRET ?? '', ['HS256']));
  if (!parsed.success) return { code: INVALID };
  const { iss, sub, exp, iat, nbf = 0, grants } = parsed.output;
  const isOurs = iss === env.TWILIO_API_KEY && sub === env.TWILIO_ACCOUNT_SID;
  if (!isOurs || grants.chat.service_sid !== env.FLEX_CONVERSATIONS_SERVICE_SID) return { code: INVALID };
  const nowSec = nowMs / 1_000;
  if (exp <= nowSec || exp - (iat ?? nowSec) > LONGEST_SEC) return { code: EXPIRED };
  return nbf > nowSec ? { code: INVALID } : { identity: grants.identity, endsAtMs: exp * 1_000 };
}
