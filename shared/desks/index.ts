import type { Clock } from '../core/clock.ts';
import type { PortContext } from '../core/function.ts';
import type { Desk } from '../core/handover/desk.ts';
import { NotTaken } from '../core/handover/not-taken.ts';
import { chosen, type Env, readAs, type SettingsOf, together } from '../core/settings.ts';
import { sendHttp } from '../http/client.ts';
import { isWebChat } from '../twilio/flex-ticket.ts';
import { webChatCalls, webChatReach } from '../twilio/web-chat-reach.ts';
import { flexDesk, flexDeskSettings } from './flex/index.ts';
import { genesysDesk, genesysDeskSettings } from './genesys/index.ts';
import { serviceNowDesk, serviceNowDeskSettings } from './servicenow/index.ts';
import { stageDeskSettings } from './stage/index.ts';
import { webhookDesk, webhookDeskSettings } from './webhook/index.ts';
import { withWebChats } from './with-web-chats.ts';

const groups = {
  flex: flexDeskSettings,
  genesys: genesysDeskSettings,
  servicenow: serviceNowDeskSettings,
  webhook: webhookDeskSettings,
  stage: stageDeskSettings,
};

/** The desks that `DESK` may name. */
export const deskNames = Object.keys(groups) as readonly (keyof typeof groups)[];

const chosenSettings = chosen('DESK', groups, undefined, {
  is: 'where people answer',
  example: 'webhook',
});

/** `DESK`, what the chosen one needs, and how web chats beside it are reached. */
export const deskSettings = together(chosenSettings, webChatReach);

type DeskSettings = SettingsOf<typeof deskSettings>;

function chosenDesk(settings: SettingsOf<typeof chosenSettings>, clock: Clock): Desk {
  const send = sendHttp;
  switch (settings.DESK) {
    case 'flex':
      return flexDesk({ settings, send, clock });
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

/** Flex without its Conversations takes calls alone, by the same name. */
const isWithoutChats = ({ DESK, FLEX_CONVERSATIONS_SERVICE_SID }: Env): boolean =>
  !DESK || DESK === 'phone' || (DESK === 'flex' && !FLEX_CONVERSATIONS_SERVICE_SID);

/** The same where people may be on the phone alone, or nowhere: then nothing of a desk is asked for. */
export const chatDeskSettings = together(
  readAs<SettingsOf<typeof chosenSettings> | { readonly DESK: undefined }>(
    {
      get infos() {
        return chosenSettings.infos.map((info) => (info.name === 'DESK' ? { ...info, optional: true } : info));
      },
      read: chosenSettings.read,
    },
    (env, faults) => (isWithoutChats(env) ? { DESK: undefined } : chosenSettings.read(env, faults)),
  ),
  webChatReach,
);

type ChatDeskContext = Pick<PortContext<SettingsOf<typeof chatDeskSettings>>, 'settings' | 'clock'>;

/** Opens the desk where people answer chats; undefined where there is none. */
export function openChatDesk({ settings, clock }: ChatDeskContext): Desk | undefined {
  return settings.DESK === undefined ? undefined : openDesk({ settings, clock });
}

const isNowhere = async (): Promise<never> => {
  throw new NotTaken('unreachable', 'there is no desk for chats here');
};

/** The same, and where there is none, what reaches web chats; undefined where those are not set up either. */
export function openDeskOrWebChats(context: ChatDeskContext): Desk | undefined {
  const calls = webChatCalls(context.settings, sendHttp);
  const alone = calls && withWebChats({ open: isNowhere, tell: isNowhere }, calls);
  return openChatDesk(context) ?? alone;
}

/** Who has a ticket, as far as it can be reached from here: beside a desk that others have, web chats alone. */
export function openDesksByTicket(context: ChatDeskContext): (ticket: string) => Desk | undefined {
  const desk = openDeskOrWebChats(context);
  const isAlone = context.settings.DESK === undefined;
  return (ticket) => (isAlone && !isWebChat(ticket) ? undefined : desk);
}

/** Opens the chosen desk, and what reaches web chats beside it. Nothing is sent before they are used. */
export function openDesk({ settings, clock }: Pick<PortContext<DeskSettings>, 'settings' | 'clock'>): Desk {
  return withWebChats(chosenDesk(settings, clock), webChatCalls(settings, sendHttp));
}
