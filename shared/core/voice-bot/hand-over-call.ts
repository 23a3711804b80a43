import type { Line } from '../handover/line.ts';
import { openCall } from '../handover/open-call.ts';
import { redactedFacts } from '../handover/redacted.ts';
import type { Table } from '../table.ts';
import { nameOf } from './ask-bot.ts';
import type { VoiceCall } from './voice-call.ts';
import type { VoiceTurn } from './voice-turns.ts';

type Tried = <T>(use: (table: Table) => Promise<T>) => Promise<T | undefined>;

/** The turns of a call, with those of the calls that it goes on with, whether the table has the last one or not. */
async function turnsOf(tried: Tried, last: VoiceTurn): Promise<readonly VoiceTurn[]> {
  const { caller } = last.call;
  const calls = [...last.memory.earlier.map((earlier) => ({ caller, ...earlier })), last.call];
  const found = await Promise.all(calls.map((call) => tried(({ voice }) => voice.ofCall(call))));
  return [...found.flatMap((one) => one ?? []), last];
}

/** What was said in them; a line counts once. */
function linesOf(turns: readonly VoiceTurn[]): readonly Line[] {
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
  const { states, bot, conversationId } = last.memory;
  const turns = turnsOf(tried, last);
  // A turn that the table did not tell of knows nothing of those before it.
  const ofThisCall = ({ call, memory }: VoiceTurn) => call.callSid === callSid && !memory.asksToResume && memory.known;
  const known = last.memory.known ?? (await turns).findLast(ofThisCall)?.memory.known ?? {};
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
  const lines = linesOf(await turns);
  const kept = tried(async ({ transcripts }) => {
    if (lines.length > 0) await transcripts.putHistory(handoverId, handoverId, lines);
    return true;
  });
  return ((await told) && (await kept)) === true;
}
