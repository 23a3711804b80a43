import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { filledFlow } from '../../../scripts/deploy/filled-flow.ts';
import { Problem } from '../../../shared/core/problems.ts';
import type { Env } from '../../../shared/core/settings.ts';
import { type StageRequests, takes } from '../../requests.ts';
import { type Listener, openTwin, type TwinParts } from '../../twin.ts';
import type { SendWebhook } from '../../webhooks.ts';
import type { WatsonTwin } from '../watson/twin.ts';
import { type Task, type TaskQueue, taskQueue } from './flex/tasks.ts';
import { people, scriptInput } from './people.ts';
import { intendedHost, twilioApi } from './rest/api.ts';
import { failure } from './rest/errors.ts';
import { webChats } from './rest/web-chats.ts';
import { type FlowDefinition, flowDefinition } from './studio/flow.ts';
import { flowRunner } from './studio/runner.ts';
import type { Engine } from './voice/engine.ts';
import type { Leg } from './voice/leg.ts';
import { type Script, type ScriptedParty, scriptedParty } from './voice/party.ts';
import { takeCall } from './voice/place.ts';
import { playDocument } from './voice/run.ts';
import { setStatus } from './voice/status.ts';

const flowFile = new URL('../../../studio/handover.json', import.meta.url);

/** The repository's own flow, filled in as for an import. */
const readFlow = (env: Env): FlowDefinition => v.parse(flowDefinition, filledFlow(readFileSync(flowFile, 'utf8'), env));

const CUSTOMER = '+15005550001';
const AGENT = 'Ada';

const callIn = v.strictObject({
  from: v.optional(v.string(), CUSTOMER),
  to: v.optional(v.string()),
  ...scriptInput.entries,
});
const peopleInput = v.record(v.string(), scriptInput);
const lineInput = v.strictObject({ callSid: v.string(), text: v.string() });
const callInput = v.strictObject({ callSid: v.string() });
const agentsInput = v.strictObject({ online: v.pipe(v.number(), v.integer(), v.minValue(0)) });
const acceptInput = v.strictObject({ taskSid: v.optional(v.string()), ...scriptInput.entries });

/** Twilio: its REST API, its phones, its Studio flow and its Flex agents. */
export interface TwilioTwin {
  readonly listener: Listener;
  readonly requests: StageRequests;
  readonly legs: readonly Leg[];
  readonly tasks: TaskQueue;
  /** Somebody calls one of the account's numbers. `over` resolves when the call is. */
  callIn(call: { from: string; to: string; script: Script }): { leg: Leg; party: ScriptedParty; over: Promise<void> };
  /** A Flex agent takes the task that waits longest, or the one named. */
  accept(script: Script, taskSid?: string): { task: Task; agent: ScriptedParty } | undefined;
  /** The widgets that a call has been through. */
  flowPath(callSid: string): readonly string[];
  reset(): void;
}

interface TwilioParts extends TwinParts {
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
  readonly watson: WatsonTwin;
}

export async function openTwilioTwin({ env, sendWebhook, watson, ...parts }: TwilioParts): Promise<TwilioTwin> {
  const folk = people(env);
  const chats = webChats();
  const engine: Engine = {
    env,
    clock: parts.clock,
    sendWebhook,
    flows: flowRunner(env, () => readFlow(env())),
    tasks: taskQueue(parts.clock.nowMs),
    partyAt: (address) => (watson.answersAt(address) ? watson.partyAt(address) : folk.at(address)),
    legs: [],
    play: (leg, document) => playDocument(engine, leg, document),
  };
  const { tasks, legs } = engine;

  const callInAs: TwilioTwin['callIn'] = ({ from, to, script }) => {
    const party = folk.somebody('caller', script);
    const voiceUrl = env().STUDIO_WEBHOOK_URL || `${env().PUBLIC_BASE_URL}/receive-call`;
    const fallbackUrl = `${env().PUBLIC_BASE_URL}/voice-fallback`;
    return { party, ...takeCall(engine, party, { from, to, voiceUrl, fallbackUrl }) };
  };

  const accept: TwilioTwin['accept'] = (script, taskSid) => {
    const agent = scriptedParty(AGENT, { says: ['Hello, this is Ada. I can see what you talked about.'], ...script });
    const task = tasks.accept(agent, taskSid);
    return task && { task, agent };
  };

  function legOf(callSid: string): Leg {
    const leg = legs.find(({ sid }) => sid === callSid);
    if (!leg) throw new Problem('not_found', { extra: { reason: 'no such call' } });
    return leg;
  }

  const story = ({ sid, parent, party, from, to, direction, status, heard, alerts }: Leg) => ({
    callSid: sid,
    ...(parent && { parentCallSid: parent.sid }),
    ...{ from, to, direction, status, party: party.name, heard, alerts },
    flow: engine.flows.path(sid),
  });

  const api = twilioApi(engine, chats);
  const listener = await openTwin(parts, {
    vendor: 'twilio',
    answer: api,
    problem: failure,
    intendedUrl: (request) => {
      const query = request.query.toString();
      return `https://${intendedHost(request)}${request.path}${query === '' ? '' : `?${query}`}`;
    },
  });

  return {
    listener,
    legs,
    tasks,
    callIn: callInAs,
    accept,
    flowPath: (callSid) => engine.flows.path(callSid),
    requests: {
      'GET /_stage/calls': () => legs.map(story),
      'POST /_stage/call-in': takes(callIn, ({ from, to = env().TWILIO_PHONE_NUMBER ?? '', ...script }) => {
        const { leg } = callInAs({ from, to, script });
        return { callSid: leg.sid };
      }),
      'POST /_stage/people': takes(peopleInput, (scripts) => {
        for (const [number, script] of Object.entries(scripts)) folk.script(number, script);
      }),
      'POST /_stage/calls/say': takes(lineInput, ({ callSid, text }) => {
        const { party } = legOf(callSid);
        if (!('prompt' in party))
          throw new Problem('invalid_request', { extra: { reason: 'nobody who can be prompted' } });
        (party as ScriptedParty).prompt(text);
      }),
      'POST /_stage/calls/hang-up': takes(callInput, ({ callSid }) => setStatus(engine, legOf(callSid), 'completed')),
      'POST /_stage/flex/agents': takes(agentsInput, ({ online }) => {
        tasks.online = online;
      }),
      'GET /_stage/flex': () => ({ tasks: tasks.all(), webChats: chats.all() }),
      'POST /_stage/flex/accept': takes(acceptInput, ({ taskSid, ...script }) => {
        const accepted = accept(script, taskSid);
        if (!accepted) throw new Problem('not_found', { extra: { reason: 'no task waits' } });
        return accepted.task;
      }),
    },
    reset() {
      for (const leg of legs) leg.end();
      legs.length = 0;
      tasks.reset();
      chats.reset();
      folk.reset();
      engine.flows.reset();
    },
  };
}
