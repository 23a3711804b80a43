import { partnerUrl } from '../../core/partner-url.ts';
import { required, settings, together } from '../../core/settings.ts';
import { webhookSecrets } from '../../http/standard-webhook.ts';

/** Where the desk of the local stage listens; the stage sets both for itself. */
export const stageDeskSettings = together(
  partnerUrl('STAGE_DESK_URL', { is: 'where the desk of the local stage listens' }),
  settings({
    STAGE_DESK_SECRET: required(webhookSecrets, {
      is: 'signs the events to the desk of the local stage',
      secret: true,
    }),
  }),
);
