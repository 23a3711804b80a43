import { at, listAt, membersAt, textAt } from '../../core/at.ts';
import type { Standing } from '../../core/handover/bot.ts';
import type { AnswerParts, AskedByTelling } from '../../core/handover/bot-told.ts';
import type { Facts } from '../../core/handover/context.ts';
import { json, type Reply } from '../../core/reply.ts';
import { JOIN_PROOF_NAME } from '../../core/web-chat/join-proof.ts';
import { inWords, sentencesFor } from './action-answer.ts';

type Payload = Readonly<Record<string, unknown>>;

/** What a customer reads where nothing says their language. */
const LANGUAGE = 'en';

const isConnect = (item: unknown): item is Payload => at(item, 'response_type') === 'connect_to_agent';

/**
 * Whether the customer is on the phone, where a transfer is how people are reached: by the channel, else by where the call
 * is to go. Source: cloud.ibm.com/docs/watson-assistant, dialog-integrations, read 2026-11-28.
 */
function isOnThePhone(context: unknown, transferTarget: string | undefined): boolean {
  const channels = membersAt(context, 'integrations');
  if (Object.hasOwn(channels, 'voice_telephony')) return true;
  const isWritten = ['chat', 'text_messaging'].some((channel) => Object.hasOwn(channels, channel));
  return !isWritten && transferTarget !== undefined;
}

/** The item with the handover that it led to, for a service desk in the customer's page. */
function ledTo(item: Payload, { handoverId }: { readonly handoverId?: string | undefined }, proof: string | undefined) {
  if (handoverId === undefined) return item;
  const info = membersAt(item, 'transfer_info');
  const more = { handover_id: handoverId, ...(proof === undefined ? {} : { [JOIN_PROOF_NAME]: proof }) };
  return { ...item, transfer_info: { ...info, additional_data: { ...membersAt(info, 'additional_data'), ...more } } };
}

/** What the customer reads in place of an item that led nowhere: the assistant's own words for that, else ours. */
function ledNowhere(
  item: Payload,
  { reason, opensAt }: Extract<Standing, { readonly paused: false }>,
  language: string | undefined,
  hours: AnswerParts['hours'],
): Payload {
  const says = sentencesFor(language, LANGUAGE);
  const when = inWords(opensAt, hours, says);
  const isKnown = reason !== 'state_unavailable';
  const ours = when === undefined ? (isKnown ? says.nobodyComes : says.maybeSomebodyComes) : says.backFrom(when);
  return { response_type: 'text', text: textAt(item, 'agent_unavailable', 'message') ?? ours };
}

/**
 * What a `connect_to_agent` in a chat asks, and how it is answered: with Watson's own payload, in which the item names the
 * handover, or is a text where nobody takes it. While somebody else is opening the handover the item stays as it is.
 * Undefined where nobody is asked for, and on the phone.
 */
export function askedInChat(payload: Payload, context: unknown, facts: Facts | undefined): AskedByTelling | undefined {
  const output = membersAt(payload, 'output');
  if (!facts || isOnThePhone(context, facts.transferTarget)) return undefined;
  const { topic, reason, name, language, fields = {} } = facts;

  const changed = (item: unknown, standing: Standing, { proof, hours }: AnswerParts): unknown => {
    if (!isConnect(item)) return item;
    if (standing.paused) return ledTo(item, standing, proof);
    return standing.reason === 'in_progress' ? item : ledNowhere(item, standing, language, hours);
  };
  return {
    wish: { topic, reason, name, language, fields, lines: [] },
    answer(standing, known): Reply {
      const answered = listAt(output, 'generic').map((item) => changed(item, standing, known));
      return json(200, { payload: { ...payload, output: { ...output, generic: answered } } });
    },
  };
}
