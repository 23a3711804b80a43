import type { Clock } from '../../../core/clock.ts';
import type { Deadline } from '../../../core/deadline.ts';
import type { DeskTold } from '../../../core/handover/desk-told.ts';
import type { Participant } from './payloads.ts';
import { agentIn, joinedBy, profileOf } from './who-is-there.ts';

/** How long a name is believed: after a transfer somebody else has the conversation. */
const FRESH_MS = 60_000;

/** A name is worth no more waiting than this. */
const TRY_MS = 700;

const MOST_KNOWN = 1_000;

interface AgentParts {
  participantsOf(ticket: string, deadline: Deadline, tryMs: number): Promise<readonly Participant[]>;
  readonly clock: Clock;
}

/**
 * Puts the agent's name to what an agent says: Genesys does not send it along. Looked up once a minute for each
 * conversation, and said that they are there when they are seen for the first time. Without an answer there is no name.
 */
export function knownAgents({ participantsOf, clock }: AgentParts) {
  const known = new Map<string, { readonly agent: Participant | undefined; readonly untilMs: number }>();

  async function agentOf(
    ticket: string,
    deadline: Deadline,
  ): Promise<{ agent: Participant | undefined; isNew: boolean }> {
    const before = known.get(ticket);
    const nowMs = clock.nowMs();
    if (before && nowMs < before.untilMs) return { agent: before.agent, isNew: false };
    const found = await participantsOf(ticket, deadline, TRY_MS).then(agentIn, () => before?.agent);
    known.delete(ticket);
    known.set(ticket, { agent: found, untilMs: nowMs + FRESH_MS });
    const [oldest] = known.size > MOST_KNOWN ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    return { agent: found, isNew: found !== undefined && found.id !== before?.agent?.id };
  }

  async function named(told: DeskTold, deadline: Deadline): Promise<readonly DeskTold[]> {
    const { about, event } = told;
    const isAgents = event.kind === 'types' || (event.kind === 'says' && event.by === undefined);
    if (!isAgents || event.agent !== undefined || about.ticket === undefined) return [told];
    const { agent, isNew } = await agentOf(about.ticket, deadline);
    if (!agent) return [told];
    const withName = { ...told, event: { ...event, agent: profileOf(agent) } };
    const joined = joinedBy(about, about.ticket, agent);
    return isNew ? [joined, withName] : [withName];
  }

  return async (told: readonly DeskTold[], deadline: Deadline): Promise<readonly DeskTold[]> => {
    const all = await Promise.all(told.map((one) => named(one, deadline)));
    return all.flat();
  };
}
