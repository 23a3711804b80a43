import * as v from 'valibot';
import type { Caller, CallerCheck } from '../function.ts';
import { Problem } from '../problems.ts';
import { optional, readAs, type SettingsGroup, settings, text, together } from '../settings.ts';
import { verifiedClaims } from './jwt.ts';
import { withoutBearer } from './secrets.ts';
import { botTokenSettings, presentsToken } from './token.ts';

export interface BotSettings {
  readonly BOT_ACCESS_TOKEN: readonly string[];
  readonly WATSON_WEBHOOK_SECRET: string | undefined;
}

/** What bots prove themselves with where others than bots may call as well. */
export const optionalBotSettings: SettingsGroup<BotSettings> = together(
  botTokenSettings,
  settings({
    WATSON_WEBHOOK_SECRET: optional(text(1_024), undefined, {
      is: "secret of Watson's webhooks, verifies the JWT that they bring",
      secret: true,
    }),
  }),
);

const botSettings: SettingsGroup<BotSettings> = readAs(optionalBotSettings, (env, faults) => {
  const read = optionalBotSettings.read(env, faults);
  if (!env.BOT_ACCESS_TOKEN && !env.WATSON_WEBHOOK_SECRET)
    faults.push('BOT_ACCESS_TOKEN is missing (what bots present; WATSON_WEBHOOK_SECRET is enough for Watson alone)');
  return read;
});

/** How far Watson's clock may be from ours. */
const LEEWAY_SEC = 60;

/** A session of ours is none of Watson's, whatever secret it was signed with. */
const isNoSession = (aud: unknown) => ![aud].flat().includes('handover');

const claimsSchema = v.object({
  exp: v.optional(v.number()),
  nbf: v.optional(v.number()),
  aud: v.optional(v.pipe(v.unknown(), v.check(isNoSession))),
});

/**
 * Watson signs with its webhook's secret and an HMAC; whether `Bearer` precedes the JWT, and which of the two headers holds
 * it, differs between its pages. Source: cloud.ibm.com/docs/watson-assistant, webhook-log, read 2026-11-21.
 */
async function isWatson({ inbound, settings: own, nowMs }: CallerCheck<BotSettings>): Promise<boolean> {
  const secret = own.WATSON_WEBHOOK_SECRET;
  if (secret === undefined) return false;
  const nowSec = nowMs / 1_000;
  for (const header of [inbound.headers.authorization, inbound.headers.authentication]) {
    const jwt = withoutBearer(header);
    if (jwt === undefined) continue;
    const claims = v.safeParse(claimsSchema, await verifiedClaims(jwt, secret, ['HS256', 'HS384', 'HS512']));
    if (!claims.success) continue;
    const { exp = Number.POSITIVE_INFINITY, nbf = 0 } = claims.output;
    if (nowSec < exp + LEEWAY_SEC && nowSec > nbf - LEEWAY_SEC) return true;
  }
  return false;
}

/** How a bot proves itself. */
export type BotProof = 'token' | 'watson' | 'platform-key';

/**
 * Whether a bot calls, and by what: `BOT_ACCESS_TOKEN`, the JWT of Watson's webhooks, or the platform's own key, which
 * whoever invokes a plain action has shown to the platform. A secret that is not set lets nobody in.
 */
export async function botProof(call: CallerCheck<BotSettings>): Promise<BotProof | undefined> {
  if (call.inbound.trust === 'platform-key') return 'platform-key';
  if (presentsToken(call, call.settings.BOT_ACCESS_TOKEN)) return 'token';
  return (await isWatson(call)) ? 'watson' : undefined;
}

/** A bot by any of its proofs. */
export const botOrWatsonCaller: Caller<{ readonly kind: 'bot'; readonly by: BotProof }, BotSettings> = {
  kind: 'webhook',
  settings: botSettings,
  needsRawBody: false,
  async check(call) {
    const by = await botProof(call);
    if (by === undefined) throw new Problem('unauthorized', { reason: 'neither token nor JWT' });
    return { kind: 'bot', by };
  },
};
