import * as v from 'valibot';
import type { HttpAnswer } from '../../../shared/core/http.ts';
import type { StageClock } from '../../clock.ts';
import type { ChatTurn } from './chat-bodies.ts';
import { chatLogged, chatProcessed, chatReceived } from './chat-bodies.ts';
import { chatReply } from './chat-reply.ts';
import type { AssistantScript } from './script.ts';
import type { AssistantWebhooks } from './webhooks.ts';

/** What the customer sees in the chat, line by line. */
interface ChatLine {
  readonly atMs: number;
  readonly by: 'customer' | 'assistant';
  readonly text: string;
}

/** A session of the assistant in a chat. */
export interface WatsonChat {
  readonly sessionId: string;
  readonly userId: string;
  readonly lines: ChatLine[];
  /** Session variables, which Watson keeps from turn to turn. */
  variables: Readonly<Record<string, unknown>>;
  turnCount: number;
  /** The last `connect_to_agent`, as it came to the page. */
  connect: Readonly<Record<string, unknown>> | undefined;
}

/** What came of a message. `status` and `answer` are those of the webhook before it. */
export interface ChatOutcome {
  readonly answers: 'person' | 'assistant';
  readonly status: number;
  readonly answer: string;
}

const loose = v.record(v.string(), v.unknown());
const output = v.looseObject({ generic: v.array(loose) });

/** The request as the webhook gives it back: whatever else it is does not count. */
const received = v.object({
  payload: v.looseObject({
    input: v.looseObject({ text: v.string() }),
    context: v.optional(
      v.looseObject({
        skills: v.optional(
          v.looseObject({ 'actions skill': v.optional(v.looseObject({ skill_variables: v.optional(loose) })) }),
        ),
      }),
    ),
  }),
});

const readIn = <T>(schema: v.GenericSchema<unknown, T>, answer: HttpAnswer | undefined): T | undefined => {
  if (answer?.status !== 200) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), answer.body);
  return parsed.success ? parsed.output : undefined;
};

interface Parts {
  readonly clock: StageClock;
  readonly webhooks: AssistantWebhooks;
  readonly script: () => AssistantScript;
}

/**
 * The chats of an assistant, with its webhooks set to go on after an error: an answer that is none changes nothing.
 * Source: cloud.ibm.com/docs/watson-assistant, webhook-pre and webhook-post, read 2026-11-28.
 */
export function watsonChats({ clock, webhooks, script }: Parts) {
  const chats = new Map<string, WatsonChat>();

  function chat(sessionId: string, userId: string): WatsonChat {
    const fresh = { sessionId, userId, lines: [], variables: {}, turnCount: 0, connect: undefined };
    const found = chats.get(sessionId) ?? fresh;
    chats.set(sessionId, found);
    return found;
  }

  function show(to: WatsonChat, by: ChatLine['by'], words: unknown): void {
    if (typeof words === 'string' && words !== '') to.lines.push({ atMs: clock.nowMs(), by, text: words });
  }

  function showAnswer(to: WatsonChat, generic: ChatTurn['generic']): void {
    for (const item of generic) {
      if (item.response_type === 'text') show(to, 'assistant', item.text);
      if (item.response_type !== 'connect_to_agent') continue;
      to.connect = item;
      show(to, 'assistant', Object(item.agent_available).message);
    }
  }

  async function say(sessionId: string, userId: string, said: string): Promise<ChatOutcome> {
    const own = chat(sessionId, userId);
    const askedAtMs = clock.nowMs();
    show(own, 'customer', said);
    const before = await webhooks.ask('pause-check', chatReceived(own, said));
    const told = { status: before?.status ?? 0, answer: before?.body ?? '' };
    if (before?.headers['x-watson-assistant-webhook-return'] !== undefined) {
      showAnswer(own, readIn(v.object({ output }), before)?.output.generic ?? []);
      return { answers: 'person', ...told };
    }
    const payload = readIn(received, before)?.payload;
    const given = payload?.context?.skills?.['actions skill']?.skill_variables;
    const reply = chatReply(payload?.input.text ?? said, { ...own.variables, ...given }, script());
    own.variables = reply.variables;
    own.turnCount += 1;
    const turn: ChatTurn = { said, generic: reply.generic, askedAtMs, answeredAtMs: clock.nowMs() };
    const after = await webhooks.tell('post-message', chatProcessed(own, turn), script());
    const changed = readIn(v.object({ payload: v.object({ output }) }), after)?.payload.output.generic ?? turn.generic;
    void webhooks.tell('log', chatLogged(own, { ...turn, generic: changed }), script());
    showAnswer(own, changed);
    return { answers: 'assistant', ...told };
  }

  return { chat, say, all: () => [...chats.values()], reset: () => chats.clear() };
}
