/** What somebody says or does, as it is shown. */
export interface Shown {
  readonly by: string;
  readonly text: string;
}

/** One step of a scene: it happens, and it is looked at whether it really did. */
export interface SceneStep {
  /** What is to be seen, as a sentence. */
  readonly title: string;
  /** Does it and resolves to what was seen. Throws `NotSeen`. */
  see(): Promise<readonly Shown[]>;
}

/** A whole handover, step by step. */
export interface Scene {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly SceneStep[];
}

/** A step was not seen. */
export class NotSeen extends Error {
  override readonly name = 'NotSeen';
}

/** The value, when it is there. Throws `NotSeen` with what is missing. */
export function seen<T>(value: T | undefined | null | false, what: string): T {
  if (value === undefined || value === null || value === false) throw new NotSeen(what);
  return value;
}

const LOOKS_EVERY_MS = 20;
/** Five seconds of looks, more where the machine is busy. */
const MOST_LOOKS = 250;

/** Looks until something is there. Throws `NotSeen` when it is not after 250 looks. */
export async function soon<T>(
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  what: string,
): Promise<T> {
  for (let looks = 1; ; looks += 1) {
    const value = await look();
    if (value !== undefined && value !== null && value !== false) return value;
    if (looks === MOST_LOOKS) throw new NotSeen(`${what} (looked ${looks} times)`);
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS));
  }
}

/** What is told of a scene while it plays: each step when it is over, and the end. */
export type Report =
  | { readonly scene: string; readonly title: string; readonly steps: number }
  | {
      readonly scene: string;
      readonly step: number;
      readonly title: string;
      readonly shown: readonly Shown[];
      readonly ok: boolean;
      readonly missing?: string;
    }
  | { readonly scene: string; readonly done: true; readonly ok: boolean };

/** Plays a scene to its end or to the first step that is not seen, and tells of it as it goes. */
export async function playScene({ name, title, steps }: Scene, tell: (report: Report) => void): Promise<boolean> {
  tell({ scene: name, title, steps: steps.length });
  for (const [index, step] of steps.entries()) {
    const about = { scene: name, step: index + 1, title: step.title };
    try {
      tell({ ...about, shown: await step.see(), ok: true });
    } catch (error) {
      tell({ ...about, shown: [], ok: false, missing: error instanceof Error ? error.message : String(error) });
      tell({ scene: name, done: true, ok: false });
      return false;
    }
  }
  tell({ scene: name, done: true, ok: true });
  return true;
}
