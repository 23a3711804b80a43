import type { Desk } from '../../core/handover/desk.ts';
import { partnerUrl } from '../../core/partner-url.ts';
import { required, settings, together } from '../../core/settings.ts';
import { type WebhookTarget, webhookSecrets } from '../../http/standard-webhook.ts';
import { postEvent } from './client.ts';
import { ticketIn } from './payloads.ts';
import { requested, told } from './translate.ts';

/** Where the desk's events go. */
export const webhookDeskSettings = together(
  partnerUrl('DESK_WEBHOOK_URL', {
    is: 'where the events of a webhook desk are POSTed',
    example: 'https://desk.example.com/handover',
  }),
  settings({
    DESK_WEBHOOK_SECRET: required(webhookSecrets, {
      is: 'signs the events of a webhook desk: whsec_ and base64; two separated by a space while it is rotated',
      secret: true,
    }),
  }),
);

/** Whatever sits behind a webhook: our events go there signed, its answers come to `handover-push`. */
export function webhookDesk(target: WebhookTarget): Desk {
  return {
    async open(handover, lines, deadline) {
      const eventId = `${handover.handoverId}-requested`;
      const answer = await postEvent(target, requested(handover, lines), eventId, deadline);
      return ticketIn(answer) ?? handover.handoverId;
    },
    async tell(ref, event, eventId, deadline) {
      await postEvent(target, told(ref, event), eventId, deadline);
    },
  };
}
