import * as v from 'valibot';
import { id } from '../../core/decode.ts';
import type { DeskEvent, DeskTold } from '../../core/handover/desk-told.ts';
import { clipped } from '../../core/handover/line.ts';
import { shortHash } from '../../core/hash.ts';
import { sysId } from '../../servicenow/table-api.ts';
import { timeOf } from '../../servicenow/time.ts';
import { agentNamed } from './agent-named.ts';
import { journalText } from './control-text.ts';

const userName = v.fallback(v.optional(v.pipe(v.string(), v.maxLength(200)), ''), '');
const time = v.fallback(v.optional(v.string(), ''), '');
const nobody = { id: '', name: '' };

/** One comment of an incident. */
const comment = v.object({ id: sysId, by: userName, text: v.string(), at: time });

/** An incident as we see it: what the business rule sends, and what a look at the tables gives. */
export const incidentSeen = v.object({
  incident: sysId,
  handoverId: id,
  /** 1 New, 2 In Progress, 3 On Hold, 6 Resolved, 7 Closed, 8 Canceled. */
  state: v.string(),
  /** When anything of it was changed last, GMT. */
  updatedAt: time,
  /** Whose it is, if anybody's, by user name. */
  assignedTo: v.fallback(v.optional(v.object({ id: userName, name: userName }), nobody), nobody),
  /** The user name of the caller, if there is one. */
  caller: userName,
  /** Oldest first. */
  comments: v.fallback(v.optional(v.array(v.unknown()), []), []),
});

export type IncidentSeen = v.InferOutput<typeof incidentSeen>;

const OVER = new Set(['6', '7', '8']);

const same = (one: string, other: string): boolean => one !== '' && one.toLowerCase() === other.toLowerCase();

/**
 * What happened to an incident since it was opened: somebody has it, what was commented, and that it is over. `own` is our
 * user, whose comments are the customer's words and come back to nobody.
 */
export function toldByIncident(seen: IncidentSeen, own: string): readonly DeskTold[] {
  const { incident, handoverId, state, assignedTo, caller } = seen;
  const about = { handoverId };
  const atMs = timeOf(seen.updatedAt);
  const agent = agentNamed(assignedTo.name);
  const tell = (event: DeskEvent, eventId: string) => [{ about, event, eventId, atMs }];
  const isTaken = assignedTo.id !== '' && state !== '1';
  const joined = isTaken
    ? // Another one who takes it has joined anew.
      tell({ kind: 'joined', agent, agentId: assignedTo.id }, `${incident}-${shortHash(assignedTo.id)}`)
    : [];
  const said = seen.comments.flatMap((given): readonly DeskTold[] => {
    const parsed = v.safeParse(comment, given);
    if (!parsed.success || same(parsed.output.by, own)) return [];
    const { by, at } = parsed.output;
    const text = clipped(journalText(parsed.output.text));
    if (text === '') return [];
    const event: DeskEvent = same(by, caller)
      ? { kind: 'customer', text }
      : { kind: 'says', text, agent: same(by, assignedTo.id) ? agent : undefined, isShown: false };
    return [{ about, event, eventId: parsed.output.id, atMs: timeOf(at) }];
  });
  const ended = OVER.has(state) ? tell({ kind: 'ended', by: 'agent', agent }, `${incident}-over`) : [];
  return [...joined, ...said, ...ended];
}
