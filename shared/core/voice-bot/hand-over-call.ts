import type { Line } from '../handover/line.ts';
import { openCall } from '../handover/open-call.ts';
import { redactedFacts } from '../handover/redacted.ts';
import type { Table } from '../table.ts';
import { nameOf } from './ask-bot.ts';
import type { VoiceCall } from './voice-call.ts';
import type { VoiceTurn } from './voice-turns.ts';

type Tried = <T>(use: (table: Table) => Promise<T>) => Promise<T | undefined>;

/** What was said in a call, with the calls that it goes on with, whether the table has the last turn or not: a line counts once. */
async function linesOf(tried: Tried, last: VoiceTurn): Promise<readonly Line[]> {
  const { caller } = last.call;
  const calls = [...last.memory.earlier.map((earlier) => ({ caller, ...earlier })), last.call];
  const found = await Promise.all(calls.map((call) => tried(({ voice }) => voice.ofCall(call))));
  const turns = [...found.flatMap((one) => one ?? []), last];
  // Whoever took the next turn may have a clock that is behind, and lines are read in the order of their times.
  return turns.flatMap(({ call, turn, lines }, place) => {
    const atMs = Math.max(...turns.slice(0, place + 1).map(({ takenAtMs }) => takenAtMs));
    return lines.map(({ by, text }, nth) => ({ by, text, atMs, id: `v-${call.atMs}-${turn}-${nth}` }));
  });
}

/**
 * Tells people what a call with a bot was about: the transcript, what the bot has found out, and that the call is on its
 * way. Best effort: the caller gets a person whatever becomes of it. Repeating it for the same turn changes nothing.
 */
export async function handOverCall(
  { handoverId, caller, callSid, redact }: VoiceCall,
  last: VoiceTurn,
  tried: Tried,
): Promise<boolean> {
  const nowMs = last.takenAtMs;
  const { known = {}, states, bot, conversationId } = last.memory;
  const facts = redactedFacts(redact, { ...known, reason: known.reason || last.answer.reason });
  const { topic, reason, name, fields = {} } = facts;
  const talk = { bots: [...new Set([...Object.keys(states), nameOf(bot)])], id: conversationId };
  const told = tried(async (table) => {
    await Promise.all([
      table.contexts.tell(handoverId, 'bot', { ...facts, callSid, customerPhone: caller.phone, talk }, nowMs),
      openCall(table, { handoverId, topic, reason, name, fields }, nowMs),
    ]);
    return true;
  });
  const lines = await linesOf(tried, last);
  const kept = tried(async ({ transcripts }) => {
    if (lines.length > 0) await transcripts.putHistory(handoverId, handoverId, lines);
    return true;
  });
  return ((await told) && (await kept)) === true;
}
