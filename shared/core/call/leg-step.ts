import type { Inbound } from '../inbound.ts';
import type { PublicUrls } from '../public-urls.ts';
import { isShortId } from '../short-id.ts';
import type { Language } from './languages/index.ts';
import { ownParameter } from './own-parameter.ts';
import { languageOf } from './speech.ts';

const steps = [
  /** The assistant's leg is over. */
  'assistant-ended',
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
] as const;

export type StepName = (typeof steps)[number];

/** Where in a call we are, as it stands in the query of our own URL: no table is needed to go on. */
export interface LegStep {
  readonly step: StepName | undefined;
  /** The wish that the call is for; absent for calls that came in. */
  readonly request: string | undefined;
  readonly handover: string | undefined;
  /** Which of the agents is meant, from 0. */
  readonly agent: number;
  readonly language: Language;
}

export function legStepOf(inbound: Inbound, language: Language): LegStep {
  const [step, request, handover] = ['step', 'requestId', 'handover'].map((name) => ownParameter(inbound, name));
  const agent = ownParameter(inbound, 'agent') ?? '';
  return {
    step: steps.find((known) => known === step),
    request: isShortId('r', request) ? request : undefined,
    handover: isShortId('h', handover) ? handover : undefined,
    agent: /^\d{1,3}$/.test(agent) ? Number(agent) : 0,
    language: languageOf(ownParameter(inbound, 'language'), language),
  };
}

/** The URL of another step of the same call. */
export function legUrl(urls: PublicUrls, from: LegStep, step: StepName, agent = from.agent): string {
  const ids = [
    ...(from.request === undefined ? [] : [`&requestId=${from.request}`]),
    ...(from.handover === undefined ? [] : [`&handover=${from.handover}`]),
  ];
  return `${urls.of('call-leg')}?step=${step}${ids.join('')}&agent=${agent}&language=${from.language}`;
}

/** Whether it is an agent who hears the answer, and not the customer. */
export function isAgentsLeg({ step }: LegStep): boolean {
  return step === 'whisper' || step === 'accept';
}
