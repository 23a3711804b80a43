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
  /** Tells of a turn, where the script sends this webhook. */
  tell(webhook: AssistantWebhook, body: object, script: AssistantScript): Promise<HttpAnswer | undefined>;
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

  const tell: AssistantWebhooks['tell'] = async (webhook, body, script) =>
    sends(script, webhook) ? ask('bot-events', body) : undefined;

  return {
    ask,
    tell,
    async processed(call, turn, script) {
      await tell('post-message', messageProcessed(call, turn, script), script);
    },
    logged(call, turn, script) {
      void tell('log', messageLogged(call, turn, script), script);
    },
    ended(call, script) {
      void tell('cdr', cdrLogged(call, clock.nowMs()), script);
    },
  };
}
