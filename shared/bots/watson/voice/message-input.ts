import { at, membersAt, textAt } from '../../../core/at.ts';
import { latePattern } from '../../../core/late-pattern.ts';
import type { Choice, Heard } from '../../../core/voice-bot/voice-bot.ts';
import type { MessageInput } from './assistant-api.ts';

/** Watson takes no more, and neither line breaks nor tabs. */
const MAX_TEXT_LENGTH = 2_048;
const MAX_VALUE_LENGTH = 2_000;

const controls = latePattern(String.raw`\p{Cc}+`, 'gu');

const written = (text: string): string => text.replace(controls(), ' ').slice(0, MAX_TEXT_LENGTH);

/** An option is chosen by its words; what has more than them, like a suggestion, goes back whole. */
function sentBy(input: unknown, label: string): string {
  const text = textAt(input, 'text');
  const { message_type: _type, text: _text, ...more } = membersAt(input);
  const whole = JSON.stringify({ ...more, text: text ?? '' });
  const isPlain = Object.keys(more).length === 0 && text?.startsWith('{') !== true;
  return isPlain || whole.length > MAX_VALUE_LENGTH ? (text ?? label) : whole;
}

/** One of the answers that an assistant offers, as it is read out. */
export function choiceOf(option: unknown, title: string): Choice {
  return { title, value: sentBy(at(option, 'value', 'input'), title) };
}

function chosen(value: string): MessageInput {
  if (!value.startsWith('{')) return { text: value };
  try {
    return membersAt(JSON.parse(value));
  } catch {
    return { text: value };
  }
}

function given(heard: Exclude<Heard, { is: 'go-on' }>): MessageInput {
  switch (heard.is) {
    case 'start':
      return { text: '' };
    case 'words':
      return { text: heard.text };
    case 'keys':
      return { text: heard.keys };
    case 'choice':
      return chosen(heard.value);
  }
}

/**
 * What a caller did as `input` of a message. A call begins with an empty one, at which an assistant says its greeting, and in a
 * conversation under way its last question again.
 */
export function inputOf(heard: Exclude<Heard, { is: 'go-on' }>): MessageInput {
  const { text, options, ...more } = given(heard);
  return {
    ...more,
    message_type: 'text',
    text: written(String(text ?? '')),
    // Of it comes what a person gets to know.
    options: { ...membersAt({ options }, 'options'), return_context: true },
  };
}
