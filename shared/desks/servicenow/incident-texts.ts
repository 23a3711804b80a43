import type { ToDesk } from '../../core/handover/desk.ts';
import { clipped, type Line } from '../../core/handover/line.ts';
import type { HandoverRecord } from '../../core/table.ts';
import type { Values } from '../../servicenow/table-api.ts';
import { type Along, newest, shortly, summaryOf } from './summary.ts';

/**
 * Dictionary lengths bind nobody (ServiceNow KB0685779: the columns take 16 MB), but people must read it, and a form shows
 * only the beginning of a long journal entry.
 */
const MAX_DESCRIPTION_BYTES = 4_000;
const MAX_TRANSCRIPT_BYTES = 30_000;

/** `correlation_display` holds 100 characters; a longer one would be cut and found by nobody. */
const MAX_CORRELATION = 100;

/** What stands between code tags is HTML in a journal, whoever wrote it: a customer's words are none. */
const asText = (text: string): string => text.replace(/\[(\/?code)\]/gi, '($1)');

/** `2026-11-21 09:00:12 UTC` */
const utc = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const speakers = { customer: 'Customer', bot: 'Bot', agent: 'Agent', system: 'System' } as const;

const written = ({ by, text, atMs }: Line): string => `${speakers[by]}, ${utc(atMs)}\n${asText(text)}`;

/** By which an incident is found again: the handover, and without the table the conversation. */
export function correlationOf(conversationId: string): Values | undefined {
  return conversationId.length <= MAX_CORRELATION ? { correlation_display: conversationId } : undefined;
}

/** The incident of a handover as it is made. `caller` is the sys_id of who it is about, where that is known. */
export function incidentOf(
  handover: HandoverRecord,
  lines: readonly Line[],
  along: Along,
  caller: string | undefined,
): Values {
  const { written: entries, isAll } = newest(lines, MAX_TRANSCRIPT_BYTES, written);
  const transcript = [isAll ? 'What was said' : 'The end of what was said', ...entries].join('\n\n');
  return {
    short_description: `Handover from the bot: ${shortly(handover)}`,
    description: asText(clipped(summaryOf(handover, along), MAX_DESCRIPTION_BYTES)),
    contact_type: 'chat',
    // The middle of both: what matters more is for people to say.
    impact: '2',
    urgency: '2',
    correlation_id: handover.handoverId,
    ...correlationOf(handover.conversationId),
    ...(caller === undefined ? {} : { caller_id: caller }),
    ...(along.queue === undefined ? {} : { assignment_group: along.queue }),
    ...(lines.length === 0 ? {} : { work_notes: transcript }),
  };
}

/** What is written into a journal of the incident. */
export interface Entry {
  readonly element: 'comments' | 'work_notes';
  readonly text: string;
}

const endings = {
  agent: 'The conversation is with the bot again.',
  desk: 'The conversation is with the bot again.',
  customer: 'The customer has left the conversation.',
  expired: 'The customer has waited long enough; the bot answers again. Comments no longer reach the chat.',
  failed: 'The handover did not come about; the bot answers. Comments do not reach the chat.',
} as const;

/** Where something that is told goes, and how it reads; undefined for what an incident has no place for. */
export function entryOf(event: ToDesk): Entry | undefined {
  switch (event.kind) {
    case 'said':
      // When it was said makes equal words different entries, so that a repeated delivery is found and a new word is not.
      return { element: 'comments', text: written(event.line) };
    case 'undelivered':
      return { element: 'work_notes', text: `Not delivered to the customer: ${asText(event.line.text)}` };
    case 'ended':
      return { element: 'work_notes', text: endings[event.reason] };
    case 'typing':
      return undefined;
  }
}
