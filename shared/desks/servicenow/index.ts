import * as v from 'valibot';
import { agentLink } from '../../core/callers/agent-link.ts';
import { agentLinkSettings } from '../../core/callers/session-secret.ts';
import type { Desk } from '../../core/handover/desk.ts';
import type { SendHttp } from '../../core/http.ts';
import { publicUrls } from '../../core/public-urls.ts';
import { optional, type SettingsOf, settings, text, together } from '../../core/settings.ts';
import type { HandoverRecord } from '../../core/table.ts';
import { serviceNowSettings } from '../../servicenow/settings.ts';
import { tableApi } from '../../servicenow/table-api.ts';
import { queueFor, queueSettings } from '../queues.ts';
import { toVirtualAgent } from './client.ts';
import { incidentDesk } from './incident-desk.ts';
import type { Along } from './summary.ts';
import { started, told } from './translate.ts';

/** The instance, which of its two ways is taken, and what the link to the agent's page is made of. */
export const serviceNowDeskSettings = together(
  serviceNowSettings,
  settings({
    SERVICENOW_DESK: optional(v.picklist(['agent', 'incident']), 'agent', {
      is: 'how ServiceNow takes a conversation: agent chats with a live agent, incident opens one and relays its comments',
    }),
    SERVICENOW_TOKEN: optional(text(), undefined, {
      is: 'message authentication of the bot integration, sent as the header token, where the instance asks for it',
      secret: true,
    }),
  }),
  queueSettings,
  publicUrls,
  agentLinkSettings,
);

/** ServiceNow tells of its queue within seconds of taking a conversation; a call of it that got lost is made up for by the next. */
const SPEAKS_WITHIN_MS = 2 * 60_000;

type DeskSettings = SettingsOf<typeof serviceNowDeskSettings>;

interface Parts {
  readonly settings: DeskSettings;
  readonly send: SendHttp;
}

/** Live agents by way of Virtual Agent. The ticket is the handover itself: ServiceNow names none when it is asked. */
function agentDesk({ settings: own, send }: Parts, along: (handover: HandoverRecord) => Along): Desk {
  const post = toVirtualAgent(own, send);
  return {
    async open(handover, lines, deadline) {
      await post(started(handover, lines, along(handover)), deadline);
      return handover.handoverId;
    },
    speaksWithinMs: SPEAKS_WITHIN_MS,
    tell: (ref, event, eventId, deadline) => post(told(ref, event, eventId), deadline),
  };
}

/** People in ServiceNow: in its chat, or with an incident. */
export function serviceNowDesk(parts: Parts): Desk {
  const { SESSION_SECRET: secret, SERVICENOW_DESK, SERVICENOW_USER, DESK_QUEUES, urls } = parts.settings;
  // Signed for the moment of the opening, so that an opening that is repeated is the same.
  const along = ({ handoverId, openedAtMs, topic }: HandoverRecord): Along => ({
    queue: queueFor(DESK_QUEUES, topic),
    link: secret === undefined ? undefined : agentLink(urls, secret, handoverId, openedAtMs),
  });
  return SERVICENOW_DESK === 'agent'
    ? agentDesk(parts, along)
    : incidentDesk({ table: tableApi(parts.settings, parts.send), user: SERVICENOW_USER, along });
}
