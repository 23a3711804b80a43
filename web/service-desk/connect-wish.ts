import * as v from 'valibot';
import { ID, languageTag } from '../../shared/core/id.ts';
import type { MessageResponse } from './chat-contract.ts';

/** What a page says of its visitor, all of it optional. */
export interface Visitor {
  /** How agents address them. */
  readonly friendlyName?: string | undefined;
  readonly topic?: string | undefined;
  /** Like `de-AT`. */
  readonly language?: string | undefined;
  /** The bot's id of the conversation, so that its transcript is found. */
  readonly conversationId?: string | undefined;
}

/** What is taken is checked by the function; here only what would make it refuse the whole is left out. */
const LONGEST = { friendlyName: 100, topic: 200, message: 800 } as const;

const ifUsable = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.optional(schema), undefined);
const text = ifUsable(v.string());

/** The item of an answer by which the assistant asks for a person, in both chats. */
const connectItem = v.object({
  response_type: v.literal('connect_to_agent'),
  topic: text,
  message_to_human_agent: text,
  transfer_info: ifUsable(
    v.object({
      session_history_key: text,
      additional_data: ifUsable(v.record(v.string(), v.string())),
      summary_message_to_agent: ifUsable(v.array(v.unknown())),
    }),
  ),
});

type ConnectItem = v.InferOutput<typeof connectItem>;

const textItem = v.object({ response_type: v.literal('text'), text: v.string() });

const startOptions = v.object({
  agentAppInfo: ifUsable(v.object({ sessionHistoryKey: text })),
  /** What the page hands over before a start: the same words as the option `visitor`. */
  preStartChatPayload: ifUsable(v.object({ friendlyName: text, topic: text, language: text, conversationId: text })),
});

const sessionContext = v.object({ global: v.object({ session_id: v.string() }) });

const parsed = <T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | undefined => {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
};

const cut = (given: string | undefined, length: number) => {
  const short = [...(given ?? '').trim()].slice(0, length).join('');
  return short === '' ? undefined : short;
};

const first = (...given: readonly (string | undefined)[]) =>
  given.find((one) => one !== undefined && one.trim() !== '');

function connectItemOf(message: MessageResponse): ConnectItem | undefined {
  const items = Array.isArray(message?.output?.generic) ? message.output.generic : [];
  return items.map((item) => parsed(connectItem, item)).find((item) => item !== undefined);
}

/** The assistant's words for the agent: its message, else its summary. */
function messageOf(item: ConnectItem | undefined): string | undefined {
  const summary = item?.transfer_info?.summary_message_to_agent ?? [];
  const texts = summary.flatMap((one) => parsed(textItem, one)?.text ?? []);
  return cut(first(item?.message_to_human_agent, texts.join('\n')), LONGEST.message);
}

export interface ConnectWish {
  /** The body of `flex-token` for a start, without its action. */
  readonly body: object;
  readonly topic: string | undefined;
  /** What the agent reads first; undefined when the assistant left no message. */
  readonly firstMessage: string | undefined;
}

const withoutUndefined = (given: object) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/** What is asked of `flex-token` when the assistant asks for a person. What is malformed is left out: the customer waits. */
export function connectWish(message: MessageResponse, options: unknown, visitor: Visitor): ConnectWish {
  const item = connectItemOf(message);
  const { agentAppInfo, preStartChatPayload: payload } = parsed(startOptions, options) ?? {};
  const topic = cut(first(payload?.topic, visitor.topic, item?.topic), LONGEST.topic);
  const language = first(payload?.language, visitor.language);
  const session = parsed(sessionContext, message?.context)?.global.session_id;
  const conversationId = first(payload?.conversationId, visitor.conversationId, session);
  const firstMessage = messageOf(item);
  const info = withoutUndefined({
    session_history_key: first(item?.transfer_info?.session_history_key, agentAppInfo?.sessionHistoryKey),
    additional_data: item?.transfer_info?.additional_data,
  });
  const connect = withoutUndefined({
    topic: item?.topic,
    message_to_human_agent: firstMessage,
    transfer_info: Object.keys(info).length > 0 ? info : undefined,
  });
  const body = withoutUndefined({
    topic,
    friendlyName: cut(first(payload?.friendlyName, visitor.friendlyName), LONGEST.friendlyName),
    language: v.is(languageTag, language) ? language : undefined,
    conversationId: conversationId !== undefined && ID.test(conversationId) ? conversationId : undefined,
    connect: Object.keys(connect).length > 0 ? connect : undefined,
  });
  return { body, topic, firstMessage };
}
