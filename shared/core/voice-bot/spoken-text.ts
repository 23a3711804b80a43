import { latePattern } from '../late-pattern.ts';

/** What a bot may say in one message. Longer ones end with a whole word. */
const MAX_LENGTH = 1_500;
/** As much is looked at. */
const MAX_GIVEN = 4 * MAX_LENGTH;

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: ' ',
  lt: ' ',
  nbsp: ' ',
  quot: '"',
};

/** `https://www.example.com/a?b=c` becomes `example.com`: nobody can write down the rest. */
const hostOf = (url: string): string => /^[a-z+.-]+:\/\/(?:[^/\s@]*@)?(?:www\.)?([^/\s:?#]*)/i.exec(url)?.[1] ?? '';

type Step = readonly [RegExp, string | ((whole: string, ...groups: string[]) => string)];

const pictures = latePattern(
  String.raw`(?:(?![©®™])\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}\u{1F3FB}-\u{1F3FF}\uFE0F\u20E3])\u200D?`,
  'gu',
);
const unseen = latePattern(String.raw`(?![\u200C\u200D])\p{Cf}`, 'gu');
const unheard = latePattern(String.raw`(?!\n)[\p{Cc}\p{Co}\p{Cs}]`, 'gu');
const lineEnds = latePattern(String.raw`(?<=[\p{L}\p{M}\p{N}"')\]])\n(?=\S)`, 'gu');
const heard = latePattern(String.raw`[\p{L}\p{N}]`);

/** Whether there is a letter or a digit in a text: nothing else is heard. */
export const canBeHeard = (text: string): boolean => heard().test(text);

/** In this order: what is inside one thing is looked at again by those after it. Made when something is said, for it takes long. */
const steps = (): readonly Step[] => [
  [/\r\n?/g, '\n'],
  [/[^\S\n]+/g, ' '],
  // Markup: SSML and HTML are never run, and what a tag holds is no text.
  [/<!--[\s\S]*?-->/g, ' '],
  [/<(https?:\/\/[^\s<>]*)>/gi, '$1'],
  [/<(?:br|\/p|\/div|\/li|\/s|\/h[1-6])\b[^<>]*>/gi, '\n'],
  [/<[/!?]?[a-z][^<>]*>/gi, ' '],
  [/&(amp|apos|gt|lt|nbsp|quot|#39);/g, (_, name) => entities[name] ?? "'"],
  // Markdown.
  [/!?\[([^[\]\n]*)\]\([^()\s]*(?:\s[^()\n]*)?\)/g, '$1'],
  [/^ *(?:[-*_=] *){3,}$/gm, ''],
  [/^ *```.*$/gm, ''],
  [/^ ?(?:#{1,6}|>|[-*+•]) +/gm, ''],
  [/`+/g, ''],
  // What follows looks for runs of spaces, each only once.
  [/ {2,}/g, ' '],
  [/(\*\*|~~)(?=\S)([^*~\n]*[^*~\s])\1/g, '$2'],
  [/(?<![\w*])\*(?=[^\s*])([^*\n]*[^*\s])\*(?![\w*])/g, '$1'],
  [/(?<!\w)(_{1,2})(?=[^\s_])([^\n]{0,300}?[^\s_])\1(?!\w)/g, '$2'],
  [/^ *\|?(?: *:?-{2,}:? *\|)+[ :-]*$/gm, ''],
  [/^ *\| *| *\| *$/gm, ''],
  [/ *\| */g, ', '],
  // Addresses of pages, and pictures within the text.
  [/\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/gi, (url) => hostOf(url)],
  [/\bmailto:/gi, ''],
  [pictures(), ' '],
  [/(?<=^|\s)[:;]['-]?[()DPp](?=\s|$)/g, ' '],
  // What cannot be heard, and what would be markup.
  [/[<>]/g, ' '],
  [unseen(), ''],
  [unheard(), ' '],
  // A line of its own is a sentence of its own.
  [/(?<! ) *\n\s*/g, '\n'],
  [lineEnds(), '. '],
  [/\s+/g, ' '],
  [/ +(?=[.,;:!?](?:\s|$))/g, ''],
];

function cut(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const begun = text.slice(0, MAX_LENGTH + 1);
  return begun.slice(0, Math.max(begun.lastIndexOf(' '), 0) || MAX_LENGTH - 1);
}

/**
 * A bot's message as it is spoken: Markdown, HTML and SSML are gone and only their texts are left, addresses of pages are
 * their hosts, pictures are nothing, lines are sentences. At most 1,500 characters. Undefined when nothing is left to hear.
 */
export function spokenText(message: string): string | undefined {
  const given = message.slice(0, MAX_GIVEN);
  const plain = steps()
    .reduce((text, [pattern, by]) => text.replace(pattern, by as string), given)
    .trim();
  const said = cut(plain).trim();
  return canBeHeard(said) ? said : undefined;
}
