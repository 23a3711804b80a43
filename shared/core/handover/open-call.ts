import type { HandoverRecord, Table } from '../table.ts';

type Opened = Pick<HandoverRecord, 'handoverId'> & Partial<HandoverRecord>;

/**
 * Notes that a call is on its way to people: why, and on the list of what was opened. Its lines are under the handover's
 * own id until somebody links a conversation to it. Repeating changes nothing of what was noted first.
 */
export async function openCall(
  { transcripts, openings }: Pick<Table, 'transcripts' | 'openings'>,
  { handoverId, topic, reason, name, language, fields = {} }: Opened,
  nowMs: number,
): Promise<void> {
  const conversationId = handoverId;
  await Promise.all([
    transcripts.putHandover({ handoverId, conversationId, openedAtMs: nowMs, topic, reason, name, language, fields }),
    openings.add({ handoverId, conversationId, kind: 'call', openedAtMs: nowMs }),
  ]);
}
