import * as v from 'valibot';
import type { Caller, CallerCheck } from '../function.ts';
import type { Inbound } from '../inbound.ts';
import { Problem } from '../problems.ts';
import { optional, type SettingsGroup, type SettingsOf, settings, together, words } from '../settings.ts';
import { type BotProof, type BotSettings, botProof, optionalBotSettings } from './bot.ts';
import {
  issuedBySite,
  issuedToStranger,
  readSession,
  type Session,
  type SessionSettings,
  sessionSettings,
  strangersSession,
} from './session-claims.ts';

/** Exactly as browsers write it: no path, no slash at the end, no standard port. */
const isOrigin = (value: string) => /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;

const none: readonly string[] = [];

const originSettings = settings({
  ALLOWED_ORIGINS: optional(v.pipe(words, v.everyItem(isOrigin)), none, {
    is: 'origins of the pages that may ask, separated by spaces, exactly as browsers send them',
    example: 'https://shop.example.com',
  }),
});

type BrowserSettings = SessionSettings & SettingsOf<typeof originSettings>;

/** A customer in a browser. */
export interface Visitor {
  readonly kind: 'visitor';
  readonly sub: string;
  /** The same for the same `sub`, 32 hex digits, for where others can see it. */
  readonly pseudonym: string;
  /** Nothing that is handed out to them may last longer. */
  readonly endsAtMs: number;
  /** The conversations with a bot that they may name, if their session says which. */
  readonly conversations: readonly string[] | undefined;
}

/** Throws `forbidden` when a visitor names a conversation that is not one of those in their session. */
export function requireOwnConversation({ conversations }: Visitor, named: string | undefined): void {
  if (named !== undefined && conversations?.includes(named) === false)
    throw new Problem('forbidden', { reason: 'a conversation that the session does not have' });
}

/** A visitor of a function that also takes strangers. */
export interface VisitorOrStranger extends Visitor {
  /** Of somebody who brought no session: the JWT to bring from now on. */
  readonly newSession: string | undefined;
}

function requireOrigin({ inbound, settings: own }: CallerCheck<BrowserSettings>): void {
  const { origin } = inbound.headers;
  if (origin === undefined || !own.ALLOWED_ORIGINS.includes(origin)) throw new Problem('origin_not_allowed');
}

const visitorWith = ({ role: _, ...own }: Session): Visitor => ({ kind: 'visitor', ...own });

/** The session first, then the origin: who brings neither learns nothing about origins. */
async function visitorOf(call: CallerCheck<BrowserSettings>, ways = [issuedBySite]): Promise<Visitor> {
  const session = await readSession(call.inbound, call.settings, call.nowMs, ways);
  requireOrigin(call);
  return visitorWith(session);
}

const browserSettings: SettingsGroup<BrowserSettings> = together(sessionSettings, originSettings);

/** A customer's browser: the session that the site gave them, from a page of `ALLOWED_ORIGINS`. */
export const visitorCaller: Caller<Visitor, BrowserSettings> = {
  kind: 'session',
  settings: browserSettings,
  needsRawBody: false,
  check: (call) => visitorOf(call),
};

type BrowserOrBotSettings = BrowserSettings & BotSettings;

/** A customer's browser, or a bot that asks on the customer's behalf, from wherever it runs. */
export const visitorOrBotCaller: Caller<
  Visitor | { readonly kind: 'bot'; readonly by: BotProof },
  BrowserOrBotSettings
> = {
  kind: 'several',
  settings: together(browserSettings, optionalBotSettings),
  needsRawBody: false,
  async check(call) {
    const by = await botProof(call);
    return by === undefined ? visitorOf(call) : { kind: 'bot', by };
  },
};

const isStranger = ({ headers }: Inbound) => headers.authorization === undefined;

const strangerSettings = settings({
  ANONYMOUS_VISITORS: optional(v.picklist(['on', 'off']), 'off', {
    is: 'on lets visitors without a session start a chat; each gets a session of its own that is good for nothing else',
  }),
});

/**
 * A customer's browser, also without a session when `ANONYMOUS_VISITORS` allows it. A session that does not verify is
 * refused all the same. A stranger's session has a key of its own, so it opens nothing but the functions of this caller.
 */
export const visitorOrAnonymousCaller: Caller<
  VisitorOrStranger,
  BrowserSettings & SettingsOf<typeof strangerSettings>
> = {
  kind: 'session',
  settings: together(browserSettings, strangerSettings),
  needsRawBody: false,
  isStranger,
  async check(call) {
    const strangersWelcome = call.settings.ANONYMOUS_VISITORS === 'on';
    if (!strangersWelcome || !isStranger(call.inbound)) {
      const ways = strangersWelcome ? [issuedBySite, issuedToStranger] : [issuedBySite];
      return { ...(await visitorOf(call, ways)), newSession: undefined };
    }
    requireOrigin(call);
    const { session, jwt } = await strangersSession(call.settings, call.nowMs);
    return { ...visitorWith(session), newSession: jwt };
  },
};
