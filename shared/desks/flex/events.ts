import * as v from 'valibot';
import { ownParameter } from '../../core/call/own-parameter.ts';
import { phoneNumber } from '../../core/call/phone-number.ts';
import { twilioCaller } from '../../core/callers/twilio.ts';
import { ID } from '../../core/decode.ts';
import type { AgentProfile } from '../../core/handover/bot.ts';
import type { DeskTelling } from '../../core/handover/desk-telling.ts';
import type { DeskEvent, DeskTold } from '../../core/handover/desk-told.ts';
import type { Inbound } from '../../core/inbound.ts';
import { plainText } from '../../core/plain-text.ts';
import { isPublicPicture } from '../../core/public-picture.ts';
import { json, noContent, type Reply } from '../../core/reply.ts';
import { optional, type SettingsOf, settings, together } from '../../core/settings.ts';
import { isCustomer, isOurs } from './identities.ts';
import { overId } from './look.ts';
import { type TwilioEvent, twilioEvent } from './payloads.ts';

const parsed = (body: unknown): TwilioEvent | undefined => {
  const result = v.safeParse(twilioEvent, body);
  return result.success ? result.output : undefined;
};

/** When it happened; undefined for what is no time. Twilio writes seconds, milliseconds, or ISO 8601. */
function timeIn(text: string | undefined): number | undefined {
  const isCount = /^\d{10}(\d{3})?$/.test(text ?? '');
  const atMs = isCount ? Number(text?.padEnd(13, '0')) : Date.parse(text ?? '');
  return Number.isFinite(atMs) ? atMs : undefined;
}

const shownName = plainText(100);

/** What customers see of a worker: what Flex calls their full name, never the login. */
function profileOf({
  WorkerAttributes: { full_name = '', image_url, avatarUrl },
}: TwilioEvent): AgentProfile | undefined {
  const name = v.parse(v.fallback(shownName, undefined), full_name);
  const picture = [avatarUrl, image_url].find((url) => url !== undefined && isPublicPicture(url));
  const profile = { ...(name && { name }), ...(picture && { avatarUrl: picture }) };
  return Object.keys(profile).length > 0 ? profile : undefined;
}

/** Words, and the names of files: what is in them stays where it is. */
const wordsIn = ({ Body = '', Media }: TwilioEvent): string =>
  [Body, ...Media.map((name) => `[${name ?? 'file'}]`)].filter((part) => part.trim() !== '').join('\n');

interface Happened {
  readonly event: DeskEvent;
  readonly eventId: string;
  readonly at: string | undefined;
}

/** What happens in a conversation. What we write by REST is not told; what a flow says is nobody's word. */
function inConversation(told: TwilioEvent, handoverId: string, isShown: boolean): Happened | undefined {
  const { EventType, Author = '', Source, MessageSid, ParticipantSid, Identity = '', ConversationSid } = told;
  switch (EventType) {
    case 'onMessageAdded': {
      const text = wordsIn(told);
      if (MessageSid === undefined || text === '' || isOurs(Author)) return undefined;
      const at = told.DateCreated;
      if (isCustomer(Author)) return { event: { kind: 'customer', text }, eventId: MessageSid, at };
      if (Source === 'API' && ParticipantSid === undefined) return undefined;
      return { event: { kind: 'says', text, agent: undefined, isShown }, eventId: MessageSid, at };
    }
    case 'onParticipantRemoved':
      // A customer who leaves their page has not asked for an end; flex-token hears of one.
      if (ParticipantSid === undefined || Identity === '' || isCustomer(Identity)) return undefined;
      return { event: { kind: 'left', agent: undefined }, eventId: `${ParticipantSid}-left`, at: told.DateRemoved };
    case 'onConversationStateUpdated':
      if (told.StateTo !== 'closed' || ConversationSid === undefined) return undefined;
      return {
        event: { kind: 'ended', by: 'agent', agent: undefined },
        eventId: overId(handoverId),
        at: told.StateUpdated,
      };
    default:
      return undefined;
  }
}

/** What happens to a task: somebody has taken it, or it is on its way. Ends are looked at: one agent's part is not all. */
function inTaskRouter(told: TwilioEvent): Happened | undefined {
  const { EventType, ReservationSid, TaskSid, WorkerName, Timestamp, TimestampMs } = told;
  // By the whole second it would stand before what was said in that second.
  const at = TimestampMs ?? Timestamp;
  switch (EventType) {
    case 'reservation.accepted': {
      if (ReservationSid === undefined) return undefined;
      const agentId = WorkerName !== undefined && ID.test(WorkerName) ? WorkerName : undefined;
      return { event: { kind: 'joined', agent: profileOf(told), agentId }, eventId: `${ReservationSid}-joined`, at };
    }
    case 'task.transfer-initiated':
      if (TaskSid === undefined) return undefined;
      return { event: { kind: 'transferring' }, eventId: `${TaskSid}-${at}-transfer`, at };
    case 'task-queue.entered':
      if (TaskSid === undefined) return undefined;
      return { event: { kind: 'waiting' }, eventId: `${TaskSid}-${at}-waiting`, at };
    default:
      return undefined;
  }
}

