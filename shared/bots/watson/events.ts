import * as v from 'valibot';
import { at, listAt, textAt } from '../../core/at.ts';
import { ID } from '../../core/decode.ts';
import type { BotTold } from '../../core/handover/bot-told.ts';
import type { GivenLine } from '../../core/handover/line.ts';
import { sha256 } from '../../core/hash.ts';
import { askedInChat } from './asked-in-chat.ts';
import { assistantLines, customerWords } from './said.ts';
import { inviteHeader, wishOf } from './transfer.ts';

/**
 * What Watson's log webhook and its post-message webhook send. Their payloads are those of `/message` with further members
 * that nobody promises, so everything inside is read as if it might be missing.
 * Source: cloud.ibm.com/docs/watson-assistant, webhook-log, webhook-post and cdr-log-reference, read 2026-11-21.
 */
const eventBody = v.object({
  event: v.object({ name: v.string() }),
  payload: v.custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
});

/** What one request can store in its time, and many more than a turn or a call has: what is beyond is a mistake. */
const MAX_ITEMS = 500;
const MAX_SESSIONS = 50;

const nothing = {
  bot: 'watson',
  event: 'other',
  conversations: [],
  lines: [],
  handoverId: undefined,
  legSid: undefined,
  wish: undefined,
  endReason: undefined,
  atMs: undefined,
} as const satisfies BotTold;

const idIn = (...candidates: readonly unknown[]): string | undefined =>
  candidates.find((one): one is string => typeof one === 'string' && ID.test(one));

function timeOf(text: string | undefined): number | undefined {
  const atMs = Date.parse(text ?? '');
  return Number.isFinite(atMs) ? atMs : undefined;
}

/** Sessions count their turns alike, and a handover may have several: so an id names its session too. */
const inSession = (session: string): string => sha256(session).toString('base64url').slice(0, 8);

/**
 * Names a line of a turn by its place: `turn-0003-b-000-` and its session. Both webhooks have `turn_count` in the context,
 * only the log has a `log_id`, so the count names a turn wherever there is a session that it counts in. Undefined when
 * nothing names it.
 */
function lineNames(
  session: string | undefined,
  turn: unknown,
  logId: string | undefined,
): (place: string) => string | undefined {
  const counts = typeof turn === 'number' && Number.isInteger(turn) && turn >= 0 && turn < 1e6;
  if (session !== undefined && counts) {
    const number = String(turn).padStart(4, '0');
    return (place) => `turn-${number}-${place}-${inSession(session)}`;
  }
  return (place) => (logId === undefined ? undefined : `log-${logId.slice(0, 100)}-${place}`);
}

/** A turn as either webhook tells it: only the log has the customer's words and the times. */
function turnTold(event: 'turn' | 'answer', payload: Readonly<Record<string, unknown>>): BotTold {
  const response = at(payload, 'response') ?? payload;
  const context = at(response, 'context') ?? at(payload, 'request', 'context');
  const session = idIn(at(payload, 'session_id'), at(context, 'global', 'session_id'));
  const user = idIn(at(context, 'global', 'system', 'user_id'), at(response, 'user_id'), at(payload, 'user_id'));
  const conversationId = session ?? user;
  const turn = at(context, 'global', 'system', 'turn_count');
  const named = lineNames(session, turn, idIn(at(payload, 'log_id')));
  const askedAtMs = timeOf(textAt(payload, 'request_timestamp'));
  const answeredAtMs = timeOf(textAt(payload, 'response_timestamp')) ?? askedAtMs;
  const words = customerWords(at(payload, 'request', 'input'));
  const asked: readonly GivenLine[] =
    words === undefined ? [] : [{ by: 'customer', text: words, atMs: askedAtMs, id: named('a-customer') }];
  const generic = listAt(response, 'output', 'generic');
  const wish = wishOf(generic, context, at(payload, 'language'));
  const answered = assistantLines(generic.slice(0, MAX_ITEMS)).map(({ place, ...line }) => ({
    ...line,
    atMs: answeredAtMs,
    id: named(`b-${String(place).padStart(3, '0')}`),
  }));
  return {
    ...nothing,
    event,
    conversations: conversationId === undefined ? [] : [conversationId],
    lines: [...asked, ...answered],
    handoverId: idIn(inviteHeader(context, 'x-handover-id')),
    legSid: inviteHeader(context, 'x-twilio-callsid'),
    wish,
    // The log comes when the customer has the answer already.
    asks: event === 'answer' ? askedInChat(payload, context, wish) : undefined,
    atMs: answeredAtMs,
  };
}

/** What a call was told to have ended by: IBM's words, and whatever has their form. */
const END_REASON = /^[a-z_]{1,40}$/;

/** The record of a phone call: which sessions it held, and how the assistant's part of it ended. It has no words. */
function callTold(payload: unknown): BotTold {
  const sessions = listAt(payload, 'assistant_interaction_summaries').flatMap(
    (one) => idIn(at(one, 'session_id')) ?? [],
  );
  const given = textAt(payload, 'call', 'end_reason');
  const endReason = given !== undefined && END_REASON.test(given) ? given : 'unknown';
  const atMs = timeOf(textAt(payload, 'call', 'stop_timestamp'));
  const id = `call-ended-${inSession(sessions.at(-1) ?? '')}`;
  const custom = Object.entries(Object(at(payload, 'injected_custom_data')));
  return {
    ...nothing,
    event: 'call-ended',
    conversations: [...new Set(sessions)].slice(-MAX_SESSIONS),
    lines: [{ by: 'system', text: `The call with the assistant has ended: ${endReason}`, atMs, id }],
    handoverId: idIn(custom.find(([name]) => /^x[-_]handover[-_]id$/i.test(name))?.[1]),
    legSid: textAt(payload, 'x-global-sip-trunk-call-id'),
    endReason,
    atMs,
  };
}

function toldBy({ event, payload }: v.InferOutput<typeof eventBody>): BotTold {
  if (event.name === 'message_logged') return turnTold('turn', payload);
  if (event.name === 'message_processed') return turnTold('answer', payload);
  return event.name === 'cdr_logged' ? callTold(payload) : nothing;
}

/**
 * A turn or a call of Watson, as its log webhook or its post-message webhook tells it. Other events tell nothing.
 */
export const watsonTold: v.GenericSchema<unknown, BotTold> = v.pipe(eventBody, v.transform(toldBy));
