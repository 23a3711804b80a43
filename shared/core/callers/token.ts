import type { Caller } from '../function.ts';
import { Problem } from '../problems.ts';
import { required, type SettingsGroup, settings, words } from '../settings.ts';
import { sameAsAny, withoutBearer } from './secrets.ts';

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
    async check({ inbound, content, settings: own }) {
      const inBody = Object(content.value).accessToken as unknown;
      const presented = [withoutBearer(inbound.headers.authorization), inBody];
      if (!presented.some((token) => sameAsAny(token, own[name]))) throw new Problem('unauthorized');
      return who;
    },
  };
}

/** A bot, by `BOT_ACCESS_TOKEN` in `Authorization` or as `accessToken` in the body; two tokens verify during a rotation. */
export const botCaller = tokenCaller(
  'BOT_ACCESS_TOKEN',
  'bot',
  'what bots present; two values separated by a space while it is rotated',
);

/** A desk's middleware, by `DESK_API_KEY`, likewise. */
export const deskCaller = tokenCaller(
  'DESK_API_KEY',
  'desk',
  'what the middleware of a desk presents; two values while it is rotated',
);
