import { createHash } from 'node:crypto';
import type { Task } from '../flex/task-life.ts';
import { type AfterVerb, addLeg, type CallEnd, type Engine, type PlayVerb } from './engine.ts';
import { type Leg, LegOver, newLeg, whileUp } from './leg.ts';
import type { Party } from './party.ts';
import { setStatus } from './status.ts';
import { talk } from './talk.ts';
import { breakOff, hear, hearUntil, wholeSec } from './timeline.ts';
import type { TwimlNode } from './twiml.ts';
import { askForTwiml, askOnce, type Fields } from './webhook.ts';

/** Source: Twilio's page on Enqueue, read 2026-11-21. */
type QueueResult = 'bridged' | 'error' | 'hangup' | 'leave' | 'queue-full' | 'system-error';

/** A caller in line. */
interface Waiting {
  readonly engine: Engine;
  readonly leg: Leg;
  readonly verb: TwimlNode;
  readonly baseUrl: string;
  readonly task: Task;
  readonly enteredMs: number;
  readonly enteredSec: number;
}

const LONGEST_CALL_SEC = 14_400;
/** How soon somebody hangs up who does not want to wait. */
const IMPATIENT_MS = 20;

/** The queue behind a workflow. */
const queueSidOf = (workflowSid: string) => `QU${createHash('sha256').update(workflowSid).digest('hex').slice(0, 32)}`;

async function leaveQueue(
  engine: Engine,
  leg: Leg,
  verb: TwimlNode,
  baseUrl: string,
  more: Fields & { readonly QueueResult: QueueResult },
): Promise<AfterVerb> {
  const { action, method } = verb.attributes;
  if (!action) return leg.over.aborted ? 'hang-up' : undefined;
  const request = { url: action, baseUrl, method: method === 'GET' ? 'GET' : 'POST', more } as const;
  return (await askForTwiml(engine, leg, request)) ?? 'hang-up';
}

/** The attributes of the task, as Twilio merges them. Undefined when they are no JSON object: error 14221. */
function attributesOf(engine: Engine, leg: Leg, text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const given: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
    return {
      call_sid: leg.sid,
      account_sid: engine.env().TWILIO_ACCOUNT_SID ?? '',
      from: leg.from,
      caller: leg.from,
      to: leg.to,
      called: leg.to,
      direction: leg.direction,
      call_status: leg.status,
      ...given,
    };
  } catch {
    return undefined;
  }
}

const waitedSec = ({ leg, enteredSec }: Waiting) => leg.seconds - enteredSec;

/** What every request for something to hear while waiting tells. Source: Twilio's page on Enqueue, read 2026-11-21. */
function placeInLine(waiting: Waiting): Fields {
  const { engine, task } = waiting;
  const line = engine.tasks.waiting(task.workflowSid);
  const nowMs = engine.clock.nowMs();
  const ages = line.map(({ createdAtMs }) => (nowMs - createdAtMs) / 1_000);
  const average = ages.reduce((sum, age) => sum + age, 0) / Math.max(ages.length, 1);
  // A task that was taken back is in no line, but its call still waits.
  const at = line.findIndex(({ sid }) => sid === task.sid);
  return {
    QueueSid: queueSidOf(task.workflowSid),
    QueuePosition: String(at < 0 ? line.length + 1 : at + 1),
    QueueTime: wholeSec(waitedSec(waiting)),
    AvgQueueTime: String(Math.round(average)),
    CurrentQueueSize: String(Math.max(line.length, 1)),
    MaxQueueSize: String(engine.tasks.mostWaiting),
  };
}

/** Plays `waitUrl` again and again, each time for as long as it takes. Ends when the caller leaves the line by it. */
async function listen(waiting: Waiting, url: string): Promise<CallEnd | 'error'> {
  const { engine, leg, verb, baseUrl, enteredMs, task } = waiting;
  const method = verb.attributes.waitUrlMethod === 'GET' ? 'GET' : 'POST';
  const isTaken = () => task.state === 'assigned' || task.state === 'completed';
  for (;;) {
    const document = await askOnce(engine, leg, { url, baseUrl, method, more: placeInLine(waiting) });
    if (isTaken()) return 'leave';
    if (!document) return 'error';
    const beganSec = leg.seconds;
    const end = await engine.play(leg, document);
    if (end) return end;
    if (leg.party.hangsUpAt('queue')) setStatus(engine, leg, 'completed');
    // A document that says nothing would be asked for without end.
    leg.seconds = Math.max(leg.seconds, beganSec + 1);
    await whileUp([leg], engine.clock.until(enteredMs + waitedSec(waiting) * 1_000));
    if (isTaken()) return 'leave';
  }
}

