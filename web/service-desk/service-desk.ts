import type { ServiceDesk } from './chat-contract.ts';
import { chatLife } from './chat-life.ts';
import type { ChatView } from './chat-view.ts';
import { type BrowserClock, within } from './clock.ts';
import { connectWish, type Visitor } from './connect-wish.ts';
import type { JoinConversation } from './conversation.ts';
import { flexToken, type SessionOfVisitor } from './flex-token.ts';
import type { KeptState } from './kept-state.ts';
import { outgoing } from './outgoing.ts';
import { acceptOf, type FileLimits, fileFaults } from './outgoing-files.ts';
import { Refusal } from './refusal.ts';
import type { Texts } from './texts.ts';

/** Chats wait 5 s for it, then offer nobody. */
const AVAILABILITY_LIMIT_MS = 4_500;

interface ServiceDeskParts {
  readonly url: string;
  readonly session: SessionOfVisitor | undefined;
  readonly visitor: () => Visitor;
  readonly files: FileLimits | false;
  readonly texts: Texts;
  readonly view: ChatView;
  readonly kept: KeptState;
  readonly join: JoinConversation;
  readonly clock: BrowserClock;
}

function messageFor({ code }: Refusal, texts: Texts): string {
  if (code === 'rate_limited') return texts.tooManyRequests;
  return code === 'unauthorized' || code === 'session_too_old' ? texts.signInAgain : texts.couldNotConnect;
}

/** What a chat calls to reach people in Flex. Every failure is shown through the view that the chat has for it. */
export function serviceDesk(parts: ServiceDeskParts): ServiceDesk {
  const { files, texts, view, clock } = parts;
  const functionClient = flexToken(parts);
  const sender = outgoing({ view, clock, texts });
  const life = chatLife({ ...parts, flexToken: functionClient, outgoing: sender });
  let locale: string | undefined;
  const visitor = (): Visitor => ({ language: locale, ...parts.visitor() });

  function showCapabilities(): void {
    view.capabilities({
      allowFileUploads: files !== false,
      allowMultipleFileUploads: files !== false && files.maxFiles > 1,
      allowedFileUploadTypes: files === false ? '' : acceptOf(files),
    });
  }

  return {
    getName: () => 'handover to twilio flex',

    async startChat(connectMessage, startChatOptions) {
      showCapabilities();
      try {
        await life.begin(connectWish(connectMessage, startChatOptions, visitor()));
      } catch (error) {
        const refusal = error as Refusal;
        await view.failed(messageFor(refusal, texts), refusal.message);
        throw refusal;
      }
    },

    endChat: () => life.finish(),

    async sendMessageToAgent(message, messageId, additional) {
      const uploads = additional?.filesToUpload ?? [];
      const faults = fileFaults(uploads, files, texts);
      for (const [id, fault] of faults) await view.file(id, fault);
      const sound = uploads.filter(({ id }) => !faults.has(id));
      const text = message?.input?.text ?? '';
      try {
        const chat = life.live;
        if (!chat) throw new Refusal('chat_not_open', false);
        if (text.trim() !== '') await sender.say(chat, text);
        sender.share(chat, sound);
      } catch (error) {
        const refusal = error as Refusal;
        for (const { id } of sound) await view.file(id, texts.fileNotSent);
        await view.notSent(messageId, refusal.message);
        throw refusal;
      }
    },

    updateState(state) {
      locale = state?.locale;
    },

    async userTyping(isTyping) {
      // There is no way to say that somebody stopped; it goes away by itself, and must not look like typing.
      if (isTyping) await life.live?.conversation.typing().catch(() => {});
    },

    async userReadMessages() {
      await life.live?.markRead();
    },

    async areAnyAgentsOnline(connectMessage) {
      const { topic } = connectWish(connectMessage, undefined, visitor());
      const asked = functionClient.availability(topic).then(({ online }) => online);
      return within(clock, AVAILABILITY_LIMIT_MS, asked, null).catch(() => null);
    },

    filesSelectedForUpload(uploads) {
      for (const [id, fault] of fileFaults(uploads, files, texts)) void view.file(id, fault);
    },

    async reconnect() {
      showCapabilities();
      return life.resume();
    },
  };
}
