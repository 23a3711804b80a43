import * as v from 'valibot';
import { anyText, type FormRule, oneOf, sid } from './form.ts';

/** Every parameter of each request. Source: Twilio's OpenAPI, twilio_flex_v1 of @twilio/cli-core 8.3.2. */
const missing = (name: string) => [20001, `Missing required parameter ${name} in the post body`] as const;
export const creating: FormRule = {
  fields: { Channel: anyText, Routing: anyText, InteractionContextSid: sid('HQ'), WebhookTtid: anyText },
  required: { Channel: missing('Channel') },
};
export const closing: FormRule = {
  fields: { Status: oneOf('closed', 'inactive'), Routing: anyText },
  required: { Status: missing('Status') },
};
export const inviting: FormRule = { fields: { Routing: anyText }, required: { Routing: missing('Routing') } };

/** What stands in the JSON of a parameter. Source: Twilio's page on the interaction resource, read 2026-11-21. */
export const channelInput = v.object({
  type: v.picklist(['voice', 'sms', 'email', 'web', 'whatsapp', 'chat', 'messenger', 'gbm']),
  initiated_by: v.picklist(['customer', 'agent', 'api']),
  properties: v.object({ media_channel_sid: v.string() }),
});
export const routingInput = v.object({
  properties: v.object({
    workspace_sid: v.string(),
    workflow_sid: v.pipe(v.string(), v.regex(/^WW[0-9a-f]{32}$/)),
    task_channel_unique_name: v.optional(v.string(), 'default'),
    queue_sid: v.optional(v.string()),
    worker_sid: v.optional(v.string()),
    attributes: v.optional(v.record(v.string(), v.unknown()), {}),
    priority: v.optional(v.number()),
    timeout: v.optional(v.number()),
  }),
});
export const transferInput = v.object({
  type: v.optional(v.picklist(['warm', 'cold', 'external']), 'cold'),
  to: v.string(),
});

/** What stands in a text of JSON; undefined where it is malformed. */
export function jsonIn<T>(text: string | null, schema: v.GenericSchema<unknown, T>): T | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text ?? ''));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