/** Without a document of ours Twilio's own music plays, or with an empty `waitUrl` nothing at all, until the caller is taken. */
async function waitForWorker({ engine, leg, verb, enteredMs, enteredSec }: Waiting, accepted: Promise<Party>) {
  const music = verb.attributes.waitUrl === undefined && hear(leg, 'line', '(hold music)', 1);
  if (leg.party.hangsUpAt('queue')) setTimeout(() => setStatus(engine, leg, 'completed'), IMPATIENT_MS);
  try {
    return await whileUp([leg], accepted);
  } finally {
    const untilSec = enteredSec + Math.floor((engine.clock.nowMs() - enteredMs) / 1_000);
    if (music) hearUntil(leg, music, untilSec);
    leg.seconds = Math.max(leg.seconds, untilSec);
  }
}

/** Waits in line until a worker takes the task or the caller leaves. Rejects with `LegOver` when the caller hangs up. */
async function wait(waiting: Waiting, accepted: Promise<Party>): Promise<Party | CallEnd | 'error'> {
  const { engine, leg, verb, enteredMs, enteredSec } = waiting;
  const { waitUrl } = verb.attributes;
  if (!waitUrl) return waitForWorker(waiting, accepted);
  const outcome = await Promise.race([whileUp([leg], accepted), listen(waiting, waitUrl)]);
  // The music stops for the agent.
  if (typeof outcome !== 'string') breakOff(leg, enteredSec + Math.floor((engine.clock.nowMs() - enteredMs) / 1_000));
  return outcome;
}

async function talkWith(worker: Party, { engine, leg, task }: Waiting): Promise<void> {
  const agent = newLeg({
    from: leg.from,
    to: `client:${worker.name}`,
    direction: 'outbound-dial',
    parent: leg,
    party: worker,
    startedAtMs: engine.clock.nowMs(),
  });
  addLeg(engine, agent);
  setStatus(engine, agent, 'in-progress');
  const end = await talk(engine, leg, agent, LONGEST_CALL_SEC);
  setStatus(engine, agent, 'completed');
  engine.tasks.close(task.sid, 'completed');
  if (end.is === 'hang-up' && end.by === leg) setStatus(engine, leg, 'completed');
}

/** Waits, talks with whoever takes the task, and leaves the queue, by which of its results ever. */
async function stayInQueue(waiting: Waiting, accepted: Promise<Party>): Promise<AfterVerb> {
  const { engine, leg, verb, baseUrl, task } = waiting;
  let waited = waitedSec(waiting);
  const leave = (QueueResult: QueueResult) => {
    const more = {
      QueueResult,
      QueueSid: queueSidOf(task.workflowSid),
      QueueTime: wholeSec(waited),
      TaskSid: task.sid,
    };
    return leaveQueue(engine, leg, verb, baseUrl, more);
  };
  try {
    const outcome = await wait(waiting, accepted);
    waited = waitedSec(waiting);
    if (outcome === 'hang-up') return 'hang-up';
    if (typeof outcome === 'string') return await leave(outcome);
    await talkWith(outcome, waiting);
    return await leave('bridged');
  } catch (error) {
    if (!(error instanceof LegOver)) throw error;
    waited = waitedSec(waiting);
    return leave('hangup');
  } finally {
    engine.tasks.close(task.sid, 'canceled', 'hangup');
  }
}

/** The caller waits in a TaskRouter workflow until a worker takes the task, and then talks with them. */
export const playEnqueue: PlayVerb = async (engine, leg, verb, { url: baseUrl }) => {
  const { workflowSid } = verb.attributes;
  const about = verb.children.find(({ name }) => name === 'Task');
  const attributes = attributesOf(engine, leg, about?.text ?? '');
  if (!workflowSid || !attributes) {
    leg.alerts.push({ code: 14221, says: workflowSid ? 'the task attributes are no JSON object' : 'no workflowSid' });
    return leaveQueue(engine, leg, verb, baseUrl, { QueueResult: 'system-error' });
  }
  if (engine.tasks.isFull(workflowSid)) return leaveQueue(engine, leg, verb, baseUrl, { QueueResult: 'queue-full' });
  const { priority = '0', timeout } = about?.attributes ?? {};
  const timeoutSec = timeout === undefined ? {} : { timeoutSec: Number(timeout) };
  const { task, accepted } = engine.tasks.add({ workflowSid, attributes, priority: Number(priority), ...timeoutSec });
  const waiting = { engine, leg, verb, baseUrl, task, enteredMs: engine.clock.nowMs(), enteredSec: leg.seconds };
  return stayInQueue(waiting, accepted);
};
