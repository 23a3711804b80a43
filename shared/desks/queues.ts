import * as v from 'valibot';
import { jsonOf, optional, settings, text } from '../core/settings.ts';

const queues = v.record(v.pipe(v.string(), v.minLength(1)), text(200));

type Queues = Readonly<Record<string, string>> | undefined;

/** `DESK_QUEUES`: which queue of the desk is for which topic, in the desk's own words; `*` is for all others. */
export const queueSettings = settings({
  DESK_QUEUES: optional(jsonOf(queues), undefined, {
    is: "JSON, topic to the desk's own queue, * for all others: a TaskQueue or Workflow SID, a queue id, a group",
    example: '{"billing":"WQ00000000000000000000000000000002","*":"WQ00000000000000000000000000000001"}',
  }),
});

/** The desk's queue for a topic, compared without regard to case; undefined where the desk decides by itself. */
export function queueFor(queuesByTopic: Queues, topic: string | undefined): string | undefined {
  const wanted = topic?.trim().toLowerCase();
  const named = Object.entries(queuesByTopic ?? {});
  const own = named.find(([name]) => name !== '*' && name.trim().toLowerCase() === wanted);
  return (own ?? named.find(([name]) => name === '*'))?.[1];
}
