import { agentLink } from '../../core/callers/agent-link.ts';
import { agentLinkSettings } from '../../core/callers/session-secret.ts';
import type { Clock } from '../../core/clock.ts';
import type { Desk } from '../../core/handover/desk.ts';
import type { DeskTelling } from '../../core/handover/desk-telling.ts';
import type { SendHttp } from '../../core/http.ts';
import { publicUrls } from '../../core/public-urls.ts';
import { readAs, type SettingsGroup, type SettingsOf, together } from '../../core/settings.ts';
import { queueFor, queueSettings } from '../queues.ts';
import { genesysCaller } from './caller.ts';
import { cloudDesk } from './cloud/index.ts';
import { genesysTold, perhapsOver } from './events.ts';
import { icwsDesk } from './icws/index.ts';
import { genesysSettings } from './settings.ts';

const shape = together(publicUrls, agentLinkSettings, genesysSettings, queueSettings);

type GenesysDeskSettings = SettingsOf<typeof shape>;

/** What the desk needs: who is reached and how, and which queue is for which topic. */
export const genesysDeskSettings: SettingsGroup<GenesysDeskSettings> = readAs(shape, (env, faults) => {
  const before = faults.length;
  const own = shape.read(env, faults);
  const isWhole = faults.length === before;
  if (isWhole && own.genesys.form === 'icws' && queueFor(own.DESK_QUEUES, undefined) === undefined)
    faults.push('DESK_QUEUES is missing (PureConnect must be told a workgroup for *, all topics that have none)');
  return own;
});

interface GenesysParts {
  readonly settings: GenesysDeskSettings;
  readonly send: SendHttp;
  readonly clock: Clock;
}

/** Agents at Genesys: Genesys Cloud, or a PureConnect server. Nothing is sent before it is used. */
export function genesysDesk({ settings: own, send, clock }: GenesysParts): Desk {
  const { genesys, urls, SESSION_SECRET: secret, DESK_QUEUES } = own;
  const reached = {
    send,
    queueOf: (topic: string | undefined) => queueFor(DESK_QUEUES, topic),
    linkTo: (handoverId: string) =>
      secret === undefined ? undefined : agentLink(urls, secret, handoverId, clock.nowMs()),
  };
  return genesys.form === 'icws'
    ? icwsDesk({ url: genesys.url, ...reached })
    : cloudDesk({ settings: genesys, clock, ...reached });
}

/** How Genesys Cloud tells us what happens there. PureConnect is looked at instead. */
export const genesysTelling: DeskTelling<SettingsOf<(typeof genesysCaller)['settings']>> = {
  caller: genesysCaller,
  told: genesysTold,
  perhapsOver,
};
