import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { inTime } from '../in-time.ts';
import type { Table } from '../table.ts';
import type { DeskTold } from './desk-told.ts';
import { ownerOf } from './owner.ts';
import type { OwnershipState } from './ownership.ts';

const ANSWER_MS = 300;

/** What an event is about: a handover in its conversation, as it stands now. */
export interface Place {
  readonly conversationId: string;
  readonly handoverId: string;
  readonly ticket: string | undefined;
  readonly state: OwnershipState;
}

/** Whether a state is of the handover that an event is about, and not of another ticket. */
export function isOf({ handoverId, ticket }: Omit<Place, 'state'>, state: OwnershipState): boolean {
  if (state.handoverId !== handoverId) return false;
  // A desk that gave no ticket of its own when it was asked may know one by now.
  const isUnknown = state.mode === 'pending' || state.owner === handoverId;
  return ticket === undefined || isUnknown || state.owner === ticket;
}

interface PlaceParts {
  readonly table: Pick<Table, 'states' | 'transcripts' | 'contexts'>;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

/** The conversation that an event is of. Undefined where nothing is known of what it names. */
async function conversationOf({ table, deadline }: PlaceParts, { about }: DeskTold): Promise<string | undefined> {
  if ('conversationId' in about) return about.conversationId;
  if ('handoverId' in about)
    return (await inTime(deadline, ANSWER_MS, table.transcripts.handover(about.handoverId)))?.conversationId;
  return (await inTime(deadline, ANSWER_MS, table.contexts.read(about.ticket)))?.conversations[0];
}

/** A ticket alone was linked when it was known: where it is not the one that has the conversation, its handover is over, and has no name here. */
function handoverOf(about: DeskTold['about'], { handoverId, owner }: OwnershipState): string {
  if ('handoverId' in about) return about.handoverId;
  return 'conversationId' in about || owner === about.ticket ? handoverId : '';
}

/** Finds what an event is about. Words wait for whoever is just opening the handover; an end does not. */
export async function placeOf(parts: PlaceParts, told: DeskTold): Promise<Place | undefined> {
  const { table, clock, deadline } = parts;
  const { about, event } = told;
  const conversationId = await conversationOf(parts, told);
  if (conversationId === undefined) return undefined;
  const owner = ownerOf(conversationId, { ...table, clock, deadline }, ANSWER_MS);
  const isEnd = event.kind === 'ended' || event.kind === 'failed';
  const state = isEnd ? await owner.read() : await owner.settled();
  if (!state) return undefined;
  return { conversationId, handoverId: handoverOf(about, state), ticket: about.ticket, state };
}
