/** How the page talks with the stage. */

/** One of the stage's own requests. Resolves to its answer; rejects when it is refused. */
export async function ask(method, path, input) {
  const answer = await fetch(path, { method, ...(input && { body: JSON.stringify(input) }) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error?.message ?? `answered ${answer.status}`);
  return value;
}

/** What this stage is: the bot's id, the desk, the scenes, and the words for reasons that are codes. */
export const about = await ask('GET', '/_stage/about');

const LOOK_AFTER_MS = 120;

const listeners = new Set();

/** Calls the listener with every request: when it begins, and again when it is answered. */
export const onEvent = (listener) => listeners.add(listener);

/** Makes of a look at the stage one that is taken in a moment, however often it is wished for until then. */
export function inAMoment(look) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      look().catch(() => {});
    }, LOOK_AFTER_MS);
  };
}

/** Hears from now on what happens; `heard` is told whether the stage is there. Resolves when everything is heard. */
export function follow(heard) {
  const live = new EventSource('/_stage/live');
  live.addEventListener('open', () => heard(true));
  live.addEventListener('error', () => heard(false));
  live.addEventListener('message', ({ data }) => {
    const event = JSON.parse(data);
    for (const listener of listeners) listener(event);
  });
  return new Promise((resolve) => live.addEventListener('open', resolve, { once: true }));
}

let offsetMs = 0;

/** The functions' clock, as it was when it was read last. */
export const nowMs = () => Date.now() + offsetMs;

export async function readClock() {
  offsetMs = (await ask('GET', '/_stage/clock')).nowMs - Date.now();
}
