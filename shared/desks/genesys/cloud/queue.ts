import * as v from 'valibot';
import type { Clock } from '../../../core/clock.ts';
import {
  type AskAvailability,
  availabilityBy,
  type Queue,
  type ReadQueue,
} from '../../../core/web-chat/availability.ts';
import type { GenesysCloud } from './client.ts';
import { estimates, type Observations, observations } from './payloads.ts';

const TRY_MS = 1_000;

/**
 * One metric of a queue: of messages where it is told by media, else of all; without a qualifier where there is such a
 * figure, else all its qualifiers together. One that is missing is 0.
 */
function countOf({ results }: Observations, metric: string): number {
  const groups = results.map(({ group, data }) => ({
    media: group.mediaType,
    data: data.filter((one) => one.metric === metric),
  }));
  const told = groups.filter(({ data }) => data.length > 0);
  const chosen = told.find(({ media }) => media === 'message') ?? told.find(({ media }) => media === undefined);
  const figures = chosen?.data ?? [];
  const whole = figures.find(({ qualifier }) => qualifier === undefined);
  return (whole ? [whole] : figures).reduce((sum, { stats }) => sum + stats.count, 0);
}

/** The longest wait that Genesys expects now; undefined where it expects none in particular. */
async function expectedWaitSec(cloud: GenesysCloud, queueId: string, deadline: Parameters<ReadQueue>[0]) {
  const path = `/api/v2/routing/queues/${queueId}/mediatypes/message/estimatedwaittime`;
  const parsed = v.safeParse(estimates, await cloud.ask({ method: 'GET', path, tryMs: TRY_MS }, deadline));
  const [first] = parsed.success ? parsed.output.results : [];
  return first?.estimatedWaitTimeSeconds ?? undefined;
}

/** How a queue stands. Source: developer.genesys.cloud, analytics queue observations, read 2026-11-21. */
function readGenesysQueue(cloud: GenesysCloud, queueId: string): ReadQueue {
  const query = {
    filter: {
      type: 'and',
      predicates: [{ type: 'dimension', dimension: 'queueId', operator: 'matches', value: queueId }],
    },
    metrics: ['oOnQueueUsers', 'oWaiting'],
  };
  const path = '/api/v2/analytics/queues/observations/query';
  return async (deadline): Promise<Queue | undefined> => {
    const asking = cloud.ask({ method: 'POST', path, body: query, tryMs: TRY_MS }, deadline);
    // The figures are worth telling without the estimate.
    const [answer, longestWaitSec] = await Promise.all([
      asking,
      expectedWaitSec(cloud, queueId, deadline).catch(() => undefined),
    ]);
    const parsed = v.safeParse(observations, answer);
    if (!parsed.success) return undefined;
    const waiting = countOf(parsed.output, 'oWaiting');
    return { online: countOf(parsed.output, 'oOnQueueUsers'), waiting, longestWaitSec };
  };
}

/** Genesys names queues by UUIDs; another word for one is for the flow alone. */
const isQueueId = (queue: string | undefined): queue is string => /^[0-9a-f-]{36}$/i.test(queue ?? '');

/** Whether an agent is there for a topic: each queue is looked at by itself, and one that is not known is not. */
export function genesysAvailability(
  cloud: GenesysCloud,
  queueOf: (topic: string | undefined) => string | undefined,
  clock: Clock,
): AskAvailability {
  const queues = new Map<string, AskAvailability>();
  return async (topic, deadline) => {
    const queueId = queueOf(topic);
    if (!isQueueId(queueId)) return { online: null };
    const known = queues.get(queueId);
    const ask = known ?? availabilityBy({ hours: undefined, readQueue: readGenesysQueue(cloud, queueId), clock });
    queues.set(queueId, ask);
    return ask(topic, deadline);
  };
}
