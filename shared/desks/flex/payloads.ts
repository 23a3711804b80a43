import * as v from 'valibot';
import { id } from '../../core/decode.ts';

/*
 * What Twilio posts to `desk-events`. Only `EventType` is sure; whatever else is missing or malformed is left out. Sources:
 * twilio.com/docs, Conversations webhooks, TaskRouter event and assignment callbacks, read 2026-11-21; `TimestampMs` is in the
 * recorded events of twilio-professional-services/flex-project-template (2023-08-23).
 */

const text = v.fallback(v.optional(v.string()), undefined);
const sid = v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}[0-9a-f]{32}$/))), undefined);

/** JSON in a text; an empty object for anything else. */
const jsonText = v.fallback(
  v.pipe(
    v.string(),
    v.parseJson(),
    v.check((value) => typeof value === 'object' && value !== null),
    v.transform((value) => value as Readonly<Record<string, unknown>>),
  ),
  {},
);

const named = v.fallback(v.optional(id), undefined);
const inside = v.fallback(v.optional(v.object({ handoverId: named })), undefined);

/** Of a task: which handover it is about, and what it came from. */
const taskAttributes = v.pipe(
  jsonText,
  v.object({
    handoverId: named,
    // Where Flex, or a flow of one's own, puts what a web chat brought along.
    pre_engagement_data: inside,
    preEngagementData: inside,
    call_sid: text,
    type: text,
  }),
  v.transform(({ handoverId, pre_engagement_data, preEngagementData, call_sid, type }) => ({
    handoverId: handoverId ?? pre_engagement_data?.handoverId ?? preEngagementData?.handoverId,
    callSid: call_sid,
    isCallBack: type === 'callback',
  })),
);

/** Of a worker: what customers may see, and where they are called. Flex writes the first two. */
const workerAttributes = v.pipe(
  jsonText,
  v.object({ full_name: text, image_url: text, avatarUrl: text, contact_uri: text }),
);

const media = v.fallback(
  v.pipe(
    v.string(),
    v.parseJson(),
    v.array(
      v.pipe(
        v.object({ Filename: text }),
        v.transform(({ Filename }) => Filename),
      ),
    ),
  ),
  [],
);

/** One callback of Twilio, as far as it is understood. */
export const twilioEvent = v.object({
  EventType: text,
  Timestamp: text,
  TimestampMs: text,
  Source: text,
  ConversationSid: sid,
  MessageSid: sid,
  ParticipantSid: sid,
  Identity: text,
  Author: text,
  Body: text,
  Media: media,
  DateCreated: text,
  DateRemoved: text,
  StateTo: text,
  StateUpdated: text,
  TaskSid: sid,
  TaskAttributes: taskAttributes,
  TaskChannelUniqueName: text,
  ReservationSid: sid,
  WorkerSid: sid,
  WorkerName: text,
  WorkerAttributes: workerAttributes,
});

export type TwilioEvent = v.InferOutput<typeof twilioEvent>;
