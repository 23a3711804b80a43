/** A text of at most `maxLength` characters as it is; of a longer one the beginning, up to a space where there is one. */
export function cutAtWord(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const space = text.slice(0, maxLength + 1).lastIndexOf(' ');
  if (space > 0) return text.slice(0, space);
  // Never between the halves of a character.
  return text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}
