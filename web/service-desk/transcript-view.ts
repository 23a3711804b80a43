import type { ChatView } from './chat-view.ts';
import { type BrowserClock, within } from './clock.ts';
import type { Said, SharedFile } from './conversation.ts';
import { fileLink, shownText } from './shown-text.ts';
import type { Texts } from './texts.ts';

const FILE_LIMIT_MS = 4_000;

interface TranscriptViewParts {
  readonly view: Pick<ChatView, 'said'>;
  readonly clock: BrowserClock;
  readonly texts: Texts;
  /** The place of the last message that the chat has been given. */
  readonly shownIndex: number;
  readonly onShown: (index: number) => void;
  /** Hears of an agent before their words are shown. Tells whether the chat knows this agent. */
  readonly speaks: (agentId: string) => Promise<boolean>;
}

/** Shows messages, each once and none of the customer's own, which the chat has shown itself. */
export function transcriptView(parts: TranscriptViewParts): (said: Said) => Promise<void> {
  const { view, clock, texts, onShown, speaks } = parts;
  let { shownIndex } = parts;

  async function linkTo({ name = texts.file, url }: SharedFile): Promise<string> {
    const address = await within(clock, FILE_LIMIT_MS, url(), undefined).catch(() => undefined);
    return (address === undefined ? undefined : fileLink(name, address)) ?? `${shownText(name)}: ${texts.fileGone}`;
  }

  return async ({ index, isMine, agentId, text, files }) => {
    if (index <= shownIndex) return;
    shownIndex = index;
    onShown(index);
    if (isMine) return;
    const speaker = agentId !== undefined && (await speaks(agentId)) ? agentId : undefined;
    const links = await Promise.all(files.map(linkTo));
    for (const line of [shownText(text), ...links]) if (line.trim() !== '') await view.said(line, speaker);
  };
}
