import type { Caller, CallerCheck } from '../function.ts';
import { Problem } from '../problems.ts';
import { optional, required, type SettingsGroup, settings, words } from '../settings.ts';
import { sameAsAny, withoutBearer } from './secrets.ts';

/** The password of HTTP Basic authentication: what a partner sends that knows tokens only by that name. */
function basicPassword(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
}

/**
 * Whether one of the tokens is presented: in `Authorization` as it is, after `Bearer` or as the password of `Basic`, or as
 * `accessToken` in the body. No tokens, no caller.
 */
export function presentsToken(
  { inbound, content }: Pick<CallerCheck<unknown>, 'inbound' | 'content'>,
  tokens: readonly string[],
): boolean {
  const { authorization } = inbound.headers;
  const inBody: unknown = Object(content.value).accessToken;
  const presented = [withoutBearer(authorization), basicPassword(authorization), inBody];
  return presented.map((token) => sameAsAny(token, tokens)).includes(true);
}

function tokenCaller<Name extends string, Who extends string>(
  name: Name,
  who: Who,
  is: string,
): Caller<Who, { readonly [K in Name]: readonly string[] }> {
  type S = { readonly [K in Name]: readonly string[] };
  return {
    kind: 'token',
    settings: settings({ [name]: required(words, { is, secret: true }) }) as SettingsGroup<unknown> as SettingsGroup<S>,
    needsRawBody: false,
    async check(call) {
      if (!presentsToken(call, call.settings[name])) throw new Problem('unauthorized', { reason: `no ${name}` });
      return who;
    },
  };
}

const botTokenIs = 'what bots present; two values separated by a space while it is rotated';

/** `BOT_ACCESS_TOKEN` where others than bots may call as well: without it no bot gets in. */
export const botTokenSettings = settings({
  BOT_ACCESS_TOKEN: optional(words, [], { is: botTokenIs, secret: true }),
});

/** A bot, by `BOT_ACCESS_TOKEN`; two tokens verify during a rotation. */
export const botCaller = tokenCaller('BOT_ACCESS_TOKEN', 'bot', botTokenIs);

/** A desk's middleware, by `DESK_API_KEY`, likewise. */
export const deskCaller = tokenCaller(
  'DESK_API_KEY',
  'desk',
  'what the middleware of a desk presents; two values while it is rotated',
);
