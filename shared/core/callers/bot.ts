import * as v from 'valibot';
import type { Caller, CallerCheck } from '../function.ts';
import { Problem } from '../problems.ts';
import { optional, type SettingsGroup, settings, text, together } from '../settings.ts';
import { verifiedClaims } from './jwt.ts';
import { withoutBearer } from './secrets.ts';
import { botTokenSettings, presentsToken } from './token.ts';

interface BotSettings {
  readonly BOT_ACCESS_TOKEN: readonly string[];
  readonly WATSON_WEBHOOK_SECRET: string | undefined;
}

const shape = together(
  botTokenSettings,
  settings({
    WATSON_WEBHOOK_SECRET: optional(text(1_024), undefined, {
      is: "secret of Watson's webhooks, verifies the JWT that they bring",
      secret: true,
    }),
  }),
);

const botSettings: SettingsGroup<BotSettings> = {
  infos: shape.infos,
  read(env, faults) {
    const read = shape.read(env, faults);
    if (!env.BOT_ACCESS_TOKEN && !env.WATSON_WEBHOOK_SECRET)
      faults.push('BOT_ACCESS_TOKEN is missing (what bots present; WATSON_WEBHOOK_SECRET is enough for Watson alone)');
    return read;
  },
};

/** How far Watson's clock may be from ours. */
const LEEWAY_SEC = 60;

const claimsSchema = v.object({ exp: v.optional(v.number()), nbf: v.optional(v.number()) });

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

/** A bot by `BOT_ACCESS_TOKEN`, or Watson by the JWT of its webhooks. A secret that is not set lets nobody in. */
export const botOrWatsonCaller: Caller<{ readonly kind: 'bot' } | { readonly kind: 'watson' }, BotSettings> = {
  kind: 'webhook',
  settings: botSettings,
  needsRawBody: false,
  async check(call) {
    if (presentsToken(call, call.settings.BOT_ACCESS_TOKEN)) return { kind: 'bot' };
    if (await isWatson(call)) return { kind: 'watson' };
    throw new Problem('unauthorized', { reason: 'neither token nor JWT' });
  },
};
