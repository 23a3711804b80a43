import { SignJWT } from 'jose';
import { Problem } from '../shared/core/problems.ts';
import type { Env } from '../shared/core/settings.ts';

const SESSION_SEC = 3_600;

/** A secret of the settings. Throws `misconfigured` when it is missing. */
export function secretOf(env: Env, name: string): string {
  const secret = env[name];
  if (!secret) throw new Problem('misconfigured', { extra: { missing: name } });
  return secret;
}

/** A session of one hour as a site signs it; claims are taken as they are, those that usually are ours too. */
export function sessionToken(env: Env, nowMs: number, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const nowSec = Math.floor(nowMs / 1_000);
  const usual = { aud: 'handover', iat: nowSec, exp: nowSec + SESSION_SEC };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secretOf(env, 'SESSION_SECRET')));
}
