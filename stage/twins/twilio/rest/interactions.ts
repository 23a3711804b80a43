import type { Env } from '../../../../shared/core/settings.ts';
import type { TwinAnswer } from '../../../twin.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { FlexAgents } from '../flex/agents.ts';
import type { Interaction, Interactions, Routing } from '../flex/interactions.ts';
import type { TaskQueue } from '../flex/tasks.ts';
import { newSid } from '../sid.ts';
import { isoSeconds, type Resource } from './conversation-resources.ts';
import { notFound, refusal } from './errors.ts';
import { formFault } from './form.ts';
import { channelInput, closing, creating, inviting, jsonIn, routingInput, transferInput } from './interaction-rules.ts';
import type { Asked, Route } from './route.ts';
import { taskResource } from './tasks.ts';

interface Parts {
  readonly env: () => Env;
  readonly nowMs: () => number;
  readonly conversations: Conversations;
  readonly interactions: Interactions;
  readonly tasks: TaskQueue;
  readonly agents: FlexAgents;
}

const HOST = 'https://flex-api.twilio.com/v1';
const urlOf = ({ sid: own }: Interaction) => `${HOST}/Interactions/${own}`;
const channelUrl = (interaction: Interaction) => `${urlOf(interaction)}/Channels/${interaction.channelSid}`;

function channelResource(interaction: Interaction): Resource {
  const url = channelUrl(interaction);
  return {
    ...{ sid: interaction.channelSid, interaction_sid: interaction.sid, type: interaction.channelType },
    ...{ status: interaction.status, error_code: null, error_message: null, url },
    links: { invites: `${url}/Invites`, participants: `${url}/Participants`, transfers: `${url}/Transfers` },
  };
}

/** How interactions are shown, and what a routing says. */
function interactionViews({ env, nowMs, tasks }: Parts) {
  const invitedTask = ({ invites }: Interaction) => tasks.all().find(({ sid: own }) => own === invites.at(-1)?.taskSid);
  const routingShown = (interaction: Interaction) => {
    const task = invitedTask(interaction);
    return task ? { properties: taskResource(task, env(), nowMs()), reservation: null } : null;
  };
  return {
    invitedTask,
    routingShown,
    shown: (interaction: Interaction): Resource => ({
      sid: interaction.sid,
      channel: { sid: interaction.channelSid, type: interaction.channelType },
      routing: routingShown(interaction),
      interaction_context_sid: null,
      webhook_ttid: null,
      url: urlOf(interaction),
      links: { channels: `${urlOf(interaction)}/Channels` },
    }),
    /** The routing of a form; undefined where there is none, false where Twilio cannot follow it. */
    routingIn(form: URLSearchParams): Routing | undefined | false {
      if (!form.has('Routing')) return undefined;
      const parsed = jsonIn(form.get('Routing'), routingInput)?.properties;
      if (!parsed || parsed.workspace_sid !== env().FLEX_WORKSPACE_SID) return false;
      const {
        workflow_sid: workflowSid,
        task_channel_unique_name: taskChannel,
        attributes,
        priority,
        timeout,
      } = parsed;
      return { workflowSid, taskChannel, attributes, priority, timeoutSec: timeout };
    },
  };
}

const badRouting = () => refusal(400, 20001, 'Invalid Routing');

/** A conversation is handed to Flex. */
function creates({ conversations, interactions }: Parts, views: ReturnType<typeof interactionViews>): Route['answer'] {
  return ({ form }) => {
    const fault = formFault(creating, form);
    if (fault) return fault;
    const channel = jsonIn(form.get('Channel'), channelInput);
    if (!channel) return refusal(400, 20001, 'Invalid Channel');
    const routing = views.routingIn(form);
    if (routing === false) return badRouting();
    const conversation = conversations.find(channel.properties.media_channel_sid);
    if (!conversation) return refusal(404, 20404, 'The media channel was not found');
    // Source: Twilio's page on error 45354, read 2026-11-21.
    if (conversation.state === 'closed')
      return refusal(400, 45354, 'Cannot create a Channel for a closed Conversation');
    const isTaken = interactions
      .all()
      .some((one) => one.conversationSid === conversation.sid && one.status !== 'closed');
    if (isTaken) return refusal(409, 20409, 'The conversation belongs to another interaction');
    const interaction = interactions.create(conversation, channel.type, channel.initiated_by, routing);
    return { status: 200, body: views.shown(interaction) };
  };
}

