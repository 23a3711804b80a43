import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { filledFlow } from '../../../scripts/deploy/filled-flow.ts';
import type { Env } from '../../../shared/core/settings.ts';
import type { StageRequests } from '../../requests.ts';
import type { RawAnswer } from '../../server.ts';
import { type Listener, openTwin, type TwinParts } from '../../twin.ts';
import type { SendWebhook } from '../../webhooks.ts';
import type { WatsonTwin } from '../watson/twin.ts';
import type { ClientSockets } from './conversations/client-sockets.ts';
import { type Flex, flex } from './flex/flex.ts';
import { flexRequests } from './flex/requests.ts';
import type { Task } from './flex/task-life.ts';
import { type TaskQueue, taskQueue } from './flex/tasks.ts';
import { people } from './people.ts';
import { twilioRequests } from './requests.ts';
import { intendedHost, twilioApi } from './rest/api.ts';
import { failure } from './rest/errors.ts';
import { type TextMessage, textMessages } from './rest/messages.ts';
import { verifications } from './rest/verify.ts';
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

const AGENT = 'Ada';

/** The numbers that people of the stage call from. */
const ownNumbers = /^\+1500555\d{4}$/;

const vouchedFor = (from: string) => (ownNumbers.test(from) ? 'TN-Validation-Passed-A' : '');

/** What a number does when it is called: that of the helpdesk asks its function at once, any other the flow. */
function numberSettings({ PUBLIC_BASE_URL, STUDIO_WEBHOOK_URL, STAGE_HELPDESK_NUMBER }: Env, to: string) {
  const at = (name: string) => `${PUBLIC_BASE_URL}/${name}`;
  const voiceUrl =
    to === STAGE_HELPDESK_NUMBER ? at('helpdesk-call?flow=off') : STUDIO_WEBHOOK_URL || at('receive-call');
  return { voiceUrl, fallbackUrl: at('voice-fallback') };
}

interface CallIn {
  /** `+266696687` where it is withheld: ANONYMOUS on the keys of a phone. */
  readonly from: string;
  readonly to: string;
  readonly script: Script;
  /** What the network says of `from`; empty is nothing. Undefined vouches for the numbers of the stage. */
  readonly stirVerstat?: string | undefined;
}

/** Twilio: its REST API, its phones, its Studio flow and its Flex agents. */
export interface TwilioTwin {
  readonly listener: Listener;
  readonly requests: StageRequests;
  readonly legs: readonly Leg[];
  readonly tasks: TaskQueue;
  /** Conversations and Flex. */
  readonly flex: Flex;
  /** The WebSockets of browsers, by path. */
  readonly sockets: ReadonlyMap<string, ClientSockets['opens']>;
  /** What browsers ask besides, below paths: files. */
  readonly raw: ReadonlyMap<string, RawAnswer>;
  /** The text messages that were sent, oldest first. */
  texts(): readonly TextMessage[];
  /** From now on whoever answers at this number behaves so. */
  script(number: string, script: Script): void;
  /** Somebody calls one of the account's numbers. `over` resolves when the call is. */
  callIn(call: CallIn): { leg: Leg; party: ScriptedParty; over: Promise<void> };
  /** A Flex agent takes the task that waits longest, or the one named. */
  accept(script: Script, taskSid?: string): { task: Task; agent: ScriptedParty } | undefined;
  /** Whoever is at this end of a call hangs up. */
  hangUp(callSid: string): void;
  /** The widgets that a call has been through. */
  flowPath(callSid: string): readonly string[];
  reset(): void;
}

interface TwilioParts extends TwinParts {
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
  readonly watson: WatsonTwin;
  readonly serves: (name: string) => boolean;
}

/** Where @twilio/conversations finds its socket on the stage. */
const SOCKET_PATH = '/_stage/twilio/v3/wsconnect';
/** Where it sends files. */
const MEDIA_PATH = '/_stage/twilio/media';

export async function openTwilioTwin({ env, sendWebhook, watson, serves, ...parts }: TwilioParts): Promise<TwilioTwin> {
  const folk = people(env);
  const messages = textMessages(parts.clock);
  const codes = verifications({ env, clock: parts.clock, messages });
  const engine: Engine = {
    env,
    clock: parts.clock,
    sendWebhook,
    flows: flowRunner(env, () => readFlow(env())),
    tasks: taskQueue(parts.clock),
    partyAt: (address, leg) => (watson.answersAt(address) ? watson.partyAt(address, leg) : folk.at(address)),
    legs: [],
    play: (leg, document) => playDocument(engine, leg, document),
  };
  const { tasks, legs } = engine;
  const mediaUrl = (host: string) => `http://${host}${MEDIA_PATH}`;
  const own = flex({ env, clock: parts.clock, sendWebhook, tasks, serves, mediaUrl });

  const callIn: TwilioTwin['callIn'] = ({ from, to, script, stirVerstat = vouchedFor(from) }) => {
    const party = folk.somebody('caller', script);
    return { party, ...takeCall(engine, party, { from, to, stirVerstat, ...numberSettings(env(), to) }) };
  };

  const accept: TwilioTwin['accept'] = (script, taskSid) => {
    const agent = scriptedParty(script.name ?? AGENT, {
      says: ['Hello, this is Ada. I can see what you talked about.'],
      ...script,
    });
    const task = tasks.accept(agent, taskSid);
    const chat = task && own.agents.chatOf(task);
    if (chat) own.agents.comes(chat);
    return task && { task, agent };
  };

  const api = twilioApi(engine, messages, [...own.routes, ...codes.routes]);
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
    flex: own,
    sockets: new Map([[SOCKET_PATH, own.sockets.opens]]),
    raw: new Map([[MEDIA_PATH, own.media.answer]]),
    texts: messages.all,
    callIn,
    accept,
    flowPath: (callSid) => engine.flows.path(callSid),
    script: folk.script,
    hangUp(callSid) {
      const leg = legs.find(({ sid }) => sid === callSid);
      if (leg) setStatus(engine, leg, 'completed');
    },
    requests: {
      ...twilioRequests({ engine, messages, folk, callIn }),
      ...flexRequests({ ...own, tasks, accept, socketPath: SOCKET_PATH }),
    },
    reset() {
      for (const leg of legs) leg.end();
      legs.length = 0;
      tasks.reset();
      own.reset();
      messages.reset();
      codes.reset();
      folk.reset();
      engine.flows.reset();
    },
  };
}
