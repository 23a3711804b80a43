import { openCall } from '../handover/open-call.ts';
import type { CallRecord, Table } from '../table.ts';

type Told = Pick<Table, 'contexts' | 'states' | 'transcripts'>;

/** Fields and reason of the handover that its conversation had last: a bot that nobody could take over from tells them there. */
async function toldBefore({ states, transcripts }: Told, conversationId: string | undefined) {
  const state = conversationId === undefined ? undefined : await states.read(conversationId);
  const handover = state && (await transcripts.handover(state.handoverId));
  return handover && { reason: handover.reason, fields: handover.fields };
}

/** Keeps what whoever takes the call should know: who wishes for it, why, and where it was said. Repeating is harmless. */
export async function tellWish(table: Told, record: CallRecord, nowMs: number): Promise<void> {
  const { requestId, phone: customerPhone, topic, name, language, conversationId, handoverId } = record;
  if (handoverId === undefined) return;
  const facts = { requestId, customerPhone, topic, name, language };
  await Promise.all([
    toldBefore(table, conversationId).then((told) =>
      table.contexts.tell(handoverId, 'wish', { ...facts, ...told }, nowMs),
    ),
    conversationId === undefined ? undefined : table.contexts.link(handoverId, conversationId, nowMs),
  ]);
}

/** Puts the handover of a call that is being placed where people look for what there is to do. Repeating is harmless. */
export async function openWished(
  table: Pick<Table, 'transcripts' | 'openings'>,
  { handoverId, topic, name, language }: CallRecord,
  nowMs: number,
): Promise<void> {
  if (handoverId !== undefined) await openCall(table, { handoverId, topic, name, language }, nowMs);
}
