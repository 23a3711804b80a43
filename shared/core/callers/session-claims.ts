import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { id } from '../decode.ts';
import { hmacSha256 } from '../hash.ts';
import type { Inbound } from '../inbound.ts';
import { Problem } from '../problems.ts';
import { optional, required, type SettingsOf, settings, wholeNumber } from '../settings.ts';
import { signJwt, verifiedClaims } from './jwt.ts';
import { derivedKey, withoutBearer } from './secrets.ts';
import { sessionSecret } from './session-secret.ts';

export const sessionSettings = settings({
  SESSION_SECRET: required(sessionSecret.schema, sessionSecret.options),
  SESSION_SECRET_SECONDARY: optional(sessionSecret.schema, undefined, {
    is: 'the other session secret while it is being rotated; verifies, never signs',
    secret: true,
  }),
  SESSION_MAX_HOURS: optional(wholeNumber(1, 8_760), 24, {
    is: 'hours after signing in at which a session gets no more tokens',
  }),
});

export type SessionSettings = SettingsOf<typeof sessionSettings>;

export interface Session {
  readonly sub: string;
  readonly role: string | undefined;
  /** The same for the same `sub`, 32 hex digits; says nothing about who it is to somebody without the session secret. */
  readonly pseudonym: string;
  /** When it ends, by its own `exp` or by its greatest age, whichever comes first. */
  readonly endsAtMs: number;
  /** The conversations with a bot that are its customer's; undefined where the site does not say. */
  readonly conversations: readonly string[] | undefined;
}

/** How far the clock of the site that issues sessions may be ahead of ours. */
const LEEWAY_MS = 60_000;
const HOUR_MS = 3_600_000;
const MAX_CONVERSATIONS = 50;

const seconds = v.pipe(v.number(), v.finite());
const audience = v.literal('handover');

const claimsSchema = v.object({
  aud: v.union([audience, v.pipe(v.array(v.string()), v.includes('handover'))]),
  sub: id,
  iat: seconds,
  exp: seconds,
  nbf: v.optional(seconds),
  auth_time: v.optional(seconds),
  role: v.optional(v.string()),
  conversations: v.optional(v.pipe(v.array(id), v.maxLength(MAX_CONVERSATIONS))),
});

const refuse = (reason: string): never => {
  throw new Problem('unauthorized', { reason });
};

function sessionOf(claims: unknown, secret: string, maxHours: number, nowMs: number): Session {
  const parsed = v.safeParse(claimsSchema, claims);
  if (!parsed.success) return refuse('claims of the session');
  const { sub, role, conversations, iat, exp, nbf = 0, auth_time = iat } = parsed.output;
  if (exp * 1_000 <= nowMs) refuse('session expired');
  if (Math.max(iat, nbf, auth_time) * 1_000 > nowMs + LEEWAY_MS) refuse('session not begun');
  const oldestMs = auth_time * 1_000 + maxHours * HOUR_MS;
  if (oldestMs <= nowMs) throw new Problem('session_too_old');
  const pseudonym = hmacSha256(derivedKey(secret, 'pseudonym'), sub).toString('hex').slice(0, 32);
  return { sub, role, pseudonym, endsAtMs: Math.min(exp * 1_000, oldestMs), conversations };
}

/** What the key of a session is made of: the site's sessions have the secret itself, ours for strangers one of their own. */
type KeyOf = (secret: string) => string | Uint8Array;

export const issuedBySite: KeyOf = (secret) => secret;
export const issuedToStranger: KeyOf = (secret) => derivedKey(secret, 'session of a stranger');

/**
 * The session that a request brings in `Authorization`, by any of the ways to make a key. Throws `unauthorized` for
 * none, a wrong or an expired one, and `session_too_old`.
 */
export async function readSession(
  inbound: Inbound,
  own: SessionSettings,
  nowMs: number,
  ways: readonly KeyOf[] = [issuedBySite],
): Promise<Session> {
  const jwt = withoutBearer(inbound.headers.authorization);
  if (jwt === undefined) return refuse('no session');
  for (const secret of [own.SESSION_SECRET, own.SESSION_SECRET_SECONDARY]) {
    if (secret === undefined) continue;
    for (const keyOf of ways) {
      const claims = await verifiedClaims(jwt, keyOf(secret), ['HS256']);
      if (claims !== undefined) return sessionOf(claims, secret, own.SESSION_MAX_HOURS, nowMs);
    }
  }
  return refuse('signature of the session');
}

/** Begins a session for somebody who brings none, with a subject that nobody else has. */
export async function strangersSession(
  own: SessionSettings,
  nowMs: number,
): Promise<{ readonly session: Session; readonly jwt: string }> {
  const iat = Math.floor(nowMs / 1_000);
  const exp = iat + own.SESSION_MAX_HOURS * 3_600;
  const claims = { aud: 'handover', sub: `stranger-${randomBytes(16).toString('hex')}`, iat, exp };
  const session = sessionOf(claims, own.SESSION_SECRET, own.SESSION_MAX_HOURS, nowMs);
  return { session, jwt: await signJwt(claims, issuedToStranger(own.SESSION_SECRET)) };
}
