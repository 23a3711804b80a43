import * as v from 'valibot';
import { sameSecret } from '../../../shared/core/callers/secrets.ts';
import type { HttpAnswer } from '../../../shared/core/http.ts';
import { Problem } from '../../../shared/core/problems.ts';
import type { Env } from '../../../shared/core/settings.ts';
import { type StageRequests, takes } from '../../requests.ts';
import { type Listener, openTwin, type TwinAnswer, type TwinParts, type TwinRequest } from '../../twin.ts';
import type { SendWebhook } from '../../webhooks.ts';
import { type Conversation, type Conversations, virtualAgentConversations } from './conversations.ts';
import { instanceRecords, type Records, type Row } from './records.ts';
import { refusal, tableAnswer } from './table-api.ts';
import { type AgentDoes, virtualAgent } from './virtual-agent.ts';

/** ServiceNow's own limit for a connection, by default. */
const WAIT_MS = 5_000;
const AGENT = 'Bo Lind';
const RATE = { 'x-ratelimit-limit': '1000', 'x-ratelimit-rule': 'handover' };

const whose = { handoverId: v.optional(v.string()), agent: v.optional(v.string(), AGENT) };
const silence = v.strictObject({ isSilent: v.boolean() });
const acting = v.strictObject({ ...whose, text: v.optional(v.string(), '') });
const working = v.strictObject({
  ...whose,
  /** A comment that the customer can see. */
  comment: v.optional(v.string()),
  state: v.optional(v.picklist(['1', '2', '3', '6', '7', '8'])),
  /** Who writes, if not the agent: the user name of a caller, who can write in the portal. */
  by: v.optional(v.string()),
  /** False where the instance has no business rule: then only a look finds it. */
  isTold: v.optional(v.boolean(), true),
});

/** A ServiceNow instance: Virtual Agent with people behind it, and its tables. */
export interface ServiceNowTwin {
  readonly listener: Listener;
  readonly requests: StageRequests;
  readonly conversations: Conversations;
  readonly records: Records;
  reset(): void;
}

interface ServiceNowParts extends TwinParts {
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
}

/** How an agent works on an incident, and what the business rule of the documentation then tells. */
function incidentWork(records: Records, send: (body: object) => Promise<HttpAnswer | undefined>) {
  const userOf = (sysId = ''): Row | undefined => records.find('sys_user', sysId);

  function toldOf(incident: Row): object {
    const { sys_id = '', correlation_id, state, sys_updated_on, assigned_to, caller_id } = incident;
    const assigned = userOf(assigned_to);
    const newest = records.journal(sys_id, 'comments').slice(-10);
    return {
      incident: sys_id,
      handoverId: correlation_id,
      state,
      updatedAt: sys_updated_on,
      assignedTo: { id: assigned?.user_name ?? '', name: assigned?.name ?? '' },
      caller: userOf(caller_id)?.user_name ?? '',
      comments: newest.map((entry) => ({
        id: entry.sys_id,
        by: entry.sys_created_by,
        text: entry.value,
        at: entry.sys_created_on,
      })),
    };
  }

  return async ({ handoverId, agent, comment, state, by, isTold }: v.InferOutput<typeof working>) => {
    const incident = records.made().findLast((row) => handoverId === undefined || row.correlation_id === handoverId);
    if (!incident) throw new Problem('not_found', { extra: { reason: 'no such incident' } });
    const worker = records.table('sys_user')?.find(({ name }) => name === agent);
    const values: Row = {
      ...(by === undefined ? { assigned_to: worker?.sys_id ?? '', state: state ?? '2' } : {}),
      ...(comment === undefined ? {} : { comments: comment }),
    };
    records.update('incident', incident, values, by ?? worker?.user_name ?? '');
    const reply = isTold ? await send(toldOf(incident)) : undefined;
    return { status: reply?.status ?? 0, answer: reply?.body ?? '', incident };
  };
}

export async function openServiceNowTwin({ env, sendWebhook, ...parts }: ServiceNowParts): Promise<ServiceNowTwin> {
  const conversations = virtualAgentConversations();
  let isSilent = false;
  const records = instanceRecords(() => parts.clock.nowMs());
  const send = (body: object) =>
    sendWebhook({
      vendor: 'servicenow',
      method: 'POST',
      url: `${env().PUBLIC_BASE_URL}/desk-events`,
      headers: {
        'content-type': 'application/json',
        'x-handover-token': env().SERVICENOW_WEBHOOK_TOKEN?.split(' ')[0] ?? '',
      },
      body: JSON.stringify(body),
      waitMs: WAIT_MS,
    });
  const agents = virtualAgent(conversations, send);

  function answer(request: TwinRequest): TwinAnswer {
    const { SERVICENOW_USER: user = '', SERVICENOW_PASSWORD: password = '', SERVICENOW_TOKEN: token } = env();
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (!sameSecret(request.headers.authorization, expected))
      return refusal(401, 'User is not authenticated', 'Required to provide Auth information');
    if (request.path.startsWith('/api/now/')) {
      const reset = String(Math.ceil(parts.clock.nowMs() / 3_600_000) * 3_600);
      return { headers: { ...RATE, 'x-ratelimit-reset': reset }, ...tableAnswer(records, request, user) };
    }
    if (request.path !== '/api/sn_va_as_service/bot/integration')
      return refusal(400, 'Requested URI does not represent any resource', request.path);
    if (request.method !== 'POST') return refusal(405, 'Method not allowed');
    return agents.answer(request.body, !isSilent && (token === undefined || request.headers.token === token));
  }

  const conversationOf = (handoverId: string | undefined): Conversation => {
    const found = conversations.find({ handoverId });
    if (!found) throw new Problem('not_found', { extra: { reason: 'no such conversation' } });
    return found;
  };
  const act = (does: (text: string) => AgentDoes) =>
    takes(acting, async ({ handoverId, agent, text }) => {
      const conversation = conversationOf(handoverId);
      const reply = await agents.act(conversation, does(text), agent);
      return { status: reply?.status ?? 0, answer: reply?.body ?? '', conversation };
    });

  const listener = await openTwin(parts, {
    vendor: 'servicenow',
    answer,
    problem: (status) => ({
      ...refusal(status, status === 429 ? 'Rate limit exceeded' : 'Transaction cancelled', null),
      headers: status === 429 ? { ...RATE, 'retry-after': '1' } : {},
    }),
  });
  const withJournals = (row: Row) => ({
    ...row,
    comments: records.journal(row.sys_id ?? '', 'comments'),
    work_notes: records.journal(row.sys_id ?? '', 'work_notes'),
  });
  return {
    listener,
    conversations,
    records,
    requests: {
      'GET /_stage/servicenow': () => ({
        conversations: conversations.all(),
        incidents: records.made().map(withJournals),
      }),
      'POST /_stage/servicenow/accept': act(() => ({ is: 'accept' })),
      'POST /_stage/servicenow/say': act((text) => ({ is: 'say', text })),
      'POST /_stage/servicenow/type': act(() => ({ is: 'type' })),
      'POST /_stage/servicenow/end': act(() => ({ is: 'end' })),
      'POST /_stage/servicenow/silence': takes(silence, (asked) => {
        isSilent = asked.isSilent;
      }),
      'POST /_stage/servicenow/work': takes(working, incidentWork(records, send)),
    },
    reset() {
      isSilent = false;
      conversations.reset();
      records.reset();
    },
  };
}
