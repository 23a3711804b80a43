/** A code of ours in words, for people; whatever is no such code has words of its own already. */
export function codeInWords<T extends string | undefined>(
  words: Readonly<Record<string, string>>,
  given: T,
): string | T {
  return given !== undefined && Object.hasOwn(words, given) ? (words[given] ?? given) : given;
}
