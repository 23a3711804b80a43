import * as v from 'valibot';
import { ID } from '../../core/decode.ts';
import type { BotCall } from '../../core/handover/bot.ts';
import { json, type Reply } from '../../core/reply.ts';
import { payloadParts, preMessageBody } from './payloads.ts';
import { customerWords } from './said.ts';
import { tellReturn } from './tell-return.ts';

/** Tells Watson that the body is the answer to the customer: the assistant is not asked. Any value does. */
const SKIPS_ASSISTANT = { 'x-watson-assistant-webhook-return': 'true' };

function skip(spoken: string | undefined): Reply {
  const generic = spoken === undefined ? [] : [{ response_type: 'text', text: spoken }];
  return json(200, { output: { generic } }, SKIPS_ASSISTANT);
}

function callOf({ event, payload }: v.InferOutput<typeof preMessageBody>): BotCall {
  const { context, user_id } = v.parse(payloadParts, payload);
  const names = [context.global.session_id, context.global.system.user_id, user_id];
  const conversationId = names.find((name): name is string => typeof name === 'string' && ID.test(name));
  return {
    bot: 'watson',
    botId: undefined,
    conversationId: event.name === 'message_received' ? conversationId : undefined,
    asked: { kind: 'said', text: customerWords(payload.input) ?? '' },
    // Watson asks before every turn.
    inDoubt: 'bot',
    // The log webhook tells it as well, where there is one: what it tells again counts once.
    keepsWords: true,
    hearsOfReturn: true,
    answer(standing, _nowMs, spoken) {
      if (standing.paused) return skip(spoken);
      return json(200, { payload: standing.returned ? tellReturn(payload, standing.returned) : payload });
    },
  };
}

/**
 * Watson's pre-message webhook. The conversation is the session, else the user: `context.global.session_id`,
 * `context.global.system.user_id`, `user_id`. A call that names none is the assistant's.
 */
export const watsonCall: v.GenericSchema<unknown, BotCall> = v.pipe(preMessageBody, v.transform(callOf));
