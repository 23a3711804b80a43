import * as v from 'valibot';
import type { Deadline } from '../../../core/deadline.ts';
import type { HandoverRef } from '../../../core/handover/desk.ts';
import { type GenesysCloud, isGone } from './client.ts';
import { accepted, conversation, type Participant } from './payloads.ts';

const TYPING_TRY_MS = 800;

type Refs = Pick<HandoverRef, 'handoverId' | 'conversationId'>;

/** Open Messaging's calls. All throw `NotTaken`. */
export interface OpenMessaging {
  /** Words, which open a conversation or join the one that is open. Resolves to its id; undefined where none is told. */
  message(refs: Refs, body: unknown, deadline: Deadline): Promise<string | undefined>;
  event(refs: Refs, body: unknown, deadline: Deadline): Promise<void>;
  /** Ends a conversation for everybody in it; one that is over stays so. */
  disconnect(refs: Refs, ticket: string, deadline: Deadline): Promise<void>;
  /** The same for the one to which words came, unless another handover began it: then people have that customer now. */
  disconnectOwn(refs: Refs, came: string, deadline: Deadline): Promise<void>;
  participants(ticket: string, deadline: Deadline, tryMs?: number): Promise<readonly Participant[]>;
}

export function openMessaging(cloud: GenesysCloud, integrationId: string): OpenMessaging {
  const inbound = `/api/v2/conversations/messages/${integrationId}/inbound/open`;
  const pathOf = (ticket: string) => `/api/v2/conversations/messages/${encodeURIComponent(ticket)}`;
  const messaging: OpenMessaging = {
    async message(refs, body, deadline) {
      const path = `${inbound}/message?prefetchConversationId=true`;
      const parsed = v.safeParse(accepted, await cloud.ask({ method: 'POST', path, body, refs }, deadline));
      return parsed.success ? parsed.output.conversationId : undefined;
    },
    async event(refs, body, deadline) {
      await cloud.ask({ method: 'POST', path: `${inbound}/event`, body, refs, tryMs: TYPING_TRY_MS }, deadline);
    },
    async disconnect(refs, ticket, deadline) {
      const body = { state: 'disconnected' };
      try {
        await cloud.ask({ method: 'PATCH', path: pathOf(ticket), body, refs }, deadline);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    async disconnectOwn(refs, came, deadline) {
      const participants = await messaging.participants(came, deadline);
      const isOfOther = ({ attributes: { handoverId = refs.handoverId } }: Participant) =>
        handoverId !== refs.handoverId;
      if (!participants.some(isOfOther)) await messaging.disconnect(refs, came, deadline);
    },
    async participants(ticket, deadline, tryMs) {
      const call = { method: 'GET', path: pathOf(ticket), ...(tryMs === undefined ? {} : { tryMs }) } as const;
      const parsed = v.safeParse(conversation, await cloud.ask(call, deadline));
      return parsed.success ? parsed.output.participants : [];
    },
  };
  return messaging;
}
