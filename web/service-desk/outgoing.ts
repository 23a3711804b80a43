import type { FileUpload } from './chat-contract.ts';
import type { ChatView } from './chat-view.ts';
import { type BrowserClock, within } from './clock.ts';
import { inTurn } from './in-turn.ts';
import type { LiveChat } from './live-chat.ts';
import { Refusal } from './refusal.ts';
import { messagesOf } from './shown-text.ts';
import type { Texts } from './texts.ts';

/** A chat takes a message for lost after 20 s; this is sooner. */
const SEND_LIMIT_MS = 15_000;
const FILE_LIMIT_MS = 120_000;
const MAX_TEXT = 32_000;

interface OutgoingParts {
  readonly view: Pick<ChatView, 'file'>;
  readonly clock: BrowserClock;
  readonly texts: Texts;
}

/** What a customer sends: words and files, each in the order in which they were sent. */
export interface Outgoing {
  /** Resolves when the words are in the conversation. Rejects with a `Refusal` when they may not be. */
  say(chat: LiveChat, text: string): Promise<void>;
  /** Sends files that were checked. What becomes of each is shown beside it. */
  share(chat: LiveChat, uploads: readonly FileUpload[]): void;
}

export function outgoing({ view, clock, texts }: OutgoingParts): Outgoing {
  const words = inTurn();
  // Apart, for a file may take minutes.
  const files = inTurn();

  async function sent(limitMs: number, sending: Promise<number>): Promise<void> {
    if ((await within(clock, limitMs, sending, undefined)) === undefined) throw new Refusal('not_sent', true);
  }

  async function sayNow({ conversation, markRead }: LiveChat, text: string): Promise<void> {
    for (const message of messagesOf(text)) await sent(SEND_LIMIT_MS, conversation.send(message));
    // Who answers has read.
    void markRead();
  }

  async function shareNow({ conversation }: LiveChat, { id, file }: FileUpload): Promise<void> {
    try {
      await sent(FILE_LIMIT_MS, conversation.sendFile(file));
    } catch {
      return view.file(id, texts.fileNotSent);
    }
    await view.file(id);
  }

  return {
    async say(chat, text) {
      if (text.length > MAX_TEXT) throw new Refusal('too_large', false);
      await new Promise<void>((resolve, reject) => {
        words.add(() => sayNow(chat, text).then(resolve, () => reject(new Refusal('not_sent', true))));
      });
    },
    share(chat, uploads) {
      for (const upload of uploads) files.add(() => shareNow(chat, upload));
    },
  };
}
