import type { Env } from '../../../../shared/core/settings.ts';
import type { StageClock } from '../../../clock.ts';
import type { SendWebhook } from '../../../webhooks.ts';
import { type ClientSockets, clientSockets } from '../conversations/client-sockets.ts';
import { type Conversations, conversations } from '../conversations/conversations.ts';
import { type MediaFiles, mediaFiles } from '../conversations/media.ts';
import { type ServiceWebhook, tellWebhooks } from '../conversations/webhooks.ts';
import { conversationRoutes } from '../rest/conversations.ts';
import { interactionRoutes } from '../rest/interactions.ts';
import type { Route } from '../rest/route.ts';
import { type WebChats, webChats } from '../rest/web-chats.ts';
import { workspaceRoutes } from '../rest/workspace.ts';
import { webhookLine } from '../webhook-line.ts';
import { type FlexAgents, flexAgents } from './agents.ts';
import { type Interactions, interactions } from './interactions.ts';
import { eventsGoTo, tellTaskEvents, type Workspace } from './task-events.ts';
import type { TaskQueue } from './tasks.ts';

/** Twilio's chats: Conversations, and Flex in which agents answer them. */
export interface Flex {
  readonly routes: readonly Route[];
  readonly conversations: Conversations;
  readonly interactions: Interactions;
  readonly agents: FlexAgents;
  readonly sockets: ClientSockets;
  readonly chats: WebChats;
  readonly media: MediaFiles;
  reset(): void;
}

export interface FlexParts {
  readonly env: () => Env;
  readonly clock: StageClock;
  readonly sendWebhook: SendWebhook;
  readonly tasks: TaskQueue;
  readonly serves: (name: string) => boolean;
  /** Where a browser that knows us by this host sends files. */
  readonly mediaUrl: (host: string) => string;
}

/** What a service tells from the start, as an account is set up for us. */
const asSetUp = (): ServiceWebhook => ({
  url: undefined,
  method: 'POST',
  filters: ['onMessageAdded', 'onParticipantRemoved', 'onConversationStateUpdated'],
});

export function flex(parts: FlexParts): Flex {
  const { env, clock, tasks, serves, mediaUrl } = parts;
  const line = webhookLine(parts);
  const workspace: Workspace = { eventCallbackUrl: undefined };
  const service = asSetUp();
  const chat = conversations(clock);
  const media = mediaFiles(env, clock);
  const sockets = clientSockets({ env, clock, conversations: chat, mediaUrl, media: media.find });
  const all = interactions({ clock, conversations: chat, tasks });
  const agents = flexAgents({ tasks, interactions: all, conversations: chat, types: sockets.types });
  const chats = webChats({ env, conversations: chat, interactions: all });
  tellWebhooks({ env, line, conversations: chat, service, serves });
  tellTaskEvents({ env, clock, line, workspace, serves }, tasks);
  const flexApi = { env, nowMs: clock.nowMs, conversations: chat, interactions: all, tasks, agents };
  return {
    routes: [
      chats.route,
      ...conversationRoutes({ env, clock, conversations: chat, service, serves }),
      ...interactionRoutes(flexApi),
      ...workspaceRoutes({ env, workspace, eventsGoTo: () => eventsGoTo({ env, workspace, serves }) }),
    ],
    conversations: chat,
    interactions: all,
    ...{ agents, sockets, chats, media },
    reset() {
      line.reset();
      workspace.eventCallbackUrl = undefined;
      Object.assign(service, asSetUp());
      sockets.reset();
      for (const part of [chat, all, chats, media]) part.reset();
    },
  };
}
