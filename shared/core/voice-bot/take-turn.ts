import { triedWithin } from '../call/tried-within.ts';
import { redactedText } from '../handover/redacted.ts';
import { Problem } from '../problems.ts';
import { handOverCall } from './hand-over-call.ts';
import { asksToResume, begins, type Done, doneIn, freshMemory, isResumable, nextTurn, ownMemory } from './next-turn.ts';
import { failed, type Outcome } from './outcome.ts';
import type { VoiceCall } from './voice-call.ts';
import { type BotCall, goesOn, type TurnLine, type VoiceTurn } from './voice-turns.ts';

/** What telling people may take while the caller hears nothing. */
const TELL_MS = 900;

const SECRET = '(keys entered)';

/** What a caller did, as people read it later. */
function lineOf({ input }: VoiceCall, before: VoiceTurn, done: Done): readonly TurnLine[] {
  const line = (text: string): readonly TurnLine[] => [{ by: 'customer', text }];
  if (before.answer.next === 'go-on' || done.is === 'nothing') return [];
  if (done.is !== 'heard') return line(input.words ?? `(keys ${input.keys})`);
  if (before.answer.listens?.isSecret && done.heard.is !== 'choice') return line(SECRET);
  switch (done.heard.is) {
    case 'words':
      return line(done.heard.text);
    case 'keys':
      return line(`(keys ${done.heard.keys})`);
    case 'choice':
      return line(done.heard.title);
  }
}

interface Place {
  readonly at: BotCall;
  readonly turn: number;
}

/** A turn that comes to something, as it is kept. */
function turnOf(
  call: VoiceCall,
  { at, turn }: Place,
  { answer, memory }: Outcome,
  heard: readonly TurnLine[],
): VoiceTurn {
  const said = answer.says.flatMap((saying): TurnLine[] =>
    'text' in saying ? [{ by: 'bot', text: saying.text }] : [],
  );
  const lines = [...heard, ...said].map(({ by, text }) => ({ by, text: redactedText(call.redact, text) }));
  return { call: at, turn, takenAtMs: call.clock.nowMs(), answer, lines, memory };
}

const turnIdOf = ({ handoverId }: VoiceCall, { at, turn }: Place): string => `${handoverId}-${at.atMs}-${turn}`;

/** The first turn of a call: the bot begins, or the caller is asked whether to go on where an earlier call stopped. */
async function firstTurn(call: VoiceCall, caller: string, newest: VoiceTurn | undefined): Promise<VoiceTurn> {
  const place = { at: { caller, callSid: call.callSid, atMs: Math.floor(call.clock.nowMs()) }, turn: 0 };
  const outcome = isResumable(call, newest)
    ? asksToResume(call, newest)
    : await begins(call, turnIdOf(call, place), newest);
  return turnOf(call, place, outcome, []);
}

/** The turn that a request asks for, and whether it was taken before: Twilio may repeat a request. */
async function sought(call: VoiceCall): Promise<{ readonly turn: VoiceTurn; readonly isRepeat: boolean }> {
  const { place, callSid } = call;
  const { voice } = call.table;
  const caller = call.caller.phone ?? callSid;
  if (place === undefined) {
    const newest = await voice.newest(caller);
    const isRepeat = newest?.call.callSid === callSid && newest.turn === 0 && goesOn(newest);
    return { turn: isRepeat ? newest : await firstTurn(call, caller, newest), isRepeat };
  }
  const at = { caller, callSid, atMs: place.atMs };
  const { before, there } = await voice.around(at, place.turn);
  if (there) return { turn: there, isRepeat: true };
  // After a turn that nobody knows of, or that ended the talk, the call begins anew.
  if (!before || !goesOn(before)) return { turn: await firstTurn(call, caller, before), isRepeat: false };
  const done = doneIn(call, before.answer);
  const here = { at, turn: place.turn };
  const outcome = await nextTurn(call, before, done, turnIdOf(call, here));
  return { turn: turnOf(call, here, outcome, lineOf(call, before, done)), isRepeat: false };
}

/** What follows where the table does not tell what went before: it may tell people yet. Whatever else is wrong is thrown. */
function lost(call: VoiceCall, error: unknown): { readonly turn: VoiceTurn; readonly isRepeat: boolean } {
  if (!(error instanceof Problem && error.code === 'state_unavailable')) throw error;
  const { caller, callSid, place, clock, note } = call;
  note({ code: error.code });
  const at = { caller: caller.phone ?? callSid, callSid, atMs: place?.atMs ?? Math.floor(clock.nowMs()) };
  // Not with what was heard now: nobody knows whether a secret was asked for.
  return { turn: turnOf(call, { at, turn: place?.turn ?? 0 }, failed(call, freshMemory(call)), []), isRepeat: true };
}

/**
 * Takes one turn of a call with a bot, once: one read and one write of the table, and whoever repeats a request gets the
 * answer of the first. Without the table there is no way to go on: the caller gets a person.
 */
export async function takeTurn(call: VoiceCall): Promise<VoiceTurn> {
  const { table, deadline, clock, note } = call;
  const found = await sought(call).catch((error) => lost(call, error));
  let { turn } = found;
  const tried = triedWithin(TELL_MS, table, deadline, clock);
  if (goesOn(turn) && !found.isRepeat) {
    const kept = await table.voice.put(turn).catch(() => undefined);
    if (kept === undefined) note({ notKept: true });
    const heard = turn.lines.filter(({ by }) => by === 'customer');
    turn = kept ?? turnOf(call, { at: turn.call, turn: turn.turn }, failed(call, ownMemory(call, turn.memory)), heard);
  } else if (!found.isRepeat) turn = (await tried(({ voice }) => voice.put(found.turn))) ?? turn;
  const { next, reason } = turn.answer;
  note({ turn: turn.turn, next, personFor: reason, repeat: found.isRepeat || undefined });
  if (next === 'person') note({ told: await handOverCall(call, turn, tried) });
  return turn;
}
