import type { ChatView, Waiting } from './chat-view.ts';
import type { BrowserClock } from './clock.ts';
import type { FlexToken } from './flex-token.ts';

const EVERY_MS = 20_000;
const MINUTE_SEC = 60;

interface QueueUpdatesParts {
  readonly view: ChatView;
  readonly clock: BrowserClock;
  readonly availability: FlexToken['availability'];
  readonly topic: string | undefined;
  /** Shown while nothing is known; empty for nothing. */
  readonly words: string;
}

/** Tells a customer who waits how the line stands, when that has changed. The function that comes back ends it. */
export function queueUpdates({ view, clock, availability, topic, words }: QueueUpdatesParts): () => void {
  let told = '';
  let isOver = false;
  let cancel = () => {};
  let place = Number.POSITIVE_INFINITY;

  function waitingFor({ waitSeconds, positionInQueue }: Awaited<ReturnType<typeof availability>>): Waiting | undefined {
    if (waitSeconds !== undefined) return { minutes: Math.max(1, Math.ceil(waitSeconds / MINUTE_SEC)) };
    if (positionInQueue !== undefined) {
      // It is the place behind everybody, this customer too; who comes later moves nobody back.
      place = Math.min(place, Math.max(1, Math.floor(positionInQueue) - 1));
      return { place };
    }
    return words === '' ? undefined : { message: words };
  }

  async function update(): Promise<void> {
    const known = await availability(topic).catch(() => ({ online: null }));
    const waiting = waitingFor(known);
    if (isOver) return;
    cancel = clock.after(EVERY_MS, run);
    if (waiting === undefined || JSON.stringify(waiting) === told) return;
    told = JSON.stringify(waiting);
    await view.waiting(waiting);
  }

  // A chat that throws here would otherwise be an error that nobody handles.
  const run = () => void update().catch(() => {});
  run();
  return () => {
    isOver = true;
    cancel();
  };
}