/** Interactions of Flex: a conversation is handed to it, closed, offered to others. */
export function interactionRoutes(parts: Parts): readonly Route[] {
  const { env, nowMs, interactions, agents } = parts;
  const views = interactionViews(parts);

  const one = (
    method: 'GET' | 'POST',
    below: string,
    answer: (asked: Asked, interaction: Interaction) => TwinAnswer,
  ): Route => ({
    ...{ method, host: 'flex-api.twilio.com', path: new RegExp(`^/v1/Interactions/(KD\\w+)${below}$`) },
    takesJson: below.endsWith('/Transfers'),
    answer(asked) {
      const [own = '', channel] = asked.ids;
      const interaction = interactions.find(own);
      const isThere = interaction && (channel === undefined || channel === interaction.channelSid);
      return isThere ? answer(asked, interaction) : notFound(asked.path);
    },
  });

  function close({ form }: Asked, interaction: Interaction): TwinAnswer {
    const fault = formFault(closing, form);
    if (fault) return fault;
    const status = form.get('Status') === 'closed' ? 'closed' : 'inactive';
    if (status === 'inactive' && !form.has('Routing')) return refusal(400, 20001, 'Routing is required with inactive');
    interactions.close(interaction, status);
    return { status: 200, body: channelResource(interaction) };
  }

  function invite({ form }: Asked, interaction: Interaction): TwinAnswer {
    const fault = formFault(inviting, form);
    if (fault) return fault;
    const routing = views.routingIn(form);
    if (!routing) return badRouting();
    if (interaction.status === 'closed') return refusal(400, 45354, 'The channel is closed');
    const { sid: own } = interactions.invite(interaction, 'api', routing);
    const about = { interaction_sid: interaction.sid, channel_sid: interaction.channelSid };
    const url = `${channelUrl(interaction)}/Invites/${own}`;
    return { status: 200, body: { sid: own, ...about, routing: views.routingShown(interaction), url } };
  }

  function transfer({ body }: Asked, interaction: Interaction): TwinAnswer {
    const wanted = jsonIn(body, transferInput);
    if (!wanted) return refusal(400, 20001, 'Invalid transfer');
    const task = views.invitedTask(interaction);
    const chat = task && agents.chatOf(task);
    if (chat?.task.state !== 'assigned') return refusal(400, 20001, 'Nobody has the conversation');
    agents.transfers(chat, wanted.to);
    const own = newSid('UX');
    const moment = isoSeconds(nowMs());
    const resource = {
      ...{ sid: own, account_sid: env().TWILIO_ACCOUNT_SID ?? null, instance_sid: null, execution_sid: null },
      ...{ interaction_sid: interaction.sid, channel_sid: interaction.channelSid, type: wanted.type },
      ...{ status: 'completed', from: null, to: wanted.to, note_sid: null, summary_sid: null },
      ...{ date_created: moment, date_updated: moment, url: `${channelUrl(interaction)}/Transfers/${own}` },
    };
    return { status: 201, body: resource };
  }

  return [
    { method: 'POST', host: 'flex-api.twilio.com', path: /^\/v1\/Interactions$/, answer: creates(parts, views) },
    one('GET', '', (_, interaction) => ({ status: 200, body: views.shown(interaction) })),
    one('GET', '/Channels', ({ path }, interaction) => {
      const url = `https://flex-api.twilio.com${path}?PageSize=50&Page=0`;
      const links = { first_page_url: url, previous_page_url: null, next_page_url: null, url };
      const meta = { key: 'channels', page: 0, page_size: 50, ...links };
      return { status: 200, body: { channels: [channelResource(interaction)], meta } };
    }),
    one('GET', '/Channels/(UO\\w+)', (_, interaction) => ({ status: 200, body: channelResource(interaction) })),
    one('POST', '/Channels/(UO\\w+)', close),
    one('POST', '/Channels/(UO\\w+)/Invites', invite),
    one('POST', '/Channels/(UO\\w+)/Transfers', transfer),
  ];
}
