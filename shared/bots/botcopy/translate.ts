import * as v from 'valibot';
import { at, listAt, textAt } from '../../core/at.ts';
import { languageTag } from '../../core/decode.ts';
import type { Asked, HandoverWish, ToBot } from '../../core/handover/bot.ts';
import { MAX_FIELDS, scalars } from '../../core/handover/fields.ts';
import { clipped } from '../../core/handover/line.ts';
import { linesOf } from './history.ts';
import type { WebhookBody } from './payloads.ts';

const MAX_REASON_BYTES = 1_000;
const MAX_TOPIC_BYTES = 200;

/** The last part of a context's name, in lower case: both pages and both platforms write it differently. */
const contextName = (context: unknown): string =>
  (textAt(context, 'name') ?? '').split('/').at(-1)?.toLowerCase() ?? '';

function wishOf({ session, queryInput, queryParams, dialogflowResponse, messageHistory }: WebhookBody): HandoverWish {
  const [response] = Array.isArray(dialogflowResponse) ? dialogflowResponse : [dialogflowResponse];
  const result = at(response, 'queryResult');
  const contexts = [...listAt(queryParams, 'contexts'), ...listAt(result, 'outputContexts')];
  // Of a session of CX before the answer, and after it.
  const collected = [...scalars(at(queryParams, 'parameters')), ...scalars(at(result, 'parameters'))];
  const known = [
    ...contexts
      .filter((one) => contextName(one).startsWith('botcopy-'))
      .flatMap((one) => scalars(at(one, 'parameters'))),
    ...collected,
    ...scalars({ session }),
  ];
  const everywhere = new Map([...contexts.flatMap((one) => scalars(at(one, 'parameters'))), ...collected]);
  const department = everywhere.get('bcDepartment') ?? everywhere.get('bc-department');
  const languages = [
    textAt(result, 'languageCode'),
    textAt(queryInput, 'text', 'languageCode'),
    textAt(queryInput, 'languageCode'),
  ];
  const reason = textAt(result, 'intent', 'displayName') ?? textAt(result, 'match', 'intent', 'displayName');
  return {
    // Departments: Botcopy's documentation, livechat/botcopylc.md, read 2026-11-21.
    topic: department === undefined ? undefined : clipped(department.trim(), MAX_TOPIC_BYTES),
    reason: reason === undefined ? undefined : clipped(reason, MAX_REASON_BYTES),
    name: undefined,
    language: languages.find((language) => v.is(languageTag, language)),
    fields: Object.fromEntries([...new Map(known)].slice(0, MAX_FIELDS)),
    lines: linesOf(messageHistory),
  };
}

/**
 * What a webhook asks. A body with `dialogflowResponse` asks for a person: Botcopy sends one only when it has seen the
 * trigger that was set in its portal, so the name of the trigger need not be known here.
 */
export function askedBy(body: WebhookBody): Asked {
  const text = body.queryInput?.text?.text?.trim() ?? '';
  if (typeof body.dialogflowResponse === 'object' && body.dialogflowResponse !== null)
    return { kind: 'person', text, wish: wishOf(body) };
  return body.eventType === 'user_typing' ? { kind: 'typing' } : { kind: 'said', text };
}

/**
 * The body of a push. `{kind:'ended'}` becomes `{eventType:'channel_update', paused:false, userId, botId}`: an
 * `unpauseChatEvent` that is missing means the same as `default`.
 */
export function pushBody(
  ids: { readonly userId: string; readonly botId: string },
  event: Exclude<ToBot, { readonly kind: 'call' }>,
) {
  const { name, avatarUrl } = event.agent ?? {};
  const profile = { ...(name === undefined ? {} : { name }), ...(avatarUrl === undefined ? {} : { avatarUrl }) };
  const agent = Object.keys(profile).length > 0 ? { agentProfile: profile } : {};
  switch (event.kind) {
    case 'message':
      return {
        eventType: 'message',
        ...ids,
        text: event.text,
        paused: true,
        minutesPaused: event.minutesPaused,
        ...agent,
      };
    case 'typing':
      return { eventType: 'user_typing', ...ids, paused: true, minutesPaused: event.minutesPaused, ...agent };
    case 'agent':
      return { eventType: 'channel_update', ...ids, paused: true, minutesPaused: event.minutesPaused, ...agent };
    case 'ended': {
      const fires = event.botEvent === undefined ? {} : { unpauseChatEvent: event.botEvent };
      return { eventType: 'channel_update', ...ids, paused: false, ...fires, ...agent };
    }
  }
}
