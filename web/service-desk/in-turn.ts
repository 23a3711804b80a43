/** Tasks one after the other. */
export interface InTurn {
  /** Runs a task after all that were added before. One that fails does not stop those after it. */
  add(task: () => Promise<void>): void;
  /** Whatever has not begun is left undone. */
  end(): void;
  readonly isEnded: boolean;
}

/** Shows an error to whoever watches the page, as if nobody had caught it. */
function report(error: unknown): void {
  (globalThis as { readonly reportError?: (error: unknown) => void }).reportError?.(error);
}

export function inTurn(): InTurn {
  let isEnded = false;
  let last: Promise<unknown> = Promise.resolve();
  return {
    add(task) {
      last = last.then(() => (isEnded ? undefined : task())).catch(report);
    },
    end() {
      isEnded = true;
    },
    get isEnded() {
      return isEnded;
    },
  };
}
