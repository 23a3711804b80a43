import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import type { StageClock } from '../../clock.ts';
import { type StageRequests, takes } from '../../requests.ts';
import type { SendWebhook } from '../../webhooks.ts';
import { botReply } from '../botcopy/chat.ts';

const WAIT_MS = 5_000;

const said = v.strictObject({ conversationId: v.string(), text: v.string() });

interface Parts {
  readonly env: () => Env;
  readonly clock: StageClock;
  readonly sendWebhook: SendWebhook;
}

/** The assistant behind a web chat: it answers, and tells `bot-events` what was said, so that an agent can read it later. */
export function assistantRequests({ env, clock, sendWebhook }: Parts): StageRequests {
  return {
    'POST /_stage/bot/say': takes(said, async ({ conversationId, text }) => {
      const reply = botReply(text);
      const atMs = clock.nowMs();
      const lines = [
        { by: 'customer', text, atMs, id: randomUUID() },
        { by: 'bot', text: reply.text, atMs: atMs + 1, id: randomUUID() },
      ];
      await sendWebhook({
        vendor: 'bot',
        method: 'POST',
        url: `${env().PUBLIC_BASE_URL}/bot-events`,
        headers: { 'content-type': 'application/json', authorization: env().BOT_ACCESS_TOKEN?.split(' ')[0] ?? '' },
        body: JSON.stringify({ conversationId, lines }),
        waitMs: WAIT_MS,
      });
      return reply;
    }),
  };
}
