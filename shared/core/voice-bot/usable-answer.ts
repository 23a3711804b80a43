import * as v from 'valibot';
import { isSessionHistoryKey } from '../call/session-history-key.ts';
import { latePattern } from '../late-pattern.ts';
import type { BotAnswer, Choice, Saying, VoiceKnown } from './voice-bot.ts';
import { botRefSchema, choiceSchema, knownSchema, listensSchema, sayingSchema } from './voice-turns.ts';

const MAX_STATE_CHARS = 20_000;
/** Of all sayings of an answer: at 15 characters a second, more than five minutes. */
const MAX_SAID = 5_000;
const MAX_SAYINGS = 20;
const MAX_CHOICES = 20;
const MAX_TITLE = 100;
const MAX_HINTS = 500;
const MAX_FIELDS = 50;
const MAX_FIELD = 2_000;
const MAX_PAUSE_SEC = 10;

const answerSchema = v.object({
  state: v.unknown(),
  says: v.array(sayingSchema),
  choices: v.optional(v.array(choiceSchema)),
  listens: v.optional(listensSchema),
  isUnderstood: v.optional(v.literal(false)),
  known: v.optional(knownSchema),
  next: v.union([v.picklist(['listen', 'go-on', 'hang-up', 'person']), v.object({ bot: botRefSchema })]),
});

const blanks = latePattern(String.raw`[\p{Cc}\p{Cs}\s]+`, 'gu');
const halfCharacters = latePattern(String.raw`\p{Cs}`, 'gu');

/** A text on one line, without control characters and half characters, cut to size. */
function oneLine(text: string, maxLength: number): string {
  const plain = text.slice(0, 4 * maxLength).replace(blanks(), ' ');
  return [...plain.slice(0, maxLength)].join('').replace(halfCharacters(), '').trim();
}

function capped(says: readonly Saying[]): Saying[] {
  let left = MAX_SAID;
  return says.slice(0, MAX_SAYINGS).flatMap((saying): Saying[] => {
    if ('pauseSec' in saying) {
      const pauseSec = Math.min(MAX_PAUSE_SEC, Math.round(saying.pauseSec));
      return pauseSec >= 1 ? [{ pauseSec }] : [];
    }
    const text = oneLine(saying.text, left);
    left -= text.length;
    return text === '' ? [] : [{ text }];
  });
}

function cappedChoices(choices: readonly Choice[]): Choice[] {
  return choices
    .slice(0, MAX_CHOICES)
    .map(({ title, value }) => ({ title: oneLine(title, MAX_TITLE), value: value.slice(0, MAX_FIELD) }))
    .filter(({ title }) => title !== '');
}

const fieldsOf = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(fields)
      .slice(0, MAX_FIELDS)
      .map(([name, text]) => [oneLine(name, MAX_TITLE), text.slice(0, MAX_FIELD)])
      .filter(([name]) => name !== ''),
  );

function cappedKnown({ topic, reason, name, fields, draft, sessionHistoryKey: key }: VoiceKnown): VoiceKnown {
  const short = (text: string | undefined, most: number) => (text === undefined ? text : oneLine(text, most));
  return {
    topic: short(topic, 200),
    reason: short(reason, 500),
    name: short(name, 200),
    ...(fields && { fields: fieldsOf(fields) }),
    ...(draft && { draft: fieldsOf(draft) }),
    ...(key !== undefined && isSessionHistoryKey(key) && { sessionHistoryKey: key }),
  };
}

/** What JSON keeps of a state; undefined is kept as it is. Throws where it is none, or too large. */
function keptState(state: unknown): unknown {
  const written: string | undefined = JSON.stringify(state);
  if (written === undefined) return undefined;
  if (written.length > MAX_STATE_CHARS) throw new Error('a state of more than 20 kB');
  return JSON.parse(written);
}

/**
 * What a bot answered, as it may go on from here: its texts on one line, without control characters, and everything within
 * limits. Throws for what is no answer at all, for the caller then gets a person.
 */
export function usableAnswer(given: unknown): BotAnswer {
  const parsed = v.safeParse(answerSchema, given);
  if (!parsed.success) throw new Error('no answer of a bot');
  const { state, says, choices, listens, known, ...rest } = parsed.output;
  const mostKeys = listens?.mostKeys;
  return {
    ...rest,
    state: keptState(state),
    says: capped(says),
    ...(choices && { choices: cappedChoices(choices) }),
    ...(listens && {
      listens: {
        ...listens,
        mostKeys: mostKeys !== undefined && mostKeys >= 1 && mostKeys <= 32 ? Math.round(mostKeys) : undefined,
        hints: listens.hints?.slice(0, MAX_HINTS).map((hint) => oneLine(hint, MAX_TITLE)),
      },
    }),
    ...(known && { known: cappedKnown(known) }),
  };
}
