import { at, listAt, textAt } from '../../core/at.ts';
import { ID } from '../../core/decode.ts';
import { clipped, type GivenLine } from '../../core/handover/line.ts';

type Said = Pick<GivenLine, 'by' | 'text'>;

/** Where cards, lists and buttons have what is read on them; every platform that Dialogflow knows names them in its own way. */
const READ = new Set(['title', 'subtitle', 'text', 'body', 'description', 'formattedText', 'displayText', 'label']);

const MAX_WORDS = 20;
const MAX_DEPTH = 8;

/** What can be read on something that is no plain text. */
function wordsOn(shown: unknown, depth = 0): readonly string[] {
  if (typeof shown !== 'object' || shown === null || depth > MAX_DEPTH) return [];
  return Object.entries(shown).flatMap(([name, value]) => {
    if (typeof value === 'string') return READ.has(name) && value.trim() !== '' ? [value] : [];
    return wordsOn(value, depth + 1);
  });
}

/** What a bot said in an answer of Dialogflow: CX names its messages `responseMessages`, ES `fulfillmentMessages`. */
function botWords(queryResult: unknown): string {
  const messages = [...listAt(queryResult, 'responseMessages'), ...listAt(queryResult, 'fulfillmentMessages')];
  const texts = messages.flatMap((message) => {
    const plain = listAt(message, 'text', 'text').filter((text) => typeof text === 'string');
    return plain.length > 0 ? plain : wordsOn(message).slice(0, MAX_WORDS);
  });
  return texts.join('\n').trim() || textAt(queryResult, 'fulfillmentText') || '[an answer without text]';
}

/**
 * Tells by the shape of an item's payload who said what. Its `direction` is no help: the documentation shows the
 * customer's words to an agent as `out`.
 */
function saidIn(payload: unknown): Said | undefined {
  const [response] = Array.isArray(payload) ? payload : [payload];
  const queryResult = at(response, 'queryResult');
  if (queryResult !== undefined) return { by: 'bot', text: botWords(queryResult) };
  // One page shows the query inside `queryParameters`, another beside it.
  for (const query of [response, at(response, 'queryParameters')]) {
    const words = at(query, 'query');
    if (typeof words === 'string') return words.trim() === '' ? undefined : { by: 'customer', text: words };
    const event = textAt(query, 'event', 'name');
    if (event !== undefined) return { by: 'system', text: `Event ${event}` };
  }
  const agentWords = at(response, 'text');
  if (typeof agentWords === 'string') return agentWords.trim() === '' ? undefined : { by: 'agent', text: agentWords };
  return { by: 'system', text: '[something that cannot be shown here]' };
}

/**
 * The lines of `messageHistory`, in order of arrival. An item without words is no line; one of an unknown shape is kept as
 * a note. `{direction:'out', payload:{query:'Hello?'}}` becomes `{by:'customer', text:'Hello?'}`.
 */
export function linesOf(messageHistory: unknown): readonly GivenLine[] {
  if (!Array.isArray(messageHistory)) return [];
  return messageHistory.flatMap((item) => {
    const said = saidIn(at(item, 'payload'));
    if (!said) return [];
    const atMs = Date.parse(textAt(item, 'createdAt') ?? '');
    const id = textAt(item, '_id');
    return [
      {
        by: said.by,
        text: clipped(said.text),
        atMs: Number.isFinite(atMs) ? atMs : undefined,
        id: id !== undefined && ID.test(id) ? id : undefined,
      },
    ];
  });
}
