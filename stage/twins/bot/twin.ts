import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import { type StageRequests, takes } from '../../requests.ts';
import { type Listener, openTwin, type TwinAnswer, type TwinParts, type TwinRequest } from '../../twin.ts';
import type { SendWebhook } from '../../webhooks.ts';
import { signatureFault } from '../standard-webhooks.ts';
import { assistantRequests } from './assistant.ts';

const WAIT_MS = 10_000;

const pushed = v.object({
  type: v.picklist(['handover.message', 'handover.typing', 'handover.agent', 'handover.ended', 'handover.call']),
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
  data: v.looseObject({ handoverId: v.string(), conversationId: v.string() }),
});

type Pushed = v.InferOutput<typeof pushed>;

const asking = v.strictObject({
  conversationId: v.string(),
  text: v.optional(v.string()),
  handover: v.optional(v.record(v.string(), v.unknown())),
  end: v.optional(v.literal(true)),
});

/** A bot of somebody's own: it asks `pause-check` in the plain form and receives the agent's words at `BOT_PUSH_URL`. */
export interface BotTwin {
  readonly listener: Listener;
  readonly requests: StageRequests;
  /** What reached the bot, each event once, in order of arrival. */
  inbox(): readonly Pushed[];
  reset(): void;
}

interface BotParts extends TwinParts {
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
}

export async function openBotTwin({ env, sendWebhook, ...parts }: BotParts): Promise<BotTwin> {
  const inbox = new Map<string, Pushed>();

  function answer(request: TwinRequest): TwinAnswer {
    const fault = signatureFault(request, env().BOT_PUSH_SECRET ?? '', parts.clock.nowMs());
    if (fault) return { status: 401, body: { message: fault } };
    const event = v.safeParse(v.pipe(v.string(), v.parseJson(), pushed), request.body);
    if (!event.success) return { status: 400, body: { message: event.issues[0].message } };
    const id = request.headers['webhook-id'] ?? '';
    if (!inbox.has(id)) inbox.set(id, event.output);
    return { status: 204 };
  }

  const ask = takes(asking, async (question) => {
    const reply = await sendWebhook({
      vendor: 'bot',
      method: 'POST',
      url: `${env().PUBLIC_BASE_URL}/pause-check`,
      headers: { 'content-type': 'application/json', authorization: env().BOT_ACCESS_TOKEN?.split(' ')[0] ?? '' },
      body: JSON.stringify(question),
      waitMs: WAIT_MS,
    });
    return { status: reply?.status ?? 0, answer: reply?.body ?? '' };
  });

  const listener = await openTwin(parts, {
    vendor: 'bot',
    answer,
    problem: (status) => ({
      status,
      headers: status === 429 ? { 'retry-after': '1' } : {},
      body: { message: 'failed' },
    }),
  });
  return {
    listener,
    inbox: () => [...inbox.values()],
    requests: {
      'GET /_stage/bot': () => [...inbox.values()],
      'POST /_stage/bot/ask': ask,
      ...assistantRequests({ env, clock: parts.clock, sendWebhook }),
    },
    reset: () => inbox.clear(),
  };
}
