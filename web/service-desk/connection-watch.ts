import type { BrowserClock } from './clock.ts';

/** Networks blink: only what takes longer than this is worth a line in the chat. */
const BLINK_MS = 3_000;
/** For somebody who waits a lost connection is the end of the wait, so more is tried. */
const WAITING_MS = 60_000;

interface ConnectionWatchParts {
  readonly clock: BrowserClock;
  /** Whether nobody has come yet. */
  readonly isWaiting: () => boolean;
  /** Tries another token; resolves to whether there is one. */
  readonly renew: () => Promise<boolean>;
  /** It is gone for somebody who waits. */
  readonly onLost: () => void;
  readonly onChange: (isDisconnected: boolean) => void;
}

export interface ConnectionWatch {
  is(state: 'up' | 'down' | 'refused'): void;
  stop(): void;
}

/** Says of a connection what a customer should know of it. */
export function connectionWatch(parts: ConnectionWatchParts): ConnectionWatch {
  const { clock, isWaiting, renew, onLost, onChange } = parts;
  let isTold = false;
  let isOver = false;
  let cancel: (() => void) | undefined;

  function settle(): void {
    cancel?.();
    cancel = undefined;
  }

  function lost(): void {
    settle();
    if (isOver || isTold) return;
    if (isWaiting()) onLost();
    else {
      isTold = true;
      onChange(true);
    }
  }

  function up(): void {
    settle();
    if (!isTold) return;
    isTold = false;
    onChange(false);
  }

  return {
    is(state) {
      if (state === 'up') up();
      else if (state === 'down') cancel ??= clock.after(isWaiting() ? WAITING_MS : BLINK_MS, lost);
      else void renew().then((isRenewed) => isRenewed || lost());
    },
    stop() {
      isOver = true;
      settle();
    },
  };
}
