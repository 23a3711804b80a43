import type { Line } from './line.ts';

/** Lines that are known by the number of their turn, and the end of a call, which comes after every turn. */
const TURN = /^turn-(\d{4,6})-/;
const END_OF_CALL = /^call-ended-/;

/** What a customer said as the bot asked whether it may answer, under an id made of the words. */
const HEARD = /^c-/;

/** Two reports of the same words are at most so far apart. */
const SAME_WORDS_MS = 60_000;

/** What we heard ourselves: from the customer, from whoever pushes, from a desk. */
const OURS = /^[acd]-/;

/** The same words within this time are one utterance, also where a history tells them under an id of its own. */
const SAME_UTTERANCE_MS = 10_000;

function turnOf({ id }: Line): number | undefined {
  const turn = TURN.exec(id)?.[1];
  if (turn !== undefined) return Number(turn);
  return END_OF_CALL.test(id) ? Number.POSITIVE_INFINITY : undefined;
}

/** Whether a line that was heard before its turn is told by the turn as well. */
function isToldAgain(line: Line, turns: readonly Line[]): boolean {
  if (!HEARD.test(line.id) || line.by !== 'customer') return false;
  return turns.some(
    ({ by, text, atMs }) => by === 'customer' && text === line.text && Math.abs(atMs - line.atMs) <= SAME_WORDS_MS,
  );
}

/**
 * Leaves out what a history tells again of what we heard ourselves: a bot that hands over a second time brings what was said
 * to the person of the first time. Each line of ours stands for one of the history, so that what was said twice stays said twice.
 */
function toldOnce(lines: readonly Line[]): readonly Line[] {
  const wordsOf = ({ by, text }: Line): string => JSON.stringify([by, text]);
  const heard = new Map<string, number[]>();
  for (const line of lines) {
    if (!OURS.test(line.id)) continue;
    const times = heard.get(wordsOf(line));
    if (times) times.push(line.atMs);
    else heard.set(wordsOf(line), [line.atMs]);
  }
  return lines.filter((line) => {
    const times = OURS.test(line.id) || turnOf(line) !== undefined ? undefined : heard.get(wordsOf(line));
    const place = times?.findIndex((atMs) => Math.abs(atMs - line.atMs) <= SAME_UTTERANCE_MS) ?? -1;
    if (place >= 0) times?.splice(place, 1);
    return place < 0;
  });
}

/**
 * The lines of one conversation, as the table gives them, in the order in which they were said. Turns come by their number:
 * who tells of one late, or with another clock, cannot move it behind the next. Words that are told by their turn and were
 * heard before it count once, and so does what a history tells again.
 */
export function asSaid(stored: readonly Line[]): readonly Line[] {
  const lines = toldOnce(stored);
  const numbered = lines.flatMap((line) => {
    const turn = turnOf(line);
    return turn === undefined ? [] : [{ line, turn }];
  });
  if (numbered.length === 0) return lines;
  numbered.sort((a, b) => a.turn - b.turn || (a.line.id < b.line.id ? -1 : 1));
  let latestMs = Number.POSITIVE_INFINITY;
  const turns = numbered.reverse().map(({ line }) => {
    latestMs = Math.min(latestMs, line.atMs);
    return { ...line, atMs: latestMs };
  });
  turns.reverse();
  const others = lines.filter((line) => turnOf(line) === undefined && !isToldAgain(line, turns));
  return [...turns, ...others].sort((a, b) => a.atMs - b.atMs);
}
