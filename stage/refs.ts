import { at } from '../shared/core/at.ts';
import { conversationOf } from '../shared/core/handover/conversation.ts';
import type { StageEvent } from './events.ts';
import { chatSidsIn, idsInTwilioForm } from './flex-refs.ts';

type Refs = Pick<StageEvent, 'handoverId' | 'conversationId'>;

/** Which conversation has which handover, as far as the stage has seen it on the wire. */
export interface HandoverRefs {
  /** Reads the ids out of a request; the one that is not in it is filled in from what was seen before. */
  of(event: Pick<StageEvent, 'url' | 'headers' | 'body'>): Refs;
  learn(conversationId: string, handoverId: string): void;
  reset(): void;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

function jsonObject(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}

/** The ids that stand in a request: in headers, in a JSON body or its `data`, in a form, in the query. A call is its own conversation. */
function readRefs({ url, headers, body }: Pick<StageEvent, 'url' | 'headers' | 'body'>): Refs {
  const form = new URLSearchParams(
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? body : '',
  );
  const json = jsonObject(body);
  const data = { ...json, ...Object(json.data), ...idsInTwilioForm(form) } as Record<string, unknown>;
  const query = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams();
  const named = (name: string) => text(data[name]) ?? text(form.get(name)) ?? text(query.get(name));
  const botId = named('botId');
  const userId = named('userId');
  const both = botId && userId ? conversationOf({ botId, userId }) : undefined;
  const handoverId = text(headers['x-handover-id']) ?? named('handoverId') ?? named('HandoverId') ?? named('handover');
  // Genesys tells its own id of a conversation by that name; ours is whom it writes to.
  const written = text(at(json, 'channel', 'to', 'id'));
  const conversationId =
    text(headers['x-conversation-id']) ??
    written ??
    named('conversationId') ??
    both ??
    named('ParentCallSid') ??
    named('CallSid');
  return { ...(handoverId && { handoverId }), ...(conversationId && { conversationId }) };
}

const MOST_REMEMBERED = 10_000;

function remember(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > MOST_REMEMBERED ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}

export function handoverRefs(): HandoverRefs {
  const handovers = new Map<string, string>();
  const conversations = new Map<string, string>();
  /** By the SIDs of Twilio. */
  const chats = new Map<string, string>();
  const learn = (conversationId: string, handoverId: string) => {
    remember(handovers, conversationId, handoverId);
    remember(conversations, handoverId, conversationId);
  };
  return {
    learn,
    of(event) {
      const read = readRefs(event);
      const { conversationId } = read;
      const sids = chatSidsIn(event);
      const handoverId = read.handoverId ?? sids.map((sid) => chats.get(sid)).find((id) => id !== undefined);
      if (read.handoverId) for (const sid of sids) remember(chats, sid, read.handoverId);
      if (handoverId && conversationId) learn(conversationId, handoverId);
      const knownHandover = handoverId ?? (conversationId && handovers.get(conversationId));
      const knownConversation = conversationId ?? (handoverId && conversations.get(handoverId));
      return {
        ...(knownHandover && { handoverId: knownHandover }),
        ...(knownConversation && { conversationId: knownConversation }),
      };
    },
    reset() {
      handovers.clear();
      conversations.clear();
      chats.clear();
    },
  };
}
