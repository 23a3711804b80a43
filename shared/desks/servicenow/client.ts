import type { Deadline } from '../../core/deadline.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import type { SendHttp } from '../../core/http.ts';
import { postJson } from '../../http/post-json.ts';
import { instanceHeaders, instanceUrl, type ServiceNowSettings } from '../../servicenow/settings.ts';
import { isFailure } from './payloads.ts';
import type { BotRequest } from './translate.ts';

/** One try, no matter what for; typing is worth less waiting. */
const TRY_MS = 1_500;
const TYPING_TRY_MS = 800;

export type ToVirtualAgent = (request: BotRequest, deadline: Deadline) => Promise<void>;

/**
 * Sends one request to the bot integration of Virtual Agent, once. Resolves when ServiceNow has it, which does not say that
 * it can do anything with it: a wrong `token` shows only in the log of the instance. Throws `NotTaken`.
 */
export function toVirtualAgent(
  settings: ServiceNowSettings & { readonly SERVICENOW_TOKEN: string | undefined },
  send: SendHttp,
): ToVirtualAgent {
  const { SERVICENOW_TOKEN: token } = settings;
  const url = instanceUrl(settings, '/api/sn_va_as_service/bot/integration');
  const headers = { ...instanceHeaders(settings), ...(token === undefined ? {} : { token }) };
  return async (request, deadline) => {
    const tryMs = request.action === 'TYPING' ? TYPING_TRY_MS : TRY_MS;
    const answer = await postJson(send, { url, headers, body: JSON.stringify(request), tryMs, deadline });
    if (isFailure(answer)) throw new NotTaken('refused', 'the answer says failure');
  };
}
