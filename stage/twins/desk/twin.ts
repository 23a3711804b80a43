import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { HttpAnswer } from '../../../shared/core/http.ts';
import { Problem } from '../../../shared/core/problems.ts';
import type { Env } from '../../../shared/core/settings.ts';
import { type StageRequests, takes } from '../../requests.ts';
import { type Listener, openTwin, type TwinAnswer, type TwinParts, type TwinRequest } from '../../twin.ts';
import type { SendWebhook } from '../../webhooks.ts';
import { signatureFault } from '../standard-webhooks.ts';
import { deskEvent, deskTickets, type Ticket, type Tickets } from './tickets.ts';

const WAIT_MS = 10_000;
const AGENT = 'Ada';

const which = {
  ticket: v.optional(v.string()),
  handoverId: v.optional(v.string()),
  conversationId: v.optional(v.string()),
};
const doing = v.strictObject({ ...which, agent: v.optional(v.string(), AGENT) });
const saying = v.strictObject({ ...which, agent: v.optional(v.string(), AGENT), text: v.string() });

/** The desk of `DESK=stage`: tickets, and an agent who answers through `handover-push`. */
export interface DeskTwin {
  readonly listener: Listener;
  readonly requests: StageRequests;
  readonly tickets: Tickets;
  /** The agent takes a ticket, writes, types, or gives the conversation back. Resolves to what handover-push answered. */
  act(ticket: Ticket, does: AgentDoes, agent?: string): Promise<HttpAnswer | undefined>;
  reset(): void;
}

export type AgentDoes =
  | { readonly is: 'take' }
  | { readonly is: 'say'; readonly text: string }
  | { readonly is: 'type' }
  | { readonly is: 'end' };

interface DeskParts extends TwinParts {
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
}

function pushOf(does: AgentDoes): Readonly<Record<string, unknown>> {
  switch (does.is) {
    case 'take':
      return { eventType: 'channel_update', paused: true, minutesPaused: 10 };
    case 'say':
      return { eventType: 'message', text: does.text, paused: true, minutesPaused: 10 };
    case 'type':
      return { eventType: 'user_typing', paused: true, minutesPaused: 10 };
    case 'end':
      return { eventType: 'channel_update', paused: false, unpauseChatEvent: 'default' };
  }
}

export async function openDeskTwin({ env, sendWebhook, ...parts }: DeskParts): Promise<DeskTwin> {
  const tickets = deskTickets();

  function answer(request: TwinRequest): TwinAnswer {
    const fault = signatureFault(request, env().STAGE_DESK_SECRET ?? '', parts.clock.nowMs());
    if (fault) return { status: 401, body: { message: fault } };
    const event = v.safeParse(v.pipe(v.string(), v.parseJson(), deskEvent), request.body);
    if (!event.success) {
      const [issue] = event.issues;
      return { status: 400, body: { message: `${v.getDotPath(issue) ?? 'body'}: ${issue.message}` } };
    }
    const ticket = tickets.take(request.headers['webhook-id'] ?? '', event.output);
    return { status: 200, body: { ticket: ticket.ticket } };
  }

  async function act(ticket: Ticket, does: AgentDoes, agent = AGENT): Promise<HttpAnswer | undefined> {
    const { userId, botId, conversationId, handoverId } = ticket;
    ticket.seq += 1;
    const reply = await sendWebhook({
      vendor: 'desk',
      method: 'POST',
      url: `${env().PUBLIC_BASE_URL}/handover-push`,
      headers: {
        'content-type': 'application/json',
        authorization: env().DESK_API_KEY?.split(' ')[0] ?? '',
      },
      body: JSON.stringify({
        ...(userId && botId ? { userId, botId } : { conversationId }),
        ...pushOf(does),
        agentProfile: { name: agent },
        handoverId,
        eventId: randomUUID(),
        seq: ticket.seq,
      }),
      waitMs: WAIT_MS,
    });
    if (reply?.status !== 200) return reply;
    if (does.is === 'say') {
      ticket.lines.push({ by: 'agent', text: does.text, atMs: parts.clock.nowMs(), id: randomUUID() });
    }
    ticket.state = does.is === 'end' ? 'ended' : 'taken';
    ticket.agent = agent;
    return reply;
  }

  const request = (does: (input: { text?: string }) => AgentDoes, schema: typeof doing | typeof saying) =>
    takes(schema as typeof saying, async (input) => {
      const ticket = tickets.find(input);
      if (!ticket) throw new Problem('not_found', { extra: { reason: 'no such ticket' } });
      const reply = await act(ticket, does(input), input.agent);
      return { status: reply?.status ?? 0, answer: reply?.body ?? '', ticket };
    });

  const listener = await openTwin(parts, {
    vendor: 'desk',
    answer,
    problem: (status) => ({
      status,
      headers: status === 429 ? { 'retry-after': '1' } : {},
      body: { message: 'failed' },
    }),
  });
  return {
    listener,
    tickets,
    act,
    requests: {
      'GET /_stage/desk': () => tickets.all(),
      'POST /_stage/desk/take': request(() => ({ is: 'take' }), doing),
      'POST /_stage/desk/say': request(({ text = '' }) => ({ is: 'say', text }), saying),
      'POST /_stage/desk/typing': request(() => ({ is: 'type' }), doing),
      'POST /_stage/desk/end': request(() => ({ is: 'end' }), doing),
    },
    reset: () => tickets.reset(),
  };
}
