import { parseForm } from '../../shared/core/body.ts';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import { stageClock } from '../../stage/clock.ts';
import { taskQueue } from '../../stage/twins/twilio/flex/tasks.ts';
import { people } from '../../stage/twins/twilio/people.ts';
import { flowRunner } from '../../stage/twins/twilio/studio/runner.ts';
import type { Engine } from '../../stage/twins/twilio/voice/engine.ts';
import type { Heard, Leg } from '../../stage/twins/twilio/voice/leg.ts';
import { type Party, type Script, scriptedParty } from '../../stage/twins/twilio/voice/party.ts';
import { takeCall } from '../../stage/twins/twilio/voice/place.ts';
import { playDocument } from '../../stage/twins/twilio/voice/run.ts';
import type { WebhookRequest } from '../../stage/webhooks.ts';
import { testSettings } from '../support/calls.ts';

const BASE = testSettings.PUBLIC_BASE_URL;

/** A webhook that the engine sent. */
export interface Asked {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly signed: boolean;
}

/** TwiML by path, a status for what fails, or something else to answer. */
export type Answers = Readonly<Record<string, string | number | { readonly type: string; readonly body: string }>>;

export interface Line {
  readonly engine: Engine;
  readonly asked: Asked[];
  /** Calls `/start` and waits until the call is over. */
  call(script?: Script): Promise<Leg>;
  /** Calls `/start`. */
  begin(script?: Script): { leg: Leg; party: ReturnType<typeof scriptedParty>; over: Promise<void> };
  script(number: string, script: Script): void;
  /** So much time passes for everybody; of itself nothing takes any. */
  passes(ms: number): void;
}

const isSigned = ({ url, body, headers }: WebhookRequest) =>
  headers['x-twilio-signature'] ===
  twilioSignature(testSettings.TWILIO_AUTH_TOKEN, url, parseForm(new TextEncoder().encode(body)));

/** The voice engine with somebody who answers its webhooks from a list. */
export function voiceLine(answers: Answers, partyAt?: (address: string) => Party | undefined): Line {
  const asked: Asked[] = [];
  const folk = people(() => testSettings);
  let monotonicMs = 0;
  const clock = { ...stageClock(), monotonicMs: () => monotonicMs };
  const engine: Engine = {
    env: () => testSettings,
    clock,
    flows: flowRunner(
      () => testSettings,
      () => ({ states: [], initial_state: '' }),
    ),
    tasks: taskQueue(clock),
    partyAt: (address) => partyAt?.(address) ?? folk.at(address),
    legs: [],
    play: (leg, document) => playDocument(engine, leg, document),
    async sendWebhook(request) {
      const path = request.url.slice(BASE.length);
      const form = request.method === 'GET' ? (path.split('?')[1] ?? '') : request.body;
      asked.push({ path, fields: Object.fromEntries(new URLSearchParams(form)), signed: isSigned(request) });
      const answer = answers[path.split('?')[0] ?? ''];
      if (answer === undefined) return undefined;
      if (typeof answer === 'number') return { status: answer, headers: {}, body: '' };
      if (typeof answer === 'object')
        return { status: 200, headers: { 'content-type': answer.type }, body: answer.body };
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: `<Response>${answer}</Response>` };
    },
  };
  const begin: Line['begin'] = (script = {}) => {
    const party = scriptedParty('caller', script);
    const call = {
      from: '+15005550001',
      to: '+15005550006',
      voiceUrl: `${BASE}/start`,
      fallbackUrl: `${BASE}/fallback`,
    };
    return { party, ...takeCall(engine, party, call) };
  };
  return {
    engine,
    asked,
    begin,
    async call(script) {
      const { leg, over } = begin(script);
      await over;
      return leg;
    },
    script: (number, script) => folk.script(number, script),
    passes(ms) {
      monotonicMs += ms;
    },
  };
}

/** What somebody heard, as `who: words`. */
export const words = (heard: readonly Heard[]) => heard.map(({ by, text }) => `${by}: ${text}`);
