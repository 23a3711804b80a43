import { type AfterVerb, addLeg, type Engine, type PlayVerb } from './engine.ts';
import { hear, type Leg, newLeg, whileUp } from './leg.ts';
import { setStatus } from './status.ts';
import { talk } from './talk.ts';
import type { TwimlNode } from './twiml.ts';
import { askForTwiml } from './webhook.ts';

type Fields = Readonly<Record<string, string>>;

async function leaveQueue(
  engine: Engine,
  leg: Leg,
  verb: TwimlNode,
  baseUrl: string,
  more: Fields,
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

/** The caller waits in a TaskRouter workflow until a worker takes the task, and then talks with them. */
export const playEnqueue: PlayVerb = async (engine, leg, verb, { url: baseUrl }) => {
  const { workflowSid, waitUrl } = verb.attributes;
  const about = verb.children.find(({ name }) => name === 'Task');
  const attributes = attributesOf(engine, leg, about?.text ?? '');
  if (!workflowSid || !attributes) {
    leg.alerts.push({ code: 14221, says: workflowSid ? 'the task attributes are no JSON object' : 'no workflowSid' });
    return leaveQueue(engine, leg, verb, baseUrl, { QueueResult: 'system-error', QueueTime: '0' });
  }
  hear(leg, 'line', waitUrl ? `(plays ${waitUrl})` : '(hold music)', 10);
  const priority = Number(about?.attributes.priority ?? 0);
  const { task, accepted } = engine.tasks.add({ workflowSid, attributes, priority });
  try {
    const worker = await whileUp([leg], accepted);
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
    const end = await talk(leg, agent);
    setStatus(engine, agent, 'completed');
    engine.tasks.close(task.sid, 'completed');
    if (end.is === 'hang-up' && end.by === leg) setStatus(engine, leg, 'completed');
    return leaveQueue(engine, leg, verb, baseUrl, { QueueResult: 'bridged', QueueTime: '10', TaskSid: task.sid });
  } finally {
    engine.tasks.close(task.sid, 'canceled');
  }
};
