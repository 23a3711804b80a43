import type { ChatView } from './chat-view.ts';

export interface ReadReceipts {
  /** A message of the customer is in the conversation. */
  sent(index: number): Promise<void>;
  /** An agent has read up to here. */
  read(index: number): Promise<void>;
}

/** Tells that everything was read, only when an agent has: once for each time, in whatever order it is learnt. */
export function readReceipts(view: Pick<ChatView, 'read'>): ReadReceipts {
  let sentIndex = -1;
  let readIndex = -1;
  let toldIndex = -1;

  async function tell(): Promise<void> {
    if (sentIndex <= toldIndex || readIndex < sentIndex) return;
    toldIndex = sentIndex;
    await view.read();
  }

  return {
    sent(index) {
      sentIndex = Math.max(sentIndex, index);
      return tell();
    },
    read(index) {
      readIndex = Math.max(readIndex, index);
      return tell();
    },
  };
}
