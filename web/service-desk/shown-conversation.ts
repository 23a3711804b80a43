import type { ChatView } from './chat-view.ts';
import { type BrowserClock, within } from './clock.ts';
import type { Conversation, ConversationEvent } from './conversation.ts';
import { guarded } from './guarded-view.ts';
import { inTurn } from './in-turn.ts';
import type { KeptState } from './kept-state.ts';
import { readReceipts } from './read-receipts.ts';
import type { Texts } from './texts.ts';
import { transcriptView } from './transcript-view.ts';
import { whoIsThere } from './who-is-there.ts';

const CATCH_UP_LIMIT_MS = 8_000;

interface ShownConversationParts {
  readonly conversation: Conversation;
  readonly conversationSid: string;
  readonly view: ChatView;
  readonly clock: BrowserClock;
  readonly kept: KeptState;
  readonly texts: Texts;
  /** Whether the chat still shows what it showed before a reload of the page. */
  readonly isResumed: boolean;
  /** The first agent is there. */
  readonly onAnswered: () => void;
}

export interface ShownConversation {
  hear(event: ConversationEvent): void;
  /** The place of the last message that the chat has; -1 for none. */
  readonly lastIndex: number;
  disconnected(isDisconnected: boolean): void;
  /** Shows the end after everything that is being shown, and nothing after it. The first end counts. */
  end(show: () => Promise<void>): void;
  /** Nothing more is shown. */
  stop(): void;
  readonly wasAnswered: boolean;
  /** Whether the customer has written something in it before; settles when what was missed is shown. */
  readonly hasWritten: Promise<boolean>;
}

/** What the chat knows of this conversation from before a reload, and goes on keeping. */
function memoryOf(kept: KeptState, conversationSid: string) {
  const before = kept.read().chat;
  const isKnown = before?.conversationSid === conversationSid;
  const chat: NonNullable<typeof before> = isKnown ? before : { conversationSid, shownIndex: -1 };
  let now = chat;
  return {
    isKnown,
    chat,
    get lastIndex() {
      return now.shownIndex;
    },
    note(change: Partial<typeof chat>) {
      now = { ...now, ...change };
      kept.update({ chat: now });
    },
  };
}

/** Shows what is said and done in a conversation, in order, each message once. */
export function shownConversation(parts: ShownConversationParts): ShownConversation {
  const { conversation, conversationSid, clock, kept, texts, isResumed, onAnswered } = parts;
  const turns = inTurn();
  const view = guarded(parts.view, () => !turns.isEnded);
  const memory = memoryOf(kept, conversationSid);
  const receipts = readReceipts(view);
  const presence = whoIsThere({
    view,
    clock,
    unnamed: texts.agent,
    later: turns.add,
    onShown: (agentId) => memory.note({ agentId }),
    onAnswered,
  });
  const say = transcriptView({
    view,
    clock,
    texts,
    shownIndex: memory.chat.shownIndex,
    onShown: (shownIndex) => memory.note({ shownIndex }),
    speaks: presence.speaks,
  });

  let settleWritten: (hasWritten: boolean) => void = () => {};
  const hasWritten = new Promise<boolean>((resolve) => {
    settleWritten = resolve;
  });

  function stop(): void {
    turns.end();
    presence.stop();
    settleWritten(true);
  }

  async function show(event: ConversationEvent): Promise<void> {
    switch (event.kind) {
      case 'joined':
        return presence.joined(event.agent);
      case 'left':
        return presence.left(event.agentId);
      case 'typing':
        return presence.typing(event.agentId, event.isTyping);
      case 'read':
        return receipts.read(event.index);
      case 'said':
        if (event.said.isMine) await receipts.sent(event.said.index);
        return say(event.said);
      default:
        return;
    }
  }

  async function catchUp(): Promise<boolean> {
    if (isResumed) await presence.resumed(conversation.agents, memory.chat.agentId);
    else for (const agent of conversation.agents) await presence.joined(agent);
    const missed = await within(clock, CATCH_UP_LIMIT_MS, conversation.since(memory.chat.shownIndex + 1), undefined);
    if (!missed) return true;
    for (const said of missed) await show({ kind: 'said', said });
    return memory.isKnown || missed.some(({ isMine }) => isMine);
  }

  // What cannot be read is taken for written: better no first message than a second one.
  turns.add(async () => settleWritten(await catchUp().catch(() => true)));

  return {
    hear: (event) => turns.add(() => show(event)),
    disconnected: (isDisconnected) => turns.add(() => view.disconnected(isDisconnected)),
    end(showEnd) {
      turns.add(async () => {
        stop();
        await showEnd();
      });
    },
    stop,
    get lastIndex() {
      return memory.lastIndex;
    },
    get wasAnswered() {
      return presence.wasAnybody;
    },
    hasWritten,
  };
}
