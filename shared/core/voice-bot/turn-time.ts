import { ANSWER_RESERVE_MS } from '../deadline.ts';
import type { Listens, VoiceBotRef } from './voice-bot.ts';
import type { VoiceCall } from './voice-call.ts';
import type { VoiceChannel } from './voice-channel.ts';
import type { CallMemory } from './voice-turns.ts';

/** What a bot may take of a turn. */
const BOT_MS = 2_400;
/** What a bot has that asks nobody, however long was waited. */
const LEAST_BOT_MS = 500;
/** What is kept for writing the turn and the answer. */
const KEPT_MS = 350;
/** What `auto` counts as: Twilio says of no pause how long it is. */
const AUTO_SEC = 1;

/**
 * Seconds of silence that end what is said to a bot, as Twilio takes them. Where it is not set 2 for the built-in helpdesk, for
 * whoever spells an address pauses after its letters, and 1 for bots that are asked over the network. Keys that are spoken
 * are digits, and what they prove is found out in the same turn: 1 at most.
 */
export function speechTimeoutOf({ speechTimeout }: VoiceChannel, bot: VoiceBotRef, listens?: Listens): string {
  if (speechTimeout === 'auto') return speechTimeout;
  if (listens?.for === 'keys') return '1';
  return speechTimeout ?? (bot.is === 'helpdesk' ? '2' : '1');
}

/** What a caller has heard nothing for when a turn begins: words are known to be over after a silence only. */
export function waitedMs({ voice, input }: VoiceCall, { bot, question, alone }: CallMemory): number {
  if (alone > 0 || input.words === undefined || input.keys !== undefined) return 0;
  const seconds = speechTimeoutOf(voice, bot, question.listens);
  return 1_000 * (seconds === 'auto' ? AUTO_SEC : Number(seconds));
}

/** What a bot has left of a turn before which the caller has waited: in all nobody hears nothing for longer than 2.9 s. */
export function botMs({ deadline }: VoiceCall, waited: number): number {
  const left = deadline.remainingMs();
  const inSilence = Math.max(LEAST_BOT_MS, left + ANSWER_RESERVE_MS - waited);
  return Math.max(0, Math.min(BOT_MS, left - KEPT_MS, inSilence));
}
