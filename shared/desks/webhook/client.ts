import type { Deadline } from '../../core/deadline.ts';
import { sendEvent, type WebhookTarget } from '../../http/standard-webhook.ts';
import type { DeskEvent } from './translate.ts';

/** One try, no matter what for; typing is worth less waiting. */
const TRY_MS = 1_500;
const TYPING_TRY_MS = 800;

/** Sends one event, once. Resolves to the JSON of the answer. Throws `NotTaken`. */
export function postEvent(
  target: WebhookTarget,
  { type, data }: DeskEvent,
  eventId: string,
  deadline: Deadline,
): Promise<unknown> {
  return sendEvent(target, { id: eventId, type, data }, type === 'handover.typing' ? TYPING_TRY_MS : TRY_MS, deadline);
}
