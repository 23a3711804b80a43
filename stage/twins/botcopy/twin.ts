import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import { type StageRequests, takes } from '../../requests.ts';
import { type Listener, openTwin, type TwinAnswer, type TwinParts, type TwinRequest } from '../../twin.ts';
import type { SendWebhook } from '../../webhooks.ts';
import { botReply, type Chat, type ChatLine } from './chat.ts';
import { type PushEvent, pushEvent, pushFault } from './push.ts';
import { messageBody, startBody, typingBody, type Vintage } from './webhook-bodies.ts';

/** An answer that comes later does not count. Source: Botcopy's livechat/handover.md, read 2026-11-21. */
const WAIT_MS = 5_000;
const DEFAULT_MINUTES = 10;
const TYPING_SHOWS_MS = 10_000;

const who = { userId: v.optional(v.string(), 'user-1'), botId: v.optional(v.string(), 'bot-1') };
const said = v.strictObject({
  ...who,
  text: v.string(),
  vintage: v.optional(v.picklist(['today', '2021']), 'today'),
  platform: v.optional(v.picklist(['ES', 'CX']), 'ES'),
  department: v.optional(v.string(), () => undefined),
  /** The answer of the webhook comes when nobody waits for it any more. */
  isAnswerLate: v.optional(v.boolean(), false),
  /** Dialogflow's session has expired since the last message. */
  isSessionNew: v.optional(v.boolean(), false),
});
const typed = v.strictObject(who);

type Said = v.InferOutput<typeof said>;

const pauseAnswer = v.object({
  paused: v.boolean(),
  minutesPaused: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

/** Botcopy: the chat window, the bot in it, and Botcopy's own idea of who has the conversation. */
export interface BotcopyTwin {
  readonly listener: Listener;
  readonly requests: StageRequests;
  /** The chat of a user, opened when there is none. */
  chat(userId: string, botId: string): Chat;
  /** The customer writes. Resolves when Botcopy knows who answers. */
  say(input: { userId: string; botId: string; text: string } & Partial<Said>): Promise<'bot' | 'person'>;
  reset(): void;
}

interface BotcopyParts extends TwinParts {
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
}

export async function openBotcopyTwin({ env, sendWebhook, ...parts }: BotcopyParts): Promise<BotcopyTwin> {
  const { clock } = parts;
  const chats = new Map<string, Chat>();

  function chat(userId: string, botId: string): Chat {
    const key = JSON.stringify([userId, botId]);
    const found = chats.get(key) ?? {
      userId,
      botId,
      sessionId: randomUUID(),
      lines: [],
      pausedUntilMs: 0,
      typingUntilMs: 0,
      typingShown: [],
    };
    chats.set(key, found);
    return found;
  }
  function show(to: Chat, by: ChatLine['by'], text: string, agentName?: string): void {
    to.lines.push({ atMs: clock.nowMs(), by, text, ...(agentName && { agentName }) });
  }

  /** Asks our webhook. Undefined when it did not answer properly in time. */
  async function ask(body: unknown, vintage: Vintage): Promise<v.InferOutput<typeof pauseAnswer> | undefined> {
    const token = env().BOT_ACCESS_TOKEN?.split(' ')[0] ?? '';
    const answer = await sendWebhook({
      vendor: 'botcopy',
      method: 'POST',
      url: `${env().PUBLIC_BASE_URL}/pause-check`,
      headers: { 'content-type': 'application/json', ...(vintage === 'today' && { authorization: token }) },
      body: JSON.stringify(body),
      waitMs: WAIT_MS,
    });
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), pauseAnswer), answer?.body);
    return answer?.status === 200 && parsed.success ? parsed.output : undefined;
  }
  const pauseFor = (minutes = DEFAULT_MINUTES) => clock.nowMs() + minutes * 60_000;

  async function say({ userId, botId, text, ...how }: Parameters<BotcopyTwin['say']>[0]) {
    const { vintage = 'today', platform = 'ES', department, isAnswerLate, isSessionNew } = how;
    const own = chat(userId, botId);
    if (isSessionNew) own.sessionId = randomUUID();
    const hear = async (body: object) => {
      const answer = await ask(body, vintage);
      return isAnswerLate ? undefined : answer;
    };
    const token = env().BOT_ACCESS_TOKEN?.split(' ')[0] ?? '';
    show(own, 'customer', text);
    if (clock.nowMs() < own.pausedUntilMs) {
      const answer = await hear(messageBody(own, text, vintage, token));
      own.pausedUntilMs = answer?.paused ? pauseFor(answer.minutesPaused) : 0;
      if (answer?.paused) return 'person';
      if (answer?.minutesPaused === 0) {
        show(own, 'system', 'The human has left the conversation. You are now chatting with the bot.');
        return 'bot';
      }
    }
    const reply = botReply(text);
    show(own, 'bot', reply.text);
    if (!reply.wantsPerson) return 'bot';
    const answer = await hear(startBody(own, text, reply, { vintage, platform, department }, token));
    if (answer?.paused) own.pausedUntilMs = pauseFor(answer.minutesPaused);
    return answer?.paused ? 'person' : 'bot';
  }

  /** The indicator goes out by itself, or with whatever else the agent does. */
  function showTyping(to: Chat, isTyping: boolean): void {
    const nowMs = clock.nowMs();
    const untilMs = isTyping ? nowMs + TYPING_SHOWS_MS : nowMs;
    const last = to.typingShown.at(-1);
    const isShown = last !== undefined && nowMs <= last.untilMs;
    if (isShown) last.untilMs = untilMs;
    else if (isTyping) to.typingShown.push({ fromMs: nowMs, untilMs });
    to.typingUntilMs = isTyping ? untilMs : 0;
  }

  function take(event: PushEvent): void {
    const own = chat(event.userId, event.botId);
    const name = event.agentProfile?.name;
    showTyping(own, event.eventType === 'user_typing');
    if (event.paused) own.pausedUntilMs = pauseFor(event.minutesPaused);
    if (event.eventType === 'message') show(own, 'agent', event.text, name);
    if (event.eventType !== 'channel_update') return;
    if (event.paused) {
      show(own, 'system', 'You are now chatting with an Agent.', name);
      return;
    }
    own.pausedUntilMs = 0;
    if (event.unpauseChatEvent !== 'none') {
      show(own, 'system', `${name ?? 'The human'} has left the conversation. You are now chatting with the bot.`);
    }
  }

  function answer(request: TwinRequest): TwinAnswer {
    if (request.method !== 'POST' || request.path !== '/webhooks/handover/push') {
      return { status: 404, body: { message: 'Not found' } };
    }
    const fault = pushFault(request, env().BOTCOPY_API_KEY ?? '');
    if (fault) return { status: fault.status, body: { message: fault.says } };
    take(v.parse(pushEvent, JSON.parse(request.body)));
    return { status: 200, body: { success: true } };
  }

  const listener = await openTwin(parts, {
    vendor: 'botcopy',
    answer,
    problem: (status) => ({
      status,
      headers: status === 429 ? { 'retry-after': '1' } : {},
      body: { message: 'Failed' },
    }),
  });
  return {
    listener,
    chat,
    say,
    requests: {
      'GET /_stage/botcopy': () => [...chats.values()],
      'POST /_stage/botcopy/say': takes(said, async (input) => ({ answers: await say(input) })),
      'POST /_stage/botcopy/typing': takes(typed, ({ userId, botId }) => ask(typingBody(chat(userId, botId)), 'today')),
    },
    reset: () => chats.clear(),
  };
}
