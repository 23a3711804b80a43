import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import type { StageClock } from '../../clock.ts';
import type { Faults } from '../../faults.ts';
import { type StageRequests, takes } from '../../requests.ts';
import type { SendWebhook } from '../../webhooks.ts';
import type { Party } from '../twilio/voice/party.ts';
import { assistantParty } from './assistant.ts';
import type { AssistantCall } from './call.ts';
import { type AssistantScript, assistantScript } from './script.ts';
import { assistantWebhooks } from './webhooks.ts';

const said = v.strictObject({
  sessionId: v.optional(v.string(), 'session-1'),
  userId: v.optional(v.string(), 'visitor-1'),
  text: v.string(),
});

/** Watson Assistant: on the phone the other end of a SIP leg, in a chat the one who calls the pre-message webhook. */
export interface WatsonTwin {
  readonly requests: StageRequests;
  /** Whether a SIP URI is the assistant's. */
  answersAt(sipUri: string): boolean;
  partyAt(sipUri: string, leg: { readonly sid: string; readonly from: string }): Party;
  /** The phone calls it answered, oldest first. */
  calls(): readonly AssistantCall[];
  /** From now on it behaves so. */
  script(script: AssistantScript): void;
  reset(): void;
}

interface WatsonParts {
  readonly env: () => Env;
  readonly faults: Faults;
  readonly clock: StageClock;
  readonly sendWebhook: SendWebhook;
  /** Whether a function of this name is served. */
  readonly serves: (name: string) => boolean;
}

function sipHosts(env: Env): readonly string[] {
  const several = Object.values(Object(JSON.parse(env.WATSON_SIP_HOSTS || '{}'))).map(String);
  return env.WATSON_SIP_HOST ? [...several, env.WATSON_SIP_HOST] : several;
}

/** The host of a SIP URI, with its port: what stands between "@" and the parameters or headers. */
const hostOf = (uri: string) => /@([^;?]+)/.exec(uri)?.[1] ?? '';

export function watsonTwin({ env, faults, clock, ...parts }: WatsonParts): WatsonTwin {
  let behaviour: AssistantScript = {};
  const calls: AssistantCall[] = [];
  const webhooks = assistantWebhooks({ env, clock, ...parts });

  /** A customer's message, before the assistant sees it. */
  async function preMessage({ sessionId, userId, text }: v.InferOutput<typeof said>) {
    const context = { global: { session_id: sessionId, system: { user_id: userId, turn_count: 1 } } };
    const answer = await webhooks.ask('pause-check', {
      event: { name: 'message_received' },
      payload: { input: { message_type: 'text', text }, user_id: userId, context },
    });
    const skipped = answer?.headers['x-watson-assistant-webhook-return'] !== undefined;
    return { answers: skipped ? 'person' : 'assistant', status: answer?.status ?? 0, answer: answer?.body ?? '' };
  }

  const script: WatsonTwin['script'] = (given) => {
    behaviour = given;
  };
  return {
    answersAt: (uri) => sipHosts(env()).includes(hostOf(uri)),
    partyAt: (uri, leg) =>
      assistantParty(uri, leg, {
        ...{ script: behaviour, faults, clock, webhooks },
        answered: (call) => void calls.push(call),
        knows: (call) => calls.includes(call),
      }),
    calls: () => calls,
    script,
    requests: {
      'GET /_stage/watson': () => calls,
      'POST /_stage/watson/script': takes(assistantScript, script),
      'POST /_stage/watson/say': takes(said, preMessage),
    },
    reset() {
      behaviour = {};
      calls.length = 0;
    },
  };
}
