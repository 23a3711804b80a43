import type { BusinessHours } from '../../core/call/hours.ts';
import type { Clock } from '../../core/clock.ts';
import { type AskAvailability, availabilityBy } from '../../core/web-chat/availability.ts';
import type { TwilioRest } from '../../twilio/rest.ts';
import { readTaskQueue } from '../../twilio/task-queue-statistics.ts';

interface FlexLines {
  readonly rest: TwilioRest;
  /** Undefined where nothing is known of a line. */
  readonly taskQueue: { readonly workspaceSid: string; readonly taskQueueSid: string } | undefined;
  /** The desk's own queue for a topic. One that is no TaskQueue counts as the one in which customers wait. */
  readonly queueFor: (topic: string | undefined) => string | undefined;
  readonly hours: BusinessHours | undefined;
  readonly clock: Clock;
}

/** Whether an agent is there for a topic, by TaskRouter's figures: each line is looked at by itself. */
export function flexAvailability({ rest, taskQueue, queueFor, hours, clock }: FlexLines): AskAvailability {
  const lines = new Map<string | undefined, AskAvailability>();

  function lineOf(topic: string | undefined): AskAvailability {
    const own = queueFor(topic);
    const sid = taskQueue && (own?.startsWith('WQ') ? own : taskQueue.taskQueueSid);
    const known = lines.get(sid);
    if (known) return known;
    const readQueue = taskQueue && sid ? readTaskQueue(rest, { ...taskQueue, taskQueueSid: sid }) : undefined;
    const line = availabilityBy({ hours, readQueue, clock });
    lines.set(sid, line);
    return line;
  }

  return (topic, deadline) => lineOf(topic)(topic, deadline);
}
