import { triedWithin } from '../call/tried-within.ts';
import { redactedText } from '../handover/redacted.ts';
import { Problem } from '../problems.ts';
import { handOverCall } from './hand-over-call.ts';
import { asksToResume, begins, type Done, doneIn, freshMemory, isResumable, nextTurn, ownMemory } from './next-turn.ts';
import { failed, type Outcome } from './outcome.ts';
import type { VoiceCall } from './voice-call.ts';
import { type BotCall, goesOn, type TurnLine, type VoiceTurn } from './voice-turns.ts';

/**
 * What reading, writing and telling people may take each while the caller hears nothing. Where the table fails, what that took
 * is taken off what telling people may: the caller has heard nothing since their last word.
 */
const TABLE_MS = 900;

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

const inTableTime = <T>({ deadline }: VoiceCall, work: Promise<T>): Promise<T> =>
  deadline.atMost(TABLE_MS, work, () => new Problem('state_unavailable', { reason: 'the table is slow' }));

/** The turn that a request asks for. */
interface Sought {
  readonly turn: VoiceTurn;
  /** It was taken before: Twilio may repeat a request. */
  readonly isRepeat: boolean;
  /** The table did not tell what went before. */
  readonly isLost?: true;
}

async function sought(call: VoiceCall): Promise<Sought> {
  const { place, callSid } = call;
  const { voice } = call.table;
  const caller = call.caller.phone ?? callSid;
  if (place === undefined) {
    const newest = await inTableTime(call, voice.newest(caller));
    const isRepeat = newest?.call.callSid === callSid && newest.turn === 0 && goesOn(newest);
    return { turn: isRepeat ? newest : await firstTurn(call, caller, newest), isRepeat };
  }
  const at = { caller, callSid, atMs: place.atMs };
  const { before, there } = await inTableTime(call, voice.around(at, place.turn));
  if (there) return { turn: there, isRepeat: true };
  // After a turn that nobody knows of, or that ended the talk, the call begins anew.
  if (!before || !goesOn(before)) return { turn: await firstTurn(call, caller, before), isRepeat: false };
  const done = doneIn(call, before.answer);
  const here = { at, turn: place.turn };
  const outcome = await nextTurn(call, before, done, turnIdOf(call, here));
  return { turn: turnOf(call, here, outcome, lineOf(call, before, done)), isRepeat: false };
}

/** What follows where the table does not tell what went before: it may tell people yet. Whatever else is wrong is thrown. */
function lost(call: VoiceCall, error: unknown): Sought {
  if (!(error instanceof Problem && error.code === 'state_unavailable')) throw error;
  const { caller, callSid, place, clock, note } = call;
  note({ code: error.code });
  const at = { caller: caller.phone ?? callSid, callSid, atMs: place?.atMs ?? Math.floor(clock.nowMs()) };
  // Not with what was heard now: nobody knows whether a secret was asked for.
  const turn = turnOf(call, { at, turn: place?.turn ?? 0 }, failed(call, freshMemory(call)), []);
  return { turn, isRepeat: false, isLost: true };
}

/**
 * Takes one turn of a call with a bot, once: one read and one write of the table, and whoever repeats a request gets the
 * answer of the first. Without the table there is no way to go on: the caller gets a person.
 */
export async function takeTurn(call: VoiceCall): Promise<VoiceTurn> {
  const { table, deadline, clock, note } = call;
  const soughtMs = clock.monotonicMs();
  const found = await sought(call).catch((error) => lost(call, error));
  let { turn } = found;
  const isNew = !found.isRepeat && !found.isLost;
  let failingMs = found.isLost ? clock.monotonicMs() - soughtMs : 0;
  if (isNew && goesOn(turn)) {
    const putMs = clock.monotonicMs();
    const kept = await inTableTime(call, table.voice.put(turn)).catch(() => undefined);
    if (kept === undefined) {
      failingMs = clock.monotonicMs() - putMs;
      note({ notKept: true });
    }
    const heard = turn.lines.filter(({ by }) => by === 'customer');
    turn = kept ?? turnOf(call, { at: turn.call, turn: turn.turn }, failed(call, ownMemory(call, turn.memory)), heard);
  }
  const tried = triedWithin(TABLE_MS - failingMs, table, deadline, clock);
  if (isNew && !goesOn(found.turn)) turn = (await tried(({ voice }) => voice.put(found.turn))) ?? turn;
  const { next, reason } = turn.answer;
  note({ turn: turn.turn, next, personFor: reason, repeat: found.isRepeat || undefined });
  if (next === 'person') note({ told: await handOverCall(call, turn, tried) });
  return turn;
}
