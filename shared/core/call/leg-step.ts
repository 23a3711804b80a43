import type { Inbound } from '../inbound.ts';
import type { PublicUrls } from '../public-urls.ts';
import { isShortId } from '../short-id.ts';
import { isHandoverId } from './call-handover.ts';
import type { Language } from './languages/index.ts';
import { ownParameter, spelled, spelledParameter } from './own-parameter.ts';
import { keyFromUrl } from './session-history-key.ts';
import { languageOf } from './speech.ts';
import { handoverErrors, handoverReasons, type ReturnValues } from './studio.ts';
import { isOutsideFlow } from './to-person.ts';

const steps = [
  /** The assistant's leg is over. */
  'assistant-ended',
  /** The target that a transfer named is done, or was not reached. */
  'transferred',
  /** This caller wants a person. */
  'person',
  /** The caller stands in line. */
  'hold',
  /** The caller has left the line, for a person or without one. */
  'queue-ended',
  /** The customer whom we called has answered. */
  'customer',
  /** The next agent is to be rung for whoever waits. */
  'agent',
  /** That agent's leg is over. */
  'agent-ended',
  /** An agent has answered and hears who waits. */
  'whisper',
  /** The agent has pressed a key. */
  'accept',
  /** Nobody is there: what the caller may have instead. */
  'nobody',
  /** The caller has pressed a key to choose. */
  'choice',
  /** The caller has left a message. */
  'message',
] as const;

export type StepName = (typeof steps)[number];

/** Where in a call we are, as it stands in the query of our own URL: no table is needed to go on. */
export interface LegStep {
  readonly step: StepName | undefined;
  /** The wish that the call is for; absent for calls that came in. */
  readonly request: string | undefined;
  readonly handover: string | undefined;
  /** Which team is rung, as a setting names it: a key of `AGENT_QUEUES`. One that is none counts for nothing. */
  readonly queue: string | undefined;
  /** When the caller began to wait in a queue: who is called back keeps that place. */
  readonly waitingSinceMs: number | undefined;
  /** Which of the agents is meant, from 0. */
  readonly agent: number;
  readonly language: Language;
  /** The call is not to be given to the flow. */
  readonly isOutsideFlow: boolean;
  /** What was told when the caller was sent on to a person. */
  readonly told: Omit<ReturnValues, 'HandoverId'>;
}

function toldIn(inbound: Inbound): LegStep['told'] {
  const [reason, error] = ['reason', 'error'].map((name) => ownParameter(inbound, name));
  return {
    HandoverReason: handoverReasons.find((known) => known === reason),
    HandoverError: handoverErrors.find((known) => known === error),
    SessionHistoryKey: keyFromUrl(ownParameter(inbound, 'key')),
  };
}

export function legStepOf(inbound: Inbound, language: Language): LegStep {
  const [step, request, handover] = ['step', 'requestId', 'handover'].map((name) => ownParameter(inbound, name));
  const agent = ownParameter(inbound, 'agent') ?? '';
  const since = ownParameter(inbound, 'since') ?? '';
  return {
    step: steps.find((known) => known === step),
    request: isShortId('r', request) ? request : undefined,
    handover: isHandoverId(handover) ? handover : undefined,
    queue: spelledParameter(inbound, 'queue'),
    waitingSinceMs: /^\d{13}$/.test(since) ? Number(since) : undefined,
    agent: /^\d{1,3}$/.test(agent) ? Number(agent) : 0,
    language: languageOf(ownParameter(inbound, 'language'), language),
    isOutsideFlow: isOutsideFlow(inbound),
    told: toldIn(inbound),
  };
}

/** Of a step, what goes on into the URLs of the next ones. */
type Onward = Omit<LegStep, 'step' | 'told'>;

/** What identifies a call, its team, its place in line and its way back, as it stands in our own URLs. */
function idsOf({ request, handover, queue, waitingSinceMs, isOutsideFlow }: Onward): string {
  const flow = isOutsideFlow ? 'off' : undefined;
  const team = queue === undefined ? undefined : spelled(queue);
  const given = { requestId: request, handover, queue: team, since: waitingSinceMs, flow };
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? '' : `&${name}=${value}`))
    .join('');
}

/** The URL of another step of the same call. */
export function legUrl(urls: PublicUrls, from: Onward, step: StepName, agent = from.agent): string {
  return `${urls.of('call-leg')}?step=${step}${idsOf(from)}&agent=${agent}&language=${from.language}`;
}

/** What `call-events` is told of, where it is not the call of the customer itself. */
export const eventSubjects = [
  /** The phone of an agent is answered. */
  'agent',
  /** A message was left. */
  'message',
  /** Somebody wrote down what was said in it. */
  'transcription',
  /** A talk was recorded. */
  'recording',
] as const;

export type EventSubject = (typeof eventSubjects)[number];

/** The URL to which Twilio tells something of this call. */
export function eventUrl(urls: PublicUrls, from: Onward, about: EventSubject): string {
  return `${urls.of('call-events')}?about=${about}${idsOf(from)}&agent=${from.agent}&language=${from.language}`;
}

/** Whether it is an agent who hears the answer, and not the customer. */
export function isAgentsLeg({ step }: LegStep): boolean {
  return step === 'whisper' || step === 'accept';
}
