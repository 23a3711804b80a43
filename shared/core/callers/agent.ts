import { ownParameter } from '../call/own-parameter.ts';
import type { Caller, CallerCheck } from '../function.ts';
import { Problem } from '../problems.ts';
import { isSigned, signNow } from './agent-link.ts';
import { withoutBearer } from './secrets.ts';
import { readSession, type SessionSettings, sessionSettings } from './session-claims.ts';

/** Who looks at a handover. */
export type AgentWho =
  /** Signed in: sees what is theirs or nobody's; the function checks that. */
  | { readonly kind: 'agent'; readonly sub: string; readonly endsAtMs: number }
  /** Came by a link made for this one handover, or polls with the token that the link gave. */
  | { readonly kind: 'viewer'; readonly handoverId: string; readonly viewToken: string };

const secretsOf = (own: SessionSettings): readonly string[] =>
  [own.SESSION_SECRET, own.SESSION_SECRET_SECONDARY].filter((secret) => secret !== undefined);

/** What the token of an opened list is for: its agent, until their session ends. */
const listOf = (sub: string, untilMs: number): string => JSON.stringify([sub, untilMs]);

/** A token for the polling of an agent's opened list, good no longer than the session that opened it. */
export function signList(sub: string, untilMs: number, secret: string, nowMs: number): string {
  return signNow('list', listOf(sub, untilMs), secret, nowMs);
}

async function check({ inbound, settings: own, nowMs }: CallerCheck<SessionSettings>): Promise<AgentWho> {
  const handoverId = ownParameter(inbound, 'handoverId');
  const bearer = withoutBearer(inbound.headers.authorization);
  if (handoverId !== undefined && bearer === undefined) {
    const link = ownParameter(inbound, 'link');
    if (link === undefined || !isSigned('link', link, handoverId, secretsOf(own), nowMs))
      throw new Problem('unauthorized', { reason: 'link' });
    return { kind: 'viewer', handoverId, viewToken: signNow('view', handoverId, own.SESSION_SECRET, nowMs) };
  }
  if (handoverId !== undefined && bearer !== undefined && isSigned('view', bearer, handoverId, secretsOf(own), nowMs))
    return { kind: 'viewer', handoverId, viewToken: bearer };
  const agent = ownParameter(inbound, 'agent');
  const endsAtMs = Number(ownParameter(inbound, 'until'));
  if (handoverId === undefined && agent !== undefined && bearer !== undefined && nowMs < endsAtMs)
    if (isSigned('list', bearer, listOf(agent, endsAtMs), secretsOf(own), nowMs))
      return { kind: 'agent', sub: agent, endsAtMs };
  const session = await readSession(inbound, own, nowMs);
  if (session.role !== 'agent') throw new Problem('forbidden', { reason: 'not an agent' });
  return { kind: 'agent', sub: session.sub, endsAtMs: session.endsAtMs };
}

/**
 * An agent: by a session with `role: "agent"`, by the signed link of one handover (15 minutes, as often as it is opened),
 * by the view token that the link gave (8 hours, for the same handover), or by the token of their opened list.
 */
export const agentCaller: Caller<AgentWho, SessionSettings> = {
  kind: 'agent',
  settings: sessionSettings,
  needsRawBody: false,
  check,
};
