import type { ChatView } from './chat-view.ts';
import { type BrowserClock, within } from './clock.ts';
import { connectionWatch } from './connection-watch.ts';
import type { Conversation, ConversationEvent, JoinConversation, Pass } from './conversation.ts';
import type { FlexToken } from './flex-token.ts';
import type { KeptState } from './kept-state.ts';
import { Refusal } from './refusal.ts';
import { shownConversation } from './shown-conversation.ts';
import type { Texts } from './texts.ts';
import { tokenRenewal } from './token-renewal.ts';

const JOIN_LIMIT_MS = 15_000;

interface LiveChatParts {
  readonly view: ChatView;
  readonly clock: BrowserClock;
  readonly join: JoinConversation;
  readonly refresh: FlexToken['refresh'];
  readonly kept: KeptState;
  readonly texts: Texts;
  readonly isResumed: boolean;
  readonly onAnswered: () => void;
  /** It is over by itself: closed, or lost before anybody came. Called right before the customer is told. */
  readonly onOver: () => void;
}

/** A conversation that is shown in a chat. */
export interface LiveChat {
  readonly conversation: Conversation;
  readonly hasWritten: Promise<boolean>;
  /** Tells the people that the customer has read what the chat has. Never rejects. */
  markRead(): Promise<void>;
  /** Nothing more is shown, and the connection is given up. `leaving` takes the customer out of the conversation. */
  stop(leaving: boolean): Promise<void>;
}

async function joinedInTime(clock: BrowserClock, joining: Promise<Conversation>): Promise<Conversation> {
  const conversation = await within(clock, JOIN_LIMIT_MS, joining, undefined);
  if (conversation) return conversation;
  // It may still come, when nobody wants it any more.
  void joining.then((late) => late.disconnect(false)).catch(() => {});
  throw new Refusal('unreachable', true);
}

/** Joins the conversation of a pass and shows it, with its connection and its token looked after. Rejects when it cannot. */
export async function liveChat(pass: Pass, parts: LiveChatParts): Promise<LiveChat> {
  const { view, clock, texts, onOver } = parts;
  const early: ConversationEvent[] = [];
  let hear = (event: ConversationEvent): void => {
    early.push(event);
  };
  const conversation = await joinedInTime(
    clock,
    parts.join(pass, (event) => hear(event)),
  );
  const shown = shownConversation({ ...parts, conversation, conversationSid: pass.conversationSid });

  function halt(): void {
    shown.stop();
    renewal.stop();
    connection.stop();
  }

  function end(show: () => Promise<void>): void {
    shown.end(async () => {
      halt();
      void conversation.disconnect(false);
      onOver();
      await show();
    });
  }

  const closed = () =>
    end(() =>
      shown.wasAnswered
        ? view.ended()
        : view.failed(texts.nobodyCame, 'handover: the chat was closed before anybody came'),
    );
  const renewal = tokenRenewal(pass, {
    clock,
    refresh: parts.refresh,
    use: conversation.renewToken,
    onNotOpen: closed,
  });
  const connection = connectionWatch({
    clock,
    isWaiting: () => !shown.wasAnswered,
    renew: renewal.now,
    onLost: () => end(() => view.failed(texts.connectionLost, 'handover: the connection was lost')),
    onChange: shown.disconnected,
  });

  hear = (event) => {
    if (event.kind === 'connection') connection.is(event.is);
    else if (event.kind === 'token-ends-soon') void renewal.now();
    else if (event.kind === 'closed') closed();
    else shown.hear(event);
  };
  for (const event of early) hear(event);

  return {
    conversation,
    hasWritten: shown.hasWritten,
    async markRead() {
      if (shown.lastIndex >= 0) await conversation.markRead(shown.lastIndex).catch(() => {});
    },
    async stop(leaving) {
      halt();
      await conversation.disconnect(leaving);
    },
  };
}
