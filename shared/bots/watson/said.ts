import { at, listAt, textAt } from '../../core/at.ts';
import { clipped, type GivenLine } from '../../core/handover/line.ts';

/**
 * Words that the phone integration sends as if the caller had said them: that nothing was heard, that a text was sent.
 * Source: cloud.ibm.com/docs/watson-assistant, phone-context, read 2026-11-21.
 */
const SAID_BY_NOBODY = /^vgw[A-Z]\w*$/;

/** Kinds of answer that steer a channel and hold nothing that anybody sees or hears. */
const STEERING =
  /^(pause|end_session|dtmf|start_activities|stop_activities|text_to_speech|speech_to_text|user_defined|channel_transfer)$/;

const labelsOf = (choices: readonly unknown[]): readonly string[] =>
  choices.flatMap((choice) => {
    const label = textAt(choice, 'label');
    return label === undefined ? [] : [`- ${label}`];
  });

/**
 * What one item of `output.generic` shows: its words, with its choices below; a picture or a film by its title, or its kind
 * in brackets. Undefined for what only steers the channel.
 */
function wordsIn(item: unknown): string | undefined {
  const kind = textAt(item, 'response_type') ?? '';
  if (STEERING.test(kind)) return undefined;
  const own = ['text', 'title', 'header', 'description', 'alt_text']
    .map((name) => textAt(item, name))
    .filter((text) => text !== undefined);
  const found = listAt(item, 'primary_results').flatMap((result) => textAt(result, 'title') ?? []);
  const choices = labelsOf([...listAt(item, 'options'), ...listAt(item, 'suggestions')]);
  const words = [...own, ...found, ...choices].join('\n');
  if (words !== '') return words;
  return /^[a-z_]{1,40}$/.test(kind) && kind !== 'text' ? `[${kind.replaceAll('_', ' ')}]` : undefined;
}

/** What the customer said in a turn; undefined when nobody did. */
export function customerWords(input: unknown): string | undefined {
  const kind = at(input, 'message_type') ?? 'text';
  const text = textAt(input, 'text')?.trim();
  return kind !== 'text' || text === undefined || SAID_BY_NOBODY.test(text) ? undefined : clipped(text);
}

/** A line by its place in the answer. */
interface PlacedLine extends Pick<GivenLine, 'by' | 'text'> {
  readonly place: number;
}

/** What the assistant said: each at the same place wherever the answer is told. */
export function assistantLines(generic: readonly unknown[]): readonly PlacedLine[] {
  return generic.flatMap((item, place): readonly PlacedLine[] => {
    if (at(item, 'response_type') === 'connect_to_agent')
      return [{ by: 'system', text: 'The bot asks for a person', place }];
    const words = wordsIn(item);
    return words === undefined ? [] : [{ by: 'bot', text: clipped(words), place }];
  });
}
