import * as v from 'valibot';
import { Problem } from '../../../shared/core/problems.ts';
import type { Env } from '../../../shared/core/settings.ts';
import { type StageRequest, type StageRequests, takes } from '../../requests.ts';
import { type Listener, openTwin, type TwinParts } from '../../twin.ts';
import type { SendWebhook } from '../../webhooks.ts';
import { type AgentDoes, cloudAgents } from './cloud-agent.ts';
import { cloudApi } from './cloud-api.ts';
import { cloudConversations } from './cloud-conversations.ts';
import { failure } from './cloud-failure.ts';
import { icwsApi } from './icws-api.ts';
import { icwsChats } from './icws-chats.ts';

const AGENT = 'Ada';

const acting = v.strictObject({
  ticket: v.optional(v.string()),
  handoverId: v.optional(v.string()),
  conversationId: v.optional(v.string()),
  agent: v.optional(v.string(), AGENT),
  text: v.optional(v.string(), ''),
  /** `Bot`: the flow says it. */
  by: v.optional(v.picklist(['Human', 'Bot']), 'Human'),
  /** False where no workflow tells of an end: then only a look finds it. */
  isTold: v.optional(v.boolean(), true),
});

type Acting = v.InferOutput<typeof acting>;

const online = v.strictObject({ online: v.pipe(v.number(), v.integer(), v.minValue(0)) });

/** Genesys, as both are spoken to: Genesys Cloud with its login, and a PureConnect server. */
export interface GenesysTwin {
  readonly listener: Listener;
  readonly requests: StageRequests;
  reset(): void;
}

interface GenesysParts extends TwinParts {
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
}

export async function openGenesysTwin({ env, sendWebhook, ...parts }: GenesysParts): Promise<GenesysTwin> {
  const nowMs = () => parts.clock.nowMs();
  let agentsOnline = 1;
  const conversations = cloudConversations(nowMs);
  const chats = icwsChats(nowMs);
  const webChat = icwsApi(chats);
  const api = cloudApi({ conversations, env, nowMs, agentsOnline: () => agentsOnline });
  const actInCloud = cloudAgents({ conversations, env, sendWebhook, nowMs });

  const fits = ({ ticket, handoverId, conversationId }: Acting, ids: readonly (string | undefined)[]): boolean =>
    [ticket, handoverId, conversationId].every((named) => named === undefined || ids.includes(named));

  const act = (does: (input: Acting) => AgentDoes): StageRequest =>
    takes(acting, async (input) => {
      const found = conversations.all().findLast((one) => fits(input, [one.id, one.fromId, one.attributes.handoverId]));
      const chat = chats.all().findLast((one) => fits(input, [one.chatId, one.handoverId, one.conversationId]));
      if (found) {
        const reply = await actInCloud(found, does(input), input.agent, input.isTold);
        return { status: reply?.status ?? 0, conversation: found };
      }
      if (!chat) throw new Problem('not_found', { extra: { reason: 'no such conversation' } });
      chats.act(chat, does(input).is, input.agent, input.text);
      return { status: 0, chat };
    });

  const listener = await openTwin(parts, {
    vendor: 'genesys',
    answer: (request) => api.answer(request) ?? webChat(request) ?? failure(404, 'not.found', 'Not found'),
    problem: (status) => ({
      ...failure(status, status === 429 ? 'too.many.requests' : 'internal.server.error', 'Failed'),
      headers: status === 429 ? { 'retry-after': '1' } : {},
    }),
    // The client's secret and the tokens are no one's business, twins or not.
    recorded: ({ authorization, ...headers }) => (authorization ? { ...headers, authorization: '…' } : headers),
  });
  return {
    listener,
    requests: {
      'GET /_stage/genesys': () => ({ conversations: conversations.all(), chats: chats.all() }),
      'POST /_stage/genesys/take': act(() => ({ is: 'take' })),
      'POST /_stage/genesys/say': act(({ text, by }) => ({ is: 'say', text, entity: by })),
      'POST /_stage/genesys/typing': act(() => ({ is: 'typing' })),
      'POST /_stage/genesys/leave': act(() => ({ is: 'leave' })),
      'POST /_stage/genesys/end': act(() => ({ is: 'end' })),
      'POST /_stage/genesys/agents': takes(online, (input) => {
        agentsOnline = input.online;
      }),
      'POST /_stage/genesys/switch-over': () => chats.switchOver(),
    },
    reset() {
      conversations.reset();
      chats.reset();
      api.reset();
      agentsOnline = 1;
    },
  };
}
