/** Markup that is ready to be sent: everything in it that came from outside has been escaped. */
export interface Html {
  readonly markup: string;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text that means itself, between elements and in quoted attributes. HTML cannot hold the character zero. */
const escaped = (text: string): string => text.replace(/[&<>"'\0]/g, (character) => escapes[character] ?? '\uFFFD');

type Value = string | number | undefined | Html | readonly Html[];

function markupOf(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

/** Writes markup. Texts are escaped, markup is not, undefined is nothing. Put every attribute into double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: parts.map((part, at) => part + (at < values.length ? markupOf(values[at]) : '')).join('') };
}

/** A file of ours that is put into the page as it is: a script or a style, whose hash the page's policy names. */
export const asItIs = (file: string): Html => ({ markup: file });

/** Data for a script of the page, in an element that is not run. No `<` is left that could end it. */
export const dataFor = (value: unknown): Html => ({ markup: JSON.stringify(value).replaceAll('<', '\\u003c') });
