import type { Caller } from '../core/function.ts';
import type { DeskTelling } from '../core/handover/desk-telling.ts';
import type { SettingsGroup } from '../core/settings.ts';
import { flexTelling } from './flex/events.ts';
import { genesysTelling } from './genesys/index.ts';
import { serviceNowTelling } from './servicenow/events.ts';

/** Twilio tells of web chats too, which there may be beside any desk: so it is heard whatever `DESK` says, but for those below. */
const twilioTelling: DeskTelling = flexTelling;

/** Desks that call `desk-events` themselves, each with a proof of its own. */
const ownTellings: ReadonlyMap<string, DeskTelling> = new Map([
  ['genesys', genesysTelling as DeskTelling],
  ['servicenow', serviceNowTelling],
]);

/** How the chosen desk tells us things. */
export function deskTelling(desk: string): DeskTelling {
  return ownTellings.get(desk) ?? twilioTelling;
}

/** The settings of the chosen desk's caller alone: those of the others are not asked for. */
const callerSettings: SettingsGroup<{ readonly DESK: string }> = {
  get infos() {
    const own = [...ownTellings].flatMap(([desk, { caller }]) =>
      caller.settings.infos.map((info) => ({ ...info, onlyIf: `DESK=${desk}` })),
    );
    return [...twilioTelling.caller.settings.infos, ...own];
  },
  read(env, faults) {
    const DESK = env.DESK ?? '';
    return { ...deskTelling(DESK).caller.settings.read(env, faults), DESK };
  },
};

/**
 * Who tells what happens at a desk: Genesys and ServiceNow by secrets of their own where they are chosen, else Twilio. On
 * Twilio Functions its gateway lets nobody in but Twilio.
 */
export const deskEventsCaller: Caller<unknown, { readonly DESK: string }> = {
  kind: 'twilio',
  settings: callerSettings,
  needsRawBody: false,
  shutOnTwilio: ({ DESK = '' }) =>
    ownTellings.has(DESK)
      ? `desk-events takes nothing from ${DESK} on Twilio Functions, whose gateway lets nobody through but Twilio: deploy it elsewhere and name it in FUNCTION_URLS`
      : undefined,
  check: (call) => deskTelling(call.settings.DESK).caller.check(call),
};
