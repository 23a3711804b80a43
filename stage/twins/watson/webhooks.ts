import { SignJWT } from 'jose';
import type { HttpAnswer } from '../../../shared/core/http.ts';
import type { Env } from '../../../shared/core/settings.ts';
import type { StageClock } from '../../clock.ts';
import type { SendWebhook } from '../../webhooks.ts';
import { cdrLogged, messageLogged, messageProcessed } from './bodies.ts';
import type { AssistantCall, AssistantTurn } from './call.ts';
import type { AssistantScript, AssistantWebhook } from './script.ts';

/** What the operator sets for the webhooks before and after a message. */
const WAIT_MS = 5_000;

interface Parts {
  readonly env: () => Env;
  readonly clock: StageClock;
  readonly sendWebhook: SendWebhook;
  /** Whether a function of this name is served. */
  readonly serves: (name: string) => boolean;
}

/** The webhooks of an assistant. */
export interface AssistantWebhooks {
  /** Asks a function, with the JWT that is made from the webhook's secret. */
  ask(functionName: string, body: object): Promise<HttpAnswer | undefined>;
  /** Tells of an answer before it is spoken. */
  processed(call: AssistantCall, turn: AssistantTurn, script: AssistantScript): Promise<void>;
  /** Tells of a turn, in the background. */
  logged(call: AssistantCall, turn: AssistantTurn, script: AssistantScript): void;
  /** Tells how a call ended, in the background. */
  ended(call: AssistantCall, script: AssistantScript): void;
}

export function assistantWebhooks({ env, clock, sendWebhook, serves }: Parts): AssistantWebhooks {
  async function jwt(): Promise<string | undefined> {
    const secret = env().WATSON_WEBHOOK_SECRET;
    if (!secret) return undefined;
    return new SignJWT({ iat: Math.floor(clock.nowMs() / 1_000) })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(new TextEncoder().encode(secret));
  }

  const ask: AssistantWebhooks['ask'] = async (functionName, body) => {
    const authorization = await jwt();
    return sendWebhook({
      vendor: 'watson',
      method: 'POST',
      url: `${env().PUBLIC_BASE_URL}/${functionName}`,
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(body),
      waitMs: WAIT_MS,
    });
  };

  const sends = ({ webhooks }: AssistantScript, webhook: AssistantWebhook) =>
    webhooks ? webhooks.includes(webhook) : serves('bot-events');

  return {
    ask,
    async processed(call, turn, script) {
      if (sends(script, 'post-message')) await ask('bot-events', messageProcessed(call, turn, script));
    },
    logged(call, turn, script) {
      if (sends(script, 'log')) void ask('bot-events', messageLogged(call, turn, script));
    },
    ended(call, script) {
      if (sends(script, 'cdr')) void ask('bot-events', cdrLogged(call, clock.nowMs()));
    },
  };
}
