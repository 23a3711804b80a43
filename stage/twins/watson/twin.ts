import { SignJWT } from 'jose';
import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import type { StageClock } from '../../clock.ts';
import type { Faults } from '../../faults.ts';
import { type StageRequests, takes } from '../../requests.ts';
import type { SendWebhook } from '../../webhooks.ts';
import type { Party } from '../twilio/voice/party.ts';
import { type AssistantCall, type AssistantScript, assistantParty } from './assistant.ts';

/** What the operator sets for the pre-message webhook. */
const WAIT_MS = 5_000;

const script = v.strictObject({
  answers: v.optional(v.picklist(['human', 'busy', 'no-answer', 'failed'])),
  ends: v.optional(v.picklist(['refer', 'bye', 'stay'])),
  header: v.optional(v.picklist(['User-to-User', 'X-Watson-Assistant-Session-History-Key', 'none'])),
  encoding: v.optional(v.picklist(['ascii', 'hex', 'plain'])),
  referTo: v.optional(v.string()),
});

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
  partyAt(sipUri: string): Party;
  /** The phone calls it answered, oldest first. */
  calls(): readonly AssistantCall[];
  reset(): void;
}

interface WatsonParts {
  readonly env: () => Env;
  readonly faults: Faults;
  readonly clock: StageClock;
  readonly sendWebhook: SendWebhook;
}

function sipHosts(env: Env): readonly string[] {
  const several = Object.values(Object(JSON.parse(env.WATSON_SIP_HOSTS || '{}'))).map(String);
  return env.WATSON_SIP_HOST ? [...several, env.WATSON_SIP_HOST] : several;
}

/** The host of a SIP URI, with its port: what stands between "@" and the parameters or headers. */
const hostOf = (uri: string) => /@([^;?]+)/.exec(uri)?.[1] ?? '';

export function watsonTwin({ env, faults, clock, sendWebhook }: WatsonParts): WatsonTwin {
  let behaviour: AssistantScript = {};
  const calls: AssistantCall[] = [];

  /** A customer's message, before the assistant sees it. */
  async function preMessage({ sessionId, userId, text }: v.InferOutput<typeof said>) {
    const secret = env().WATSON_WEBHOOK_SECRET;
    const issuedAt = Math.floor(clock.nowMs() / 1_000);
    const jwt =
      secret &&
      (await new SignJWT({ iat: issuedAt })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(new TextEncoder().encode(secret)));
    const context = { global: { session_id: sessionId, system: { user_id: userId, turn_count: 1 } } };
    const answer = await sendWebhook({
      vendor: 'watson',
      method: 'POST',
      url: `${env().PUBLIC_BASE_URL}/pause-check`,
      headers: { 'content-type': 'application/json', ...(jwt && { authorization: jwt }) },
      body: JSON.stringify({
        event: { name: 'message_received' },
        payload: { input: { message_type: 'text', text }, user_id: userId, context },
      }),
      waitMs: WAIT_MS,
    });
    const skipped = answer?.headers['x-watson-assistant-webhook-return'] !== undefined;
    return { answers: skipped ? 'person' : 'assistant', status: answer?.status ?? 0, answer: answer?.body ?? '' };
  }

  return {
    answersAt: (uri) => sipHosts(env()).includes(hostOf(uri)),
    partyAt: (uri) => assistantParty(uri, behaviour, faults, (call) => calls.push(call)),
    calls: () => calls,
    requests: {
      'GET /_stage/watson': () => calls,
      'POST /_stage/watson/script': takes(script, (given) => {
        behaviour = given;
      }),
      'POST /_stage/watson/say': takes(said, preMessage),
    },
    reset() {
      behaviour = {};
      calls.length = 0;
    },
  };
}
