import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { sidOf, type TwilioAnswer, type TwilioRest } from './rest.ts';

const HOST = 'flex-api.twilio.com';

/** How the channel of an interaction stands. */
export interface InteractionChannel {
  readonly sid: string;
  readonly status: 'setup' | 'active' | 'failed' | 'closed' | 'inactive' | 'pause' | 'transfer';
}

/** Where the task of an interaction goes, and what agents see of it. */
export interface Routing {
  readonly workspaceSid: string;
  readonly workflowSid: string;
  /** Absent where the workflow decides. */
  readonly queueSid: string | undefined;
  readonly taskChannel: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const made = v.pipe(
  v.object({ sid: sidOf('KD') }),
  v.transform(({ sid }) => sid),
);

const channel: v.GenericSchema<unknown, InteractionChannel> = v.object({
  sid: sidOf('UO'),
  status: v.picklist(['setup', 'active', 'failed', 'closed', 'inactive', 'pause', 'transfer']),
});

const channels = v.pipe(
  v.object({ channels: v.array(channel) }),
  v.transform((page) => page.channels),
);

/** Flex's Interactions: a conversation that is there already becomes a task for people. */
export interface Interactions {
  /** Resolves to its SID. Twilio has only accepted it by then. Never repeated by itself: there is no name for it. */
  create(conversationSid: string, routing: Routing, deadline: Deadline): Promise<TwilioAnswer<string>>;
  channels(interactionSid: string, deadline: Deadline): Promise<TwilioAnswer<readonly InteractionChannel[]>>;
  /**
   * Closes a channel, its conversation and its tasks, those that nobody has taken too. Twilio asks never to cancel such a
   * task in TaskRouter instead.
   */
  close(interactionSid: string, channelSid: string, deadline: Deadline): Promise<TwilioAnswer<unknown>>;
}

/** Source: Twilio's OpenAPI, twilio_flex_v1 of @twilio/cli-core 8.3.2; twilio.com/docs/flex, Interactions, read 2026-11-21. */
export function interactionsBy(rest: TwilioRest): Interactions {
  return {
    create(conversationSid, { workspaceSid, workflowSid, queueSid, taskChannel, attributes }, deadline) {
      const form = {
        Channel: JSON.stringify({
          type: 'web',
          initiated_by: 'customer',
          properties: { media_channel_sid: conversationSid },
        }),
        Routing: JSON.stringify({
          properties: {
            workspace_sid: workspaceSid,
            workflow_sid: workflowSid,
            queue_sid: queueSid,
            task_channel_unique_name: taskChannel,
            attributes,
          },
        }),
      };
      return rest.create(HOST, '/v1/Interactions', form, made, deadline);
    },
    channels: (interactionSid, deadline) =>
      rest.read(HOST, `/v1/Interactions/${interactionSid}/Channels`, channels, deadline),
    close: (interactionSid, channelSid, deadline) => {
      const form = { Status: 'closed', Routing: JSON.stringify({ status: 'closed' }) };
      const path = `/v1/Interactions/${interactionSid}/Channels/${channelSid}`;
      return rest.update(HOST, path, form, v.object({ sid: sidOf('UO') }), deadline);
    },
  };
}
