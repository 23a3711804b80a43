/** A URL, or undefined for a text that is none. Also where `URL.canParse` is not known, as in the browsers of some visitors. */
export function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
