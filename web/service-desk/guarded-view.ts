import type { ChatView } from './chat-view.ts';

/** A view through which nothing is shown any more once it is no longer allowed. */
export function guarded(view: ChatView, isAllowed: () => boolean): ChatView {
  const when =
    <Given extends readonly unknown[]>(show: (...given: Given) => Promise<void>) =>
    async (...given: Given) => {
      if (isAllowed()) await show(...given);
    };
  return {
    capabilities: view.capabilities,
    waiting: when(view.waiting),
    joined: when(view.joined),
    transferring: when(view.transferring),
    left: when(view.left),
    ended: when(view.ended),
    said: when(view.said),
    typing: when(view.typing),
    read: when(view.read),
    failed: when(view.failed),
    disconnected: when(view.disconnected),
    notSent: when(view.notSent),
    file: when(view.file),
  };
}
