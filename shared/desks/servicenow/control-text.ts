import { clipped } from '../../core/handover/line.ts';
import { type Item, itemOf } from './payloads.ts';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decoded(whole: string, name: string): string {
  const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (!code) return entities[name.toLowerCase()] ?? whole;
  const point = code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}

/**
 * HTML as a text: blocks become lines, all other tags go. It is text afterwards, whatever stood in it. A tag that is never closed is
 * left as it is: looking for its end from each `<` anew would take minutes.
 */
function withoutTags(html: string): string {
  return html
    .replace(/<(script|style|head)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, '')
    .replace(/<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, decoded)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** A journal's text: what stands between code tags is HTML there. */
export const journalText = (value: string): string =>
  value
    .split(/\[\/?code\]/i)
    .map((part, place) => (place % 2 === 1 ? withoutTags(part) : part))
    .join('')
    .trim();

const textIn = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const joined = (parts: readonly string[], by: string): string => parts.filter((part) => part !== '').join(by);

const linkOf = (value: unknown): string => {
  const { label, action, link, description } = Object(value) as Record<string, unknown>;
  return joined([textIn(label), textIn(action) || textIn(link), textIn(description)], ' ');
};

/** What stands on a card, which comes as JSON in a text. */
function cardText(data: string): string {
  let card: Record<string, unknown>;
  try {
    card = Object(JSON.parse(data));
  } catch {
    return '';
  }
  const fields = Array.isArray(card.fields) ? card.fields : [];
  const rows = fields.map((field) => {
    const { fieldLabel, fieldValue } = Object(field) as Record<string, unknown>;
    return joined([textIn(fieldLabel), textIn(fieldValue)], ': ');
  });
  const { title, subtitle, description, url, link, image } = card;
  return joined([title, subtitle, description, ...rows, url, link, image].map(textIn), '\n');
}

/**
 * What a control of Virtual Agent says, as a text: whatever it is, its header, its label, its value and its options. Empty
 * when it says nothing.
 */
export function controlText(item: Item): string {
  const { uiType, header, label, value, altText, data, content, options = [], values = [] } = item;
  const part = itemOf(content);
  const said = uiType === 'OutputHtml' ? withoutTags(textIn(value)) : textIn(value);
  const text = joined(
    [
      textIn(header),
      textIn(label),
      textIn(altText),
      said,
      linkOf(value),
      data === undefined ? '' : cardText(data),
      part ? controlText(part) : '',
      ...options.map((option) => joined(['-', textIn(Object(option).label)], ' ')).filter((line) => line !== '-'),
      ...values.map(linkOf),
    ],
    '\n',
  );
  return clipped(text);
}
