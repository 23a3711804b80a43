import { ownParameter } from '../call/own-parameter.ts';
import type { Caller, CallerCheck } from '../function.ts';
import { hmacSha256 } from '../hash.ts';
import { Problem } from '../problems.ts';
import { derivedKey, sameSecret, withoutBearer } from './secrets.ts';
import { readSession, type SessionSettings, sessionSettings } from './session-claims.ts';

/** Who looks at a handover. */
export type AgentWho =
  /** Signed in: sees what is theirs or nobody's; the function checks that. */
  | { readonly kind: 'agent'; readonly sub: string }
  /** Came by a link made for this one handover, or polls with the token that the link gave. */
  | { readonly kind: 'viewer'; readonly handoverId: string; readonly viewToken: string };

/** What is signed for one handover, and how long it is good for. */
const purposes = {
  /** Opens the page. It stands in task attributes and logs of the desk, so it soon is worth nothing. */
  link: { key: 'agent link', goodForMs: 15 * 60_000 },
  /** Lets the opened page ask for more; a shift long. It lives in the page alone. */
  view: { key: 'agent view', goodForMs: 8 * 3_600_000 },
} as const;

type Purpose = keyof typeof purposes;

/** Another instance that made it may have a clock ahead of ours. */
const LEEWAY_MS = 60_000;

function sign(purpose: Purpose, handoverId: string, madeAt: string, secret: string): string {
  const key = derivedKey(secret, purposes[purpose].key);
  return `${madeAt}.${hmacSha256(key, `${madeAt}.${handoverId}`).toString('base64url')}`;
}

const signNow = (purpose: Purpose, handoverId: string, secret: string, nowMs: number) =>
  sign(purpose, handoverId, Math.floor(nowMs / 1_000).toString(36), secret);

/** Signs a link for one handover: the value of `link` in the address of the agent's page, beside `handoverId`. */
export function signAgentLink(handoverId: string, secret: string, nowMs: number): string {
  return signNow('link', handoverId, secret, nowMs);
}

function fits(purpose: Purpose, presented: string, handoverId: string, own: SessionSettings, nowMs: number): boolean {
  const madeAt = /^[0-9a-z]{1,9}(?=\.)/.exec(presented)?.[0];
  if (madeAt === undefined) return false;
  const secrets = [own.SESSION_SECRET, own.SESSION_SECRET_SECONDARY].filter((secret) => secret !== undefined);
  const signed = secrets.map((secret) => sameSecret(presented, sign(purpose, handoverId, madeAt, secret)));
  const ageMs = nowMs - Number.parseInt(madeAt, 36) * 1_000;
  return signed.includes(true) && ageMs >= -LEEWAY_MS && ageMs < purposes[purpose].goodForMs;
}

async function check({ inbound, settings: own, nowMs }: CallerCheck<SessionSettings>): Promise<AgentWho> {
  const handoverId = ownParameter(inbound, 'handoverId');
  const bearer = withoutBearer(inbound.headers.authorization);
  if (handoverId !== undefined && bearer === undefined) {
    const link = ownParameter(inbound, 'link');
    if (link === undefined || !fits('link', link, handoverId, own, nowMs))
      throw new Problem('unauthorized', { reason: 'link' });
    return { kind: 'viewer', handoverId, viewToken: signNow('view', handoverId, own.SESSION_SECRET, nowMs) };
  }
  if (handoverId !== undefined && bearer !== undefined && fits('view', bearer, handoverId, own, nowMs))
    return { kind: 'viewer', handoverId, viewToken: bearer };
  const session = await readSession(inbound, own, nowMs);
  if (session.role !== 'agent') throw new Problem('forbidden', { reason: 'not an agent' });
  return { kind: 'agent', sub: session.sub };
}

/**
 * An agent: by a session with `role: "agent"`, by the signed link of one handover (15 minutes, as often as it is opened),
 * or by the view token that the link gave (8 hours, for the same handover).
 */
export const agentCaller: Caller<AgentWho, SessionSettings> = {
  kind: 'agent',
  settings: sessionSettings,
  needsRawBody: false,
  check,
};
