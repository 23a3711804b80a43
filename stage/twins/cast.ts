import type { Env } from '../../shared/core/settings.ts';
import type { StageRequests } from '../requests.ts';
import type { TwinAddresses } from '../settings.ts';
import type { TwinParts } from '../twin.ts';
import type { SendWebhook } from '../webhooks.ts';
import { type BotTwin, openBotTwin } from './bot/twin.ts';
import { type BotcopyTwin, openBotcopyTwin } from './botcopy/twin.ts';
import { type DeskTwin, openDeskTwin } from './desk/twin.ts';
import { type GenesysTwin, openGenesysTwin } from './genesys/twin.ts';
import { openRasaTwin, type RasaTwin } from './rasa/twin.ts';
import { openServiceNowTwin, type ServiceNowTwin } from './servicenow/twin.ts';
import { openTwilioTwin, type TwilioTwin } from './twilio/twin.ts';
import { openWatsonTwin, type WatsonTwin } from './watson/twin.ts';

/** All twins together. */
export interface Cast {
  readonly twilio: TwilioTwin;
  readonly watson: WatsonTwin;
  readonly botcopy: BotcopyTwin;
  readonly desk: DeskTwin;
  readonly bot: BotTwin;
  readonly servicenow: ServiceNowTwin;
  readonly genesys: GenesysTwin;
  readonly rasa: RasaTwin;
  /** Where those listen that the functions send to. */
  readonly addresses: Omit<TwinAddresses, 'dynamodb'>;
  /** By which they are directed. */
  readonly requests: StageRequests;
  reset(): void;
  close(): Promise<void>;
}

interface CastParts extends TwinParts {
  /** Read whenever a twin needs a setting: their addresses are settings themselves. */
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
  /** Whether a function of this name is served. */
  readonly serves: (name: string) => boolean;
}

export async function openCast(parts: CastParts): Promise<Cast> {
  const watson = await openWatsonTwin(parts);
  const [twilio, botcopy, desk, bot, servicenow, genesys, rasa] = await Promise.all([
    openTwilioTwin({ ...parts, watson }),
    openBotcopyTwin(parts),
    openDeskTwin(parts),
    openBotTwin(parts),
    openServiceNowTwin(parts),
    openGenesysTwin(parts),
    openRasaTwin(parts),
  ]);
  const listening = { twilio, watson, botcopy, desk, bot, servicenow, genesys, rasa };
  const all = Object.values(listening);
  const reset = () => {
    for (const twin of all) twin.reset();
  };
  return {
    ...listening,
    addresses: {
      twilio: twilio.listener.url,
      watson: watson.listener.url,
      botcopy: botcopy.listener.url,
      desk: desk.listener.url,
      bot: bot.listener.url,
      servicenow: servicenow.listener.url,
      genesys: genesys.listener.url,
      rasa: rasa.listener.url,
    },
    requests: Object.assign({}, ...all.map((twin) => twin.requests)),
    reset,
    async close() {
      reset();
      await Promise.all(Object.values(listening).map((twin) => twin.listener.close()));
    },
  };
}
