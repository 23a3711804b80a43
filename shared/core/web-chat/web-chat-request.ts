import * as v from 'valibot';
import { isSessionHistoryKey } from '../call/session-history-key.ts';
import { id, languageTag } from '../decode.ts';
import { redactedFacts, redactedFields } from '../handover/redacted.ts';
import type { Redact } from '../handover/redaction.ts';
import { sha256 } from '../hash.ts';
import { plainText } from '../plain-text.ts';
import { shortId } from '../short-id.ts';
import type { HandoverRecord } from '../table.ts';
import { JOIN_PROOF_NAME } from './join-proof.ts';

/** Of a partner's own item: what is malformed in it is left out, for the customer is waiting. */
const ifUsable = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.optional(schema), undefined);

/**
 * What Watson's and Carbon's web chat hand to a service desk when the assistant asks for a person. Source:
 * github.com/carbon-design-system/carbon-ai-chat and cloud.ibm.com/apidocs/assistant-v2, read 2026-11-21.
 */
const connectToAgent = v.object({
  topic: ifUsable(plainText(200)),
  message_to_human_agent: ifUsable(plainText(800)),
  transfer_info: ifUsable(
    v.object({
      session_history_key: ifUsable(v.pipe(v.string(), v.check(isSessionHistoryKey))),
      additional_data: ifUsable(v.record(id, v.pipe(v.string(), v.maxLength(10_000)))),
    }),
  ),
});

const fieldText = plainText(200);

/** The body of `flex-token`. */
export const webChatRequest = v.strictObject({
  action: v.optional(v.picklist(['start', 'refresh', 'availability', 'end']), 'start'),
  topic: v.optional(plainText(200)),
  friendlyName: v.optional(plainText(100)),
  language: v.optional(languageTag),
  conversationId: v.optional(id),
  connect: v.optional(connectToAgent),
});

export type WebChatRequest = v.InferOutput<typeof webChatRequest>;

/** A request without what is not to be seen of the customer's words; the proof is none of those. */
export function redactedRequest(redact: Redact, request: WebChatRequest): WebChatRequest {
  const { topic, friendlyName, connect } = request;
  const hidden = redactedFacts(redact, { topic, name: friendlyName });
  const brief = { ...request, topic: hidden.topic, friendlyName: hidden.name };
  if (!connect) return brief;
  const { topic: wished, message_to_human_agent: reason, transfer_info: info } = connect;
  const facts = redactedFacts(redact, { topic: wished, reason });
  const proof = proofIn(request);
  const collected = info?.additional_data && {
    ...redactedFields(redact, info.additional_data),
    ...(proof === undefined ? {} : { [JOIN_PROOF_NAME]: proof }),
  };
  const shown = { ...connect, topic: facts.topic, message_to_human_agent: facts.reason };
  return { ...brief, connect: info ? { ...shown, transfer_info: { ...info, additional_data: collected } } : shown };
}

/** Flex copies it into the attributes of the task, which end at 4,096 bytes with everything that Flex adds. */
const MAX_CONTEXT_BYTES = 3_000;

/** The handover id of a visitor's chat: the same for whoever knows which attempt began it. */
export function handoverOfChat(identity: string, attempt: number): string {
  return shortId('h', sha256(`handover of ${identity}/${attempt}`));
}

/** What the assistant has collected, as agents may see it: without the proof, which is for us. */
function fieldsOf({ connect }: WebChatRequest): Readonly<Record<string, string>> | undefined {
  const collected = connect?.transfer_info?.additional_data;
  if (!collected) return undefined;
  const { [JOIN_PROOF_NAME]: _, ...fields } = collected;
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, text]): [string, string][] => {
      const shown = v.parse(fieldText, text);
      return shown === undefined ? [] : [[name, shown]];
    }),
  );
}

/** The proof that the visitor may join a handover, if the assistant handed one over. */
export const proofIn = ({ connect }: WebChatRequest): string | undefined =>
  connect?.transfer_info?.additional_data?.[JOIN_PROOF_NAME];

/** What is written of a chat that begins now. */
export function recordOfChat(request: WebChatRequest, refs: Refs, nowMs: number): HandoverRecord {
  const { connect, topic = connect?.topic, friendlyName: name, language } = request;
  const fields = fieldsOf(request) ?? {};
  return { ...refs, openedAtMs: nowMs, topic, reason: connect?.message_to_human_agent, name, language, fields };
}

interface Refs {
  readonly handoverId: string;
  readonly conversationId: string;
}

/** What the agent is told about a chat: JSON. What is too long is left out, the collected fields first. */
export function chatContext(request: WebChatRequest, refs: Refs): string {
  const { connect, language } = request;
  const fields = fieldsOf(request);
  const brief = {
    ...refs,
    friendlyName: request.friendlyName,
    topic: request.topic ?? connect?.topic,
    language,
    sessionHistoryKey: connect?.transfer_info?.session_history_key,
  };
  const told = { ...brief, message: connect?.message_to_human_agent };
  const contexts = [{ ...told, fields }, told].map((context) => JSON.stringify(context));
  return contexts.find((context) => Buffer.byteLength(context) <= MAX_CONTEXT_BYTES) ?? JSON.stringify(brief);
}
