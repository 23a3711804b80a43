import * as v from 'valibot';
import { textOf } from '../decode.ts';
import { parsedUrl } from '../parsed-url.ts';
import { isPartnerUrl } from '../partner-url.ts';
import { jsonOf, optional, settings, text } from '../settings.ts';
import { canBeHeard } from './spoken-text.ts';
import type { VoiceBotRef } from './voice-bot.ts';

/** Another bot that a call may be given to: a Rasa server, by its REST channel. */
export interface HandoffBot {
  readonly name: string;
  /** As it is read out. */
  readonly title: string;
  /** Without a slash at the end, as `rasa-host` has it. */
  readonly url: string;
  /** Stands alone in `Authorization`. A secret. */
  readonly authorization: string | undefined;
}

/** One key is left for none of them. */
const MAX_BOTS = 8;

/** The same for every way to write an address; undefined for what is none, or is more than one. */
function address(url: string): string | undefined {
  const parsed = parsedUrl(url);
  if (!parsed || parsed.username || parsed.password || parsed.search || parsed.hash) return undefined;
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
}

const bot = v.strictObject({
  title: v.pipe(textOf(1, 100), v.check(canBeHeard)),
  url: v.pipe(
    v.string(),
    v.check(isPartnerUrl),
    v.transform((url) => address(url) ?? ''),
    v.minLength(1),
  ),
  authorization: v.optional(text()),
});

const bots = v.pipe(
  v.unknown(),
  v.check((given) => !Array.isArray(given)),
  v.record(v.pipe(v.string(), v.regex(/^[\w.-]{1,40}$/)), bot),
  v.transform((named): readonly HandoffBot[] =>
    Object.entries(named).map(([name, one]) => ({ name, authorization: undefined, ...one })),
  ),
  v.maxLength(MAX_BOTS),
);

/** The other bots of a voice call. */
export const handoffBotSettings = settings({
  HANDOFF_BOTS: optional(jsonOf(bots), [], {
    is: 'JSON, name to {title, url, authorization?} of the Rasa bots that a call may be given to; https, or http to a private address',
    example: '{"orders":{"title":"the order bot","url":"https://orders.example.com"}}',
    secret: true,
  }),
});

/** All bots that a call can be with, by their addresses. There are no others: a message of a bot never names a new one. */
export interface KnownBots {
  readonly others: readonly HandoffBot[];
  /** What other bots know it by: `from_host` and `handoff_host` of a hand-off. */
  addressOf(ref: VoiceBotRef): string;
  /** The bot at an address, however that is written. Undefined where there is none of ours. */
  at(url: string): VoiceBotRef | undefined;
}

/** The bot that `VOICE_BOT` names, with its address (`RASA_URL`, or our own where it has none), and those of `HANDOFF_BOTS`. */
export function knownBots(
  first: { readonly is: Exclude<VoiceBotRef['is'], 'rasa-host'>; readonly url: string },
  others: readonly HandoffBot[],
): KnownBots {
  const own = address(first.url) ?? first.url;
  return {
    others,
    addressOf: (ref) => (ref.is === 'rasa-host' ? ref.url : own),
    at(url) {
      const wanted = address(url);
      if (wanted === own) return { is: first.is };
      return others.some((other) => other.url === wanted) ? { is: 'rasa-host', url: wanted ?? '' } : undefined;
    },
  };
}
