import { clipped, type Line } from '../../core/handover/line.ts';
import { newestThatFit } from '../../core/handover/newest.ts';
import type { HandoverRecord } from '../../core/table.ts';

/**
 * How long one message to an agent may be, in UTF-16 units. Genesys documents 4,000 for what agents write and nothing for
 * what customers do; half of it is safe.
 */
const MAX_MESSAGE_LENGTH = 2_000;

/** What is said before the lines takes at most so much of the first message. */
const MAX_ABOUT_LENGTH = 900;
const MAX_VALUE_BYTES = 300;

/** Where to cut a text that is too long: behind a word where there is one, never inside a character. */
function cutAt(text: string, maxLength: number): number {
  const behindWord = Math.max(text.lastIndexOf(' ', maxLength - 1), text.lastIndexOf('\n', maxLength - 1)) + 1;
  if (behindWord > maxLength / 2) return behindWord;
  const isInside = /[\uD800-\uDBFF]/.test(text.charAt(maxLength - 1));
  return isInside ? maxLength - 1 : maxLength;
}

/** A text in parts that each fit into one message, in order; together they are the text. */
export function partsOf(text: string, maxLength = MAX_MESSAGE_LENGTH): readonly string[] {
  const parts: string[] = [];
  let left = text;
  while (left.length > maxLength) {
    const end = cutAt(left, maxLength);
    parts.push(left.slice(0, end));
    left = left.slice(end);
  }
  return [...parts, left];
}

const cut = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : `${text.slice(0, cutAt(text, maxLength - 2))} …`;

/** Why a person is asked for and what the bot has collected, one line for each. */
function about({ topic, reason, name, language, fields }: HandoverRecord): string {
  const known = { Topic: topic, Reason: reason, Name: name, Language: language, ...fields };
  const lines = Object.entries(known).flatMap(([what, value]) =>
    value === undefined || value === '' ? [] : [`${what}: ${clipped(value, MAX_VALUE_BYTES).replace(/\s+/g, ' ')}`],
  );
  return cut(['Handed over by the bot.', ...lines].join('\n'), MAX_ABOUT_LENGTH);
}

/** The newest lines that fit, and of the newest one at least a part. */
function newest(lines: readonly Line[], maxLength: number): readonly string[] {
  const written = lines.map(({ by, text }) => `${by}: ${text}`);
  const fitting = newestThatFit(written, maxLength, ({ length }) => length + 1);
  const last = written.at(-1);
  return fitting.length > 0 || last === undefined ? fitting : [cut(last, maxLength)];
}

/**
 * What the agent reads first: why a person is asked for, what is known, and what was said last, as far as one message
 * goes. The same for the same handover and lines.
 */
export function firstWords(handover: HandoverRecord, lines: readonly Line[]): string {
  const head = about(handover);
  if (lines.length === 0) return head;
  const said = newest(lines, MAX_MESSAGE_LENGTH - head.length - 60);
  return `${head}\n\nWhat was said (${said.length} of ${lines.length}):\n${said.join('\n')}`;
}

/** What the agent is told when the customer will not see what they wrote. */
export const undeliveredWords = ({ text }: Line): string =>
  cut(`[system] Not delivered to the customer: ${text}`, MAX_MESSAGE_LENGTH);
