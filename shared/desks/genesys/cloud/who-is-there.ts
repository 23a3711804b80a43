import type { AgentProfile } from '../../../core/handover/bot.ts';
import type { HandoverRef } from '../../../core/handover/desk.ts';
import type { DeskEvent, DeskTold } from '../../../core/handover/desk-told.ts';
import type { Participant } from './payloads.ts';

const OVER = ['disconnected', 'terminated'];
const PEOPLE = ['agent', 'user'];

const isOver = ({ state, endTime }: Participant): boolean => OVER.includes(state ?? '') || endTime !== undefined;
const isPerson = ({ purpose }: Participant): boolean => PEOPLE.includes(purpose ?? '');
const wasThere = (one: Participant): boolean => one.connectedTime !== undefined || one.state === 'connected';

/** Who ended it by themselves; whoever is left behind is disconnected as `peer`, `system` or `transfer`. */
const leftByThemselves = ({ disconnectType }: Participant): boolean =>
  /^(?:client|endpoint)/.test(disconnectType ?? '');

/** As customers see them. */
export const profileOf = ({ name }: Participant): AgentProfile | undefined =>
  name === undefined || name.trim() === '' ? undefined : { name: name.trim() };

/** The person who has the conversation now: the last who came and has not left. */
export function agentIn(participants: readonly Participant[]): Participant | undefined {
  return participants.findLast((one) => isPerson(one) && wasThere(one) && !isOver(one));
}

/** That somebody came, under the same id wherever it was seen. */
export function joinedBy(about: DeskTold['about'], ticket: string, agent: Participant): DeskTold {
  return {
    about,
    event: { kind: 'joined', agent: profileOf(agent), agentId: undefined },
    eventId: `${ticket}-${agent.id}-joined`,
    atMs: agent.connectedTime,
  };
}

/**
 * What a conversation says of its own past: who came, who left, and whether it is over. It is over when the customer is no
 * longer in it, for a transfer leaves them there; and failed where nobody ever came.
 */
export function toldByParticipants(
  { handoverId, ticket }: HandoverRef,
  participants: readonly Participant[],
): readonly DeskTold[] {
  const about = { handoverId, ticket };
  const people = participants.filter((one) => isPerson(one) && wasThere(one));
  const told = (event: DeskEvent, id: string, atMs: number | undefined): DeskTold => ({
    about,
    event,
    eventId: `${ticket}-${id}`,
    atMs,
  });
  const moves = people.flatMap((one) => [
    joinedBy(about, ticket, one),
    ...(isOver(one) ? [told({ kind: 'left', agent: profileOf(one) } as const, `${one.id}-left`, one.endTime)] : []),
  ]);
  const inOrder = moves.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
  const customer = participants.findLast(({ purpose }) => purpose === 'customer' || purpose === 'external');
  if (!customer || !isOver(customer)) return inOrder;
  const last = people.at(-1);
  if (!last) return [...inOrder, told({ kind: 'failed' }, 'over', customer.endTime)];
  const by = leftByThemselves(customer) ? 'customer' : 'agent';
  return [...inOrder, told({ kind: 'ended', by, agent: profileOf(last) }, 'over', customer.endTime)];
}
