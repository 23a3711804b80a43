import { parsedUrl } from '../../shared/core/parsed-url.ts';

/** The longest message that Twilio Conversations takes: twilio.com/docs/conversations/api/conversation-message-resource. */
const LONGEST_MESSAGE = 1_600;

/**
 * A person's words for a chat that reads Markdown, perhaps with HTML in it: what would be a tag, an entity or a picture is
 * shown as it was written. Emphasis, lists and links stay what they are.
 */
export const shownText = (text: string): string =>
  text
    .replace(/&(?=#?\w{1,32};)/g, '&amp;')
    .replace(/<(?=[a-z/!?])/gi, '&lt;')
    .replace(/!\[/g, '!\\[');

/** The name of a file where Markdown is read. */
const linkName = (name: string) => shownText(name).replace(/[\\[\]()*_`~^=]/g, '\\$&');

/** A file that an agent sent, as a link; undefined for an address that is not https. */
export function fileLink(name: string, url: string): string | undefined {
  const parsed = parsedUrl(url);
  if (parsed?.protocol !== 'https:') return undefined;
  const address = parsed.href.replace(/[()<>\s\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `[${linkName(name)}](${address})`;
}

/** A customer's words in as few messages as they need, cut between words where there are some. */
export function messagesOf(text: string): readonly string[] {
  const messages: string[] = [];
  let rest = text.trim();
  while (rest.length > LONGEST_MESSAGE) {
    const room = rest.slice(0, LONGEST_MESSAGE);
    const blank = room.search(/\s\S*$/);
    // Never between the halves of a character.
    const end = blank > LONGEST_MESSAGE / 2 ? blank : LONGEST_MESSAGE - (/[\uD800-\uDBFF]$/.test(room) ? 1 : 0);
    messages.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? messages : [...messages, rest];
}
