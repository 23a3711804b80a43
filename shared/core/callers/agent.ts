import { ownParameter } from '../call/own-parameter.ts';
import type { Caller, CallerCheck } from '../function.ts';
import { Problem } from '../problems.ts';
import { isSigned, signNow } from './agent-link.ts';
import { withoutBearer } from './secrets.ts';
import { readSession, type SessionSettings, sessionSettings } from './session-claims.ts';

/** Who looks at a handover. */
export type AgentWho =
  /** Signed in: sees what is theirs or nobody's; the function checks that. */
  | { readonly kind: 'agent'; readonly sub: string }
  /** Came by a link made for this one handover, or polls with the token that the link gave. */
  | { readonly kind: 'viewer'; readonly handoverId: string; readonly viewToken: string };

const secretsOf = (own: SessionSettings): readonly string[] =>
  [own.SESSION_SECRET, own.SESSION_SECRET_SECONDARY].filter((secret) => secret !== undefined);

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
  if (handoverId === undefined && agent !== undefined && bearer !== undefined)
    if (isSigned('list', bearer, agent, secretsOf(own), nowMs)) return { kind: 'agent', sub: agent };
  const session = await readSession(inbound, own, nowMs);
  if (session.role !== 'agent') throw new Problem('forbidden', { reason: 'not an agent' });
  return { kind: 'agent', sub: session.sub };
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
