import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { sidOf, type TwilioAnswer, type TwilioRest } from './rest.ts';

/** A task of TaskRouter, as far as a handover needs it. */
export interface TaskSeen {
  readonly sid: string;
  readonly status: 'pending' | 'reserved' | 'assigned' | 'wrapping' | 'completed' | 'canceled';
  /** Of the interaction that it belongs to. */
  readonly interactionSid: string | undefined;
}

const attributes = v.fallback(
  v.pipe(v.string(), v.parseJson(), v.object({ flexInteractionSid: v.fallback(v.optional(sidOf('KD')), undefined) })),
  { flexInteractionSid: undefined },
);

const task = v.pipe(
  v.object({
    sid: sidOf('WT'),
    assignment_status: v.picklist(['pending', 'reserved', 'assigned', 'wrapping', 'completed', 'canceled']),
    attributes,
  }),
  v.transform(
    ({ sid, assignment_status: status, attributes: { flexInteractionSid: interactionSid } }): TaskSeen => ({
      sid,
      status,
      interactionSid,
    }),
  ),
);

const tasks = v.pipe(
  v.object({ tasks: v.array(task) }),
  v.transform((page) => page.tasks),
);

/**
 * The tasks that have this attribute, newest first. TaskRouter forgets a task some minutes after its end, and answers three
 * such questions in a second. Source: twilio.com/docs/taskrouter/api/task and its changelog, read 2026-11-21.
 */
export type FindTasks = (
  attribute: 'handoverId' | 'conversationSid',
  value: string,
  deadline: Deadline,
) => Promise<TwilioAnswer<readonly TaskSeen[]>>;

export function findTasksBy(rest: TwilioRest, workspaceSid: string): FindTasks {
  return (attribute, value, deadline) => {
    // Ids of ours and SIDs hold no quote.
    const query = new URLSearchParams({
      EvaluateTaskAttributes: `${attribute} == "${value}"`,
      Ordering: 'DateCreated:desc',
    });
    return rest.read('taskrouter.twilio.com', `/v1/Workspaces/${workspaceSid}/Tasks?${query}`, tasks, deadline);
  };
}