/** A task of a phone call has its handover, too, and is the phone's. */
const isChat = ({ TaskAttributes: { callSid, isCallBack }, TaskChannelUniqueName }: TwilioEvent): boolean =>
  callSid === undefined && !isCallBack && TaskChannelUniqueName !== 'voice';

/** After these nobody may have it any more. */
const MAY_BE_AN_END = new Set([
  'workflow.timeout',
  'task.canceled',
  'task.deleted',
  'task.system-deleted',
  'task.wrapup',
  'task.completed',
]);

const ownHandover = (inbound: Inbound): string | undefined => {
  const named = ownParameter(inbound, 'handoverId');
  return named !== undefined && ID.test(named) ? named : undefined;
};

/** What the webhook of the whole service tells of a conversation that names no handover: of a web chat, which its visitor reads. */
function toldOfChat(event: TwilioEvent): readonly DeskTold[] {
  const { ConversationSid: ticket } = event;
  const happened = ticket === undefined ? undefined : inConversation(event, ticket, true);
  if (ticket === undefined || !happened) return [];
  return [{ about: { ticket }, event: happened.event, eventId: happened.eventId, atMs: timeIn(happened.at) }];
}

function told(body: unknown, inbound: Inbound): readonly DeskTold[] {
  const event = parsed(body);
  if (event?.EventType === undefined) return [];
  const isConversation = event.EventType.startsWith('on');
  const handoverId = ownHandover(inbound) ?? event.TaskAttributes.handoverId;
  const isOfChat = isConversation && ownParameter(inbound, 'handoverId') === undefined;
  if (handoverId === undefined) return isOfChat ? toldOfChat(event) : [];
  const isShown = ownParameter(inbound, 'shown') !== undefined;
  if (!isConversation && !isChat(event)) return [];
  const happened = isConversation ? inConversation(event, handoverId, isShown) : inTaskRouter(event);
  if (!happened) return [];
  return [{ about: { handoverId }, event: happened.event, eventId: happened.eventId, atMs: timeIn(happened.at) }];
}

function perhapsOver(body: unknown): string | undefined {
  const event = parsed(body);
  const isEnd = event !== undefined && MAY_BE_AN_END.has(event.EventType ?? '') && isChat(event);
  return isEnd ? event.TaskAttributes.handoverId : undefined;
}

const flexEventsSettings = together(
  twilioCaller.settings,
  settings({
    TWILIO_PHONE_NUMBER: optional(phoneNumber, undefined, {
      is: 'caller id of outbound legs, E.164',
      example: '+15005550010',
    }),
  }),
);

type FlexEventsSettings = SettingsOf<typeof flexEventsSettings>;

/** Where workers have a phone: a number or a SIP address. In Flex it is `client:`, and Flex UI answers for them. */
const PHONE = /^(\+[1-9]\d{6,14}|sips?:\S+)$/;

/**
 * What an assignment callback is answered: nothing, for Flex UI or the agent's own desktop accepts; but a caller whom
 * `<Enqueue>` put into line is joined with a worker who has only a phone.
 */
function assignmentAnswer(event: TwilioEvent, { TWILIO_PHONE_NUMBER: from }: FlexEventsSettings): Reply {
  const { contact_uri = '' } = event.WorkerAttributes;
  const isForPhone = event.TaskAttributes.callSid !== undefined && PHONE.test(contact_uri);
  return json(200, isForPhone && from !== undefined ? { instruction: 'dequeue', from } : {});
}

/** How Twilio tells of chats in Flex: Conversations webhooks, TaskRouter's events, and its question who is to answer. */
export const flexTelling: DeskTelling<FlexEventsSettings> = {
  caller: { ...twilioCaller, settings: flexEventsSettings },
  told,
  perhapsOver,
  answer(body, own) {
    const event = parsed(body);
    if (event?.EventType === undefined && event?.ReservationSid !== undefined) return assignmentAnswer(event, own);
    // TaskRouter takes an answer without a type for a fault.
    const isTaskRouter = event?.EventType?.includes('.') ?? false;
    return isTaskRouter ? { ...noContent(), headers: { 'content-type': 'application/json' } } : noContent();
  },
};
