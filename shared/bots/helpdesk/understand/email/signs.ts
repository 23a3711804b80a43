import { marks } from '../normalised.ts';

/** Longer texts are cut: no address is dictated in as many characters. */
const MAX_LENGTH = 400;

/** How letters are written that addresses do not have: `ue` in German names, else the letter without its marks. */
export type Umlauts = 'two letters' | 'one letter';

const umlauts: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'oe', å: 'aa' };
const singles: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', ø: 'o' };

/** Signs that a recogniser has written as such, and words of several words. What is here counts in this order. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/['’`´"]/g, ''],
  [/\b([a-z])\.(?=[\s,]|$)/g, '$1 '],
  [/\bx-?rays?\b/g, 'xray'],
  [/\be-?mails?\b/g, 'email'],
  [/@/g, ' @ '],
  [/\.(?=[a-z0-9])|(?<=\s)\.(?=\s)|\.(?=\s(?:[a-z0-9-]+\. ?)?(?:com|org|net|io|de|co|edu)\b)/g, ' . '],
  [/(?<=\w)\.(?=\s|$)/g, ' '],
  [/_/g, ' _ '],
  [/(?<=[a-z0-9])-(?=[a-z0-9])/g, ' - '],
  [/\+(?=[a-z0-9])/g, ' + '],
  [/\bat (?:the rate(?: of)?|sign|symbol)\b/g, ' @ '],
  // Who hesitates says it twice.
  [/\bat(?: at)*\b/g, ' @ '],
  [/\b(?:dot ?com)\b/g, ' . com '],
  [/\b(?:dot|dots|period|point|full stop)\b/g, ' . '],
  [/\b(?:dash|hyphen|minus)(?: sign)?\b/g, ' - '],
  [/\b(?:under ?score|underline)\b/g, ' _ '],
  [/\bplus(?: sign)?\b/g, ' + '],
  [/\bdouble (?:u|you|yu)\b/g, ' w '],
  [/\bgee (?=mail\b)/g, ' g '],
  // Said besides.
  [
    /\b(?:u+m+|u+h+m*|e+r+m*|hm+|you know|all (?:in )?(?:lower ?case|small|one word|together)|no spaces?|in one word|as one word)\b/g,
    ' ',
  ],
  [/\b(?:capital|upper ?case|lower ?case|small|big|(?:the )?letter)(?= [a-z]\b)/g, ' '],
  [/\b(?:the )?(?:number|digits?)(?= )/g, ' '],
];

const spelledApart = (text: string) =>
  text.replace(/\b(?:[a-z]\.){2,}(?=\s|$)|\b[a-z](?:-[a-z])+\b/g, (run) => run.replace(/[.-]/g, ' '));

/** The words of an address as it was said: `@`, `.`, `-`, `_` and `+` for what stands for them, all else letters and digits. */
export function signsOf(text: string, how: Umlauts): readonly string[] {
  const letters = how === 'two letters' ? umlauts : singles;
  const lower = text.slice(0, MAX_LENGTH).toLowerCase().normalize('NFC');
  const plain = lower
    .replace(/[äöüßæøå]/g, (letter) => letters[letter] ?? letter)
    .normalize('NFKD')
    .replace(marks(), '');
  const marked = spellings.reduce((words, [sign, written]) => words.replace(sign, written), spelledApart(plain));
  return marked.match(/[a-z0-9]+|[@._+-]/g) ?? [];
}
