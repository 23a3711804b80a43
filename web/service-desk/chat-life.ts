import type { ChatView } from './chat-view.ts';
import { type BrowserClock, pause, within } from './clock.ts';
import type { ConnectWish } from './connect-wish.ts';
import type { JoinConversation, Pass } from './conversation.ts';
import type { FlexToken } from './flex-token.ts';
import type { KeptState } from './kept-state.ts';
import { type LiveChat, liveChat } from './live-chat.ts';
import type { Outgoing } from './outgoing.ts';
import { queueUpdates } from './queue-updates.ts';
import { Refusal } from './refusal.ts';
import type { Texts } from './texts.ts';

/** Chats wait 5 s for an end, then go on without. */
const END_LIMIT_MS = 4_500;
/** When it is told again that a chat is over. */
const END_AGAIN_MS = [0, 1_000, 4_000, 15_000];

export interface ChatLifeParts {
  readonly view: ChatView;
  readonly clock: BrowserClock;
  readonly join: JoinConversation;
  readonly flexToken: FlexToken;
  readonly kept: KeptState;
  readonly texts: Texts;
  readonly outgoing: Outgoing;
}

/** The one chat of a visitor: it begins, comes back after a reload, and ends, in whatever order that is asked for. */
export interface ChatLife {
  /** The chat that is going on now. */
  readonly live: LiveChat | undefined;
  /** Rejects with a `Refusal` when no chat could be begun; none is left behind then. Resolves also when it was ended meanwhile. */
  begin(wish: ConnectWish): Promise<void>;
  /** Whether the chat of before a reload is here again. */
  resume(): Promise<boolean>;
  /** Resolves when the chat is over for the people too, or soon. Repeating is harmless. */
  finish(): Promise<void>;
}

/** Tells the function that a chat is over, until it has heard it or another chat begins. */
function ending(flexToken: FlexToken, clock: BrowserClock) {
  let turn = 0;
  let last: Promise<void> = Promise.resolve();

  async function tell(mine: number): Promise<void> {
    for (const delayMs of END_AGAIN_MS) {
      if (delayMs > 0) await pause(clock, delayMs);
      // By now it would be the next chat that is ended.
      if (turn !== mine) return;
      const isTold = await flexToken.end().then(
        () => true,
        () => false,
      );
      if (isTold) return;
    }
  }

  return {
    /** Resolves when it is told, or when that takes too long to wait for. */
    async told(): Promise<void> {
      turn += 1;
      last = tell(turn);
      await within(clock, END_LIMIT_MS, last, undefined);
    },
    /** Whatever was asked to end is over or given up. */
    async settled(): Promise<void> {
      turn += 1;
      await within(clock, END_LIMIT_MS, last, undefined);
    },
    wait: () => within(clock, END_LIMIT_MS, last, undefined),
  };
}

export function chatLife({ view, clock, join, flexToken, kept, texts, outgoing }: ChatLifeParts): ChatLife {
  const end = ending(flexToken, clock);
  let live: LiveChat | undefined;
  let starting: Promise<unknown> = Promise.resolve();
  /** How often it was ended: what was begun before the last time is not to be. */
  let ends = 0;
  let stopUpdates = () => {};

  /** Joins the conversation of a pass. Undefined when it is over already, and the function knows. */
  async function open(pass: Pass, isResumed: boolean): Promise<LiveChat | undefined> {
    let isOver = false;
    const chat = await liveChat(pass, {
      ...{ view, clock, join, kept, texts, isResumed },
      refresh: flexToken.refresh,
      onAnswered: () => stopUpdates(),
      onOver() {
        isOver = true;
        live = undefined;
        stopUpdates();
        kept.forgetChat();
        void end.told();
      },
    });
    if (!chat.conversation.isClosed) return isOver ? undefined : chat;
    await chat.stop(false);
    await end.told();
    return undefined;
  }

  async function beginNow(wish: ConnectWish, isWanted: () => boolean): Promise<void> {
    await end.settled();
    if (!isWanted()) return;
    // A chat that was closed while nobody looked is still the visitor's open one for the function.
    const chat =
      (await open(await flexToken.start(wish.body), false)) ?? (await open(await flexToken.start(wish.body), false));
    if (!chat) throw new Refusal('chat_not_open', true);
    if (!isWanted()) {
      await Promise.all([chat.stop(true), end.told()]);
      return;
    }
    live = chat;
    const { availability } = flexToken;
    stopUpdates = queueUpdates({ view, clock, availability, topic: wish.topic, words: texts.waiting });
    if (wish.firstMessage === undefined || (await chat.hasWritten)) return;
    // Without it the agent still has it among the attributes of the task.
    await outgoing.say(chat, wish.firstMessage).catch(() => {});
  }

  async function begin(wish: ConnectWish, isWanted: () => boolean): Promise<void> {
    stopUpdates();
    await live?.stop(false);
    live = undefined;
    try {
      await beginNow(wish, isWanted);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('unreachable', true);
      if (refusal.isOpen) await end.told();
      kept.forgetChat();
      if (isWanted()) throw refusal;
    }
  }

  async function resume(isWanted: () => boolean): Promise<boolean> {
    if (live) return true;
    try {
      const chat = await open(await flexToken.refresh(), true);
      if (!isWanted()) await Promise.all([chat?.stop(true), end.told()]);
      else live = chat;
      return live !== undefined;
    } catch (error) {
      if (!(error instanceof Refusal) || error.isOpen) void end.told();
      kept.forgetChat();
      return false;
    }
  }

  /** One after the other: two at once would be two connections that both show everything. */
  function afterOthers<T>(start: (isWanted: () => boolean) => Promise<T>): Promise<T> {
    const asked = ends;
    const mine = starting.catch(() => {}).then(() => start(() => ends === asked));
    starting = mine;
    return mine;
  }

  return {
    get live() {
      return live;
    },
    begin: (wish) => afterOthers((isWanted) => begin(wish, isWanted)),
    resume: () => afterOthers(resume),
    async finish() {
      ends += 1;
      const chat = live;
      live = undefined;
      stopUpdates();
      // First, for a start waits for what is shown.
      const stopped = chat?.stop(true);
      await within(clock, END_LIMIT_MS, starting, undefined).catch(() => {});
      if (!stopped) return end.wait();
      kept.forgetChat();
      await Promise.all([within(clock, END_LIMIT_MS, stopped, undefined), end.told()]);
    },
  };
}
