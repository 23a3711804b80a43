import type { PortContext } from '../core/function.ts';
import type { Desk } from '../core/handover/desk.ts';
import { chosen, type SettingsOf } from '../core/settings.ts';
import { sendHttp } from '../http/client.ts';
import { genesysDesk, genesysDeskSettings } from './genesys/index.ts';
import { serviceNowDesk, serviceNowDeskSettings } from './servicenow/index.ts';
import { stageDeskSettings } from './stage/index.ts';
import { webhookDesk, webhookDeskSettings } from './webhook/index.ts';

const groups = {
  genesys: genesysDeskSettings,
  servicenow: serviceNowDeskSettings,
  webhook: webhookDeskSettings,
  stage: stageDeskSettings,
};

/** The desks that `DESK` may name. */
export const deskNames = Object.keys(groups) as readonly (keyof typeof groups)[];

/** `DESK`, and what the chosen one needs. */
export const deskSettings = chosen('DESK', groups, undefined, {
  is: 'where people answer',
  example: 'webhook',
});

type DeskSettings = SettingsOf<typeof deskSettings>;

/** Opens the chosen desk. Nothing is sent before it is used. */
export function openDesk({ settings, clock }: Pick<PortContext<DeskSettings>, 'settings' | 'clock'>): Desk {
  const send = sendHttp;
  switch (settings.DESK) {
    case 'genesys':
      return genesysDesk({ settings, send, clock });
    case 'servicenow':
      return serviceNowDesk({ settings, send });
    case 'webhook':
      return webhookDesk({ url: settings.DESK_WEBHOOK_URL, secrets: settings.DESK_WEBHOOK_SECRET, send, clock });
    case 'stage':
      return webhookDesk({ url: settings.STAGE_DESK_URL, secrets: settings.STAGE_DESK_SECRET, send, clock });
  }
}
