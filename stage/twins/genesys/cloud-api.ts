import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import type { TwinAnswer, TwinRequest } from '../../twin.ts';
import { inboundEvent, inboundMessage, observationQuery, update } from './cloud-bodies.ts';
import { agentOf, type CloudConversations, isOpen } from './cloud-conversations.ts';
import { failure } from './cloud-failure.ts';
import { cloudTokens } from './cloud-tokens.ts';

interface ApiParts {
  readonly conversations: CloudConversations;
  readonly env: () => Env;
  readonly nowMs: () => number;
  readonly agentsOnline: () => number;
}

/** A body of that shape, or what is wrong with it. */
function bodyOf<T>(schema: v.GenericSchema<unknown, T>, { headers, body }: TwinRequest): T | TwinAnswer {
  if (headers['content-type'] !== 'application/json') return failure(415, 'unsupported.media.type', 'JSON, please');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  return failure(400, 'bad.request', `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
}

const isAnswer = (value: object): value is TwinAnswer => 'status' in value;

/** Genesys Cloud's login and API, as far as Open Messaging and availability need them. */
export function cloudApi({ conversations, env, nowMs, agentsOnline }: ApiParts) {
  const tokens = cloudTokens(env, nowMs);

  function inbound(request: TwinRequest, integrationId: string, resource: string): TwinAnswer {
    if (integrationId !== env().GENESYS_INTEGRATION_ID) return failure(404, 'not.found', 'No such integration');
    if (resource === 'event') {
      const event = bodyOf(inboundEvent, request);
      if (isAnswer(event)) return event;
      conversations.typing(event.channel.from.id);
      return { status: 200, body: { id: randomUUID(), ...event } };
    }
    const message = bodyOf(inboundMessage, request);
    if (isAnswer(message)) return message;
    const { id } = conversations.take(message);
    const asked = request.query.get('prefetchConversationId') === 'true';
    return { status: 200, body: { id: randomUUID(), type: 'Text', ...message, ...(asked && { conversationId: id }) } };
  }

  function conversation(request: TwinRequest, id: string): TwinAnswer {
    const found = conversations.find(id);
    if (!found) return failure(404, 'not.found', 'The requested resource was not found');
    if (request.method === 'GET') return { status: 200, body: { id, participants: found.participants } };
    const change = bodyOf(update, request);
    if (isAnswer(change)) return change;
    if (!isOpen(found)) return failure(409, 'conversation.over', 'The conversation is over');
    conversations.disconnect(found, 'client');
    return { status: 200, body: { id, participants: found.participants } };
  }

  function observed(request: TwinRequest): TwinAnswer {
    const query = bodyOf(observationQuery, request);
    if (isAnswer(query)) return query;
    const queueId = query.filter.predicates[0]?.value;
    const waiting = conversations.all().filter((one) => isOpen(one) && !agentOf(one)).length;
    const users = [{ metric: 'oOnQueueUsers', qualifier: 'IDLE', stats: { count: agentsOnline() } }];
    const lines = [{ metric: 'oWaiting', stats: { count: waiting } }];
    const results = [
      { group: { queueId }, data: users },
      { group: { queueId, mediaType: 'message' }, data: lines },
    ];
    return { status: 200, body: { results } };
  }

  /** Undefined for what is none of the API's. */
  function answer(request: TwinRequest): TwinAnswer | undefined {
    const { method, path } = request;
    if (path === '/oauth/token') return tokens.grant(request);
    if (!path.startsWith('/api/v2/')) return undefined;
    const refusal = tokens.refusal(request);
    if (refusal) return refusal;
    const route = `${method} ${path.slice('/api/v2'.length)}`;
    const [, integrationId, resource] =
      /^POST \/conversations\/messages\/([^/]+)\/inbound\/open\/(message|event)$/.exec(route) ?? [];
    if (integrationId && resource) return inbound(request, integrationId, resource);
    const [, id] = /^(?:GET|PATCH) \/conversations\/messages\/([^/]+)$/.exec(route) ?? [];
    if (id) return conversation(request, id);
    if (route === 'POST /analytics/queues/observations/query') return observed(request);
    if (/^GET \/routing\/queues\/[^/]+\/mediatypes\/message\/estimatedwaittime$/.test(route))
      return { status: 200, body: { results: [{ intent: 'MESSAGE', formula: 'BEST', estimatedWaitTimeSeconds: 95 }] } };
    return failure(404, 'not.found', 'The requested resource was not found');
  }

  return { answer, reset: tokens.reset };
}
