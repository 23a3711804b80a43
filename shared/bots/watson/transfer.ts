import * as v from 'valibot';
import { at, listAt, textAt } from '../../core/at.ts';
import { isPhoneNumber } from '../../core/call/phone-number.ts';
import { isSessionHistoryKey } from '../../core/call/session-history-key.ts';
import { languageTag } from '../../core/decode.ts';
import type { Facts } from '../../core/handover/context.ts';
import { MAX_FIELDS, scalars } from '../../core/handover/fields.ts';
import { clipped } from '../../core/handover/line.ts';

const MAX_TEXT_BYTES = 1_000;
const MAX_TOPIC_BYTES = 200;

/** A target as it goes on the wire. Dialogs and actions escape its `@`, some twice. */
const targetOf = (uri: string | undefined): string | undefined =>
  uri !== undefined && /^(sips?|tel):[^\s]{1,250}$/i.test(uri) ? uri.replace(/\\+@/g, '@') : undefined;

/** The variables of every skill that a session has: dialogs keep them as `user_defined`, actions as `skill_variables` too. */
function variablesOf(context: unknown): ReadonlyMap<string, string> {
  const skills = Object.values(Object(at(context, 'skills')));
  return new Map(
    skills.flatMap((skill) => [...scalars(at(skill, 'user_defined')), ...scalars(at(skill, 'skill_variables'))]),
  );
}

const KEY_NAMES: readonly string[] = ['session_history_key', 'sessionHistoryKey'];

/** What the customer told stands under other names than the key's and those by which we tell the assistant something. */
const isCollected = ([name]: readonly [string, string]): boolean =>
  !KEY_NAMES.includes(name) && !/^handover_(id|proof|ended|event)$/.test(name);

/** What the customer has told, as far as it is in the context of an answer; what the assistant gives along comes first. */
export function collectedIn(context: unknown, given: unknown = undefined): Facts['fields'] {
  const first = scalars(given);
  const fields = [...new Map([...first, ...variablesOf(context), ...first])].filter(isCollected).slice(0, MAX_FIELDS);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

/** Where the key of the session's history may stand: in the transfer itself, if there is one, or in a variable that is called so. */
export function historyKeyOf(item: unknown, context: unknown): string | undefined {
  const variables = variablesOf(context);
  const keys = [textAt(item, 'transfer_info', 'session_history_key'), ...KEY_NAMES.map((name) => variables.get(name))];
  return keys.find((key) => key !== undefined && isSessionHistoryKey(key));
}

/** The caller's number, which is private and so not in the log: only the webhook after a message has it. */
function phoneOf(context: unknown): string | undefined {
  const number = textAt(context, 'integrations', 'voice_telephony', 'private', 'user_phone_number');
  return isPhoneNumber(number) ? number : undefined;
}

/**
 * What the assistant knows of the handover that it asks for: undefined when `output.generic` asks for none. Some pages show
 * the message to the agent inside `transfer_info`, web chats a summary; what an assistant adds for the desk counts before its
 * variables. Undefined members are left out, so that nobody ever reads `undefined`.
 * Source: cloud.ibm.com/docs/watson-assistant, phone-actions, and the types of ibm-watson 12, read 2026-11-21.
 */
export function wishOf(generic: readonly unknown[], context: unknown, language: unknown): Facts | undefined {
  const item = generic.findLast((one) => at(one, 'response_type') === 'connect_to_agent');
  if (item === undefined) return undefined;
  const summary = listAt(item, 'transfer_info', 'summary_message_to_agent').flatMap((one) => textAt(one, 'text') ?? []);
  const reason =
    textAt(item, 'message_to_human_agent') ??
    textAt(item, 'transfer_info', 'message_to_human_agent') ??
    textAt({ summary: summary.join('\n') }, 'summary');
  const topic = textAt(item, 'topic');
  const languages = [language, at(context, 'global', 'system', 'locale')];
  const facts: Facts = {
    reason: reason === undefined ? undefined : clipped(reason.trim(), MAX_TEXT_BYTES),
    topic: topic === undefined ? undefined : clipped(topic.trim(), MAX_TOPIC_BYTES),
    language: languages.find((one): one is string => v.is(languageTag, one)),
    fields: collectedIn(context, at(item, 'transfer_info', 'additional_data')),
    sessionHistoryKey: historyKeyOf(item, context),
    transferTarget: targetOf(textAt(item, 'transfer_info', 'target', 'service_desk', 'sip', 'uri')),
    customerPhone: phoneOf(context),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The value of a SIP header of the call's INVITE, whatever the case of its name. */
export function inviteHeader(context: unknown, name: string): string | undefined {
  const headers = Object.entries(Object(at(context, 'integrations', 'voice_telephony', 'sip_custom_invite_headers')));
  const found = headers.find(([key]) => key.toLowerCase() === name);
  return typeof found?.[1] === 'string' ? found[1].trim() : undefined;
}
