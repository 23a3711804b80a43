import { Problem } from '../problems.ts';
import { optional, settings, words } from '../settings.ts';

/** `BOT_IDS`: which bots are served. Without it, all that present the token. */
export const botIdSettings = settings({
  BOT_IDS: optional(words, undefined, { is: 'ids of the bots that are served, separated by spaces', example: 'bot-1' }),
});

/** Throws `bot_not_allowed` for a bot that is named and not on the list. */
export function refuseOtherBots(botId: string | undefined, served: readonly string[] | undefined): void {
  if (botId !== undefined && served && !served.includes(botId)) throw new Problem('bot_not_allowed');
}
