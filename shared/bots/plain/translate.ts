import type { Asked, ToBot } from '../../core/handover/bot.ts';
import type { HandoverRef } from '../../core/handover/desk.ts';
import type { PlainBody } from './payloads.ts';

/** What a bot asks in the plain form: `{conversationId, handover:{topic:'billing'}}` asks for a person. */
export function askedBy({ text = '', handover, end }: PlainBody): Asked {
  const words = text.trim();
  if (end) return { kind: 'end', text: words };
  if (!handover) return { kind: 'said', text: words };
  const { topic, reason, name, language, fields = {}, lines = [] } = handover;
  return { kind: 'person', text: words, wish: { topic, reason, name, language, fields, lines } };
}

interface BotEvent {
  readonly type: 'handover.message' | 'handover.typing' | 'handover.agent' | 'handover.ended' | 'handover.call';
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the bot is sent: `{kind:'typing'}` becomes `{type:'handover.typing', data:{handoverId, conversationId}}`. */
export function botEvent({ conversationId, handoverId }: HandoverRef, event: ToBot): BotEvent {
  const ids = { handoverId, conversationId };
  if (event.kind === 'call') {
    const { requestId, status, reason } = event;
    return { type: 'handover.call', data: { ...ids, requestId, status, ...(reason === undefined ? {} : { reason }) } };
  }
  const { agent } = event;
  const data = { ...ids, ...(agent === undefined ? {} : { agent }) };
  switch (event.kind) {
    case 'message':
      return { type: 'handover.message', data: { ...data, text: event.text } };
    case 'ended': {
      const { reason, botEvent: begins } = event;
      return {
        type: 'handover.ended',
        data: { ...data, reason, ...(begins === undefined ? {} : { botEvent: begins }) },
      };
    }
    case 'typing':
    case 'agent':
      return { type: `handover.${event.kind}`, data };
  }
}
