import { latePattern } from '../late-pattern.ts';
import type { Asked } from './bot.ts';
import type { DeskEvent } from './desk-told.ts';
import { clipped } from './line.ts';
import type { Redact } from './redaction.ts';

/** Facts of a handover as words: what a customer may have said. */
interface Worded {
  readonly topic?: string | undefined;
  readonly reason?: string | undefined;
  readonly name?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly draft?: Readonly<Record<string, string>> | undefined;
}

/** What was said without what is not to be seen: no longer than one line may be, which a mask could make it. */
export function redactedText(redact: Redact, text: string): string {
  const shown = redact(text);
  return shown === text ? text : clipped(shown);
}

/** Lines likewise. */
export function redactedLines<T extends { readonly text: string }>(redact: Redact, lines: readonly T[]): readonly T[] {
  return lines.map((line) => ({ ...line, text: redactedText(redact, line.text) }));
}

const wordEnd = latePattern(String.raw`(\p{Ll})(\p{Lu})`, 'gu');

/** Fields likewise. A field is read after its name, for that may say what kind of a number it is: `cardCvv`. */
export function redactedFields(redact: Redact, fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => {
      const label = `${name.replace(wordEnd(), '$1 $2')}: `;
      const shown = redact(`${label}${text}`);
      return [name, shown.startsWith(label) ? shown.slice(label.length) : redact(text)];
    }),
  );
}

/** All that is words among the facts of a handover. */
export function redactedFacts<T extends Worded>(redact: Redact, facts: T): T {
  const texts = (['topic', 'reason', 'name'] as const).flatMap((name) => {
    const text = facts[name];
    return text === undefined ? [] : [[name, redact(text)] as const];
  });
  const named = (['fields', 'draft'] as const).flatMap((name) => {
    const fields = facts[name];
    return fields === undefined ? [] : [[name, redactedFields(redact, fields)] as const];
  });
  return { ...facts, ...Object.fromEntries([...texts, ...named]) };
}

/** What the customer's side has to say. */
export function redactedAsked(redact: Redact, asked: Asked): Asked {
  switch (asked.kind) {
    case 'typing':
      return asked;
    case 'person': {
      const { text, wish } = asked;
      const lines = redactedLines(redact, wish.lines);
      return { ...asked, text: redactedText(redact, text), wish: { ...redactedFacts(redact, wish), lines } };
    }
    default:
      return { ...asked, text: redactedText(redact, asked.text) };
  }
}

/** What a desk tells. */
export function redactedEvent(redact: Redact, event: DeskEvent): DeskEvent {
  return event.kind === 'says' || event.kind === 'customer'
    ? { ...event, text: redactedText(redact, event.text) }
    : event;
}
