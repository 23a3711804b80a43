/** What happens when a phone rings. */
export type PickUp =
  | { readonly is: 'answered'; readonly by: 'human' | 'machine' }
  /** The code of the final SIP response, where it is not the usual one for what happened. */
  | { readonly is: 'busy' | 'no-answer' | 'failed'; readonly sipResponseCode?: number | undefined };

/** What somebody does when the call asks them for something. */
export type Entry =
  | { readonly is: 'digits'; readonly digits: string; readonly afterSec?: number | undefined }
  | {
      readonly is: 'speech';
      readonly text: string;
      /** No machine makes it out. */
      readonly mumbled?: boolean;
      /** Of the recogniser, from 0 to 1. */
      readonly confidence?: number | undefined;
      /** So long after the prompt began, while something is still being said; undefined is after all of it. */
      readonly afterSec?: number | undefined;
    }
  | { readonly is: 'nothing' }
  | { readonly is: 'hang-up' };

/** What somebody does when it is their turn in a talk. */
export interface Turn {
  readonly says?: string;
  /** `refer`: an assistant asks for the call to be handed over, by SIP REFER to this target. */
  readonly next: 'listen' | 'hang-up' | { readonly referTo: string };
}

/**
 * Where in a call somebody may hang up: while another phone rings for them, while whoever answered there hears the whisper,
 * while something is said to them, when they are asked for keys, right after they pressed one, while they wait in a queue,
 * after they left a message.
 */
export const hangUpPoints = ['ringing', 'whisper', 'announcement', 'prompt', 'key', 'queue', 'voicemail'] as const;

export type HangUpPoint = (typeof hangUpPoints)[number];

/** What somebody is asked for. */
export type Wanted = 'keys' | 'speech' | 'either' | 'message';

/** Somebody at the other end of a leg. */
export interface Party {
  /** As it is shown in the story of a call. */
  readonly name: string;
  pickUp(): Promise<PickUp>;
  /** Answers a prompt for keys or speech, or leaves a message. `heard` is what they heard since the one before. */
  enter(wanted: Wanted, heard: readonly string[]): Promise<Entry>;
  /** Their turn; `heard` is what the other one said since. */
  turn(heard: string | undefined): Promise<Turn>;
  /** Resolves when somebody who had nothing more to say has something to say again. */
  wakes(): Promise<void>;
  /** Whether they hang up here. */
  hangsUpAt(point: HangUpPoint): boolean;
  /** Is told when the call is over for them, however it ended. */
  ended?(): void;
}

/** Something that somebody says, or the keys that they press; neither is nothing, as long as the prompt waits. */
export interface Deed {
  readonly text?: string | undefined;
  readonly keys?: string | undefined;
  readonly confidence?: number | undefined;
  readonly afterSec?: number | undefined;
}

/** How somebody behaves in a call. */
export interface Script {
  readonly name?: string | undefined;
  /** Default `human`. */
  readonly answers?: 'human' | 'machine' | 'busy' | 'no-answer' | 'failed' | undefined;
  /** Keys pressed at each prompt in turn; an empty text presses none. */
  readonly presses?: readonly string[] | undefined;
  /** What is said at each prompt or after the beep. */
  readonly speaks?: readonly string[] | undefined;
  /** Does nothing at a prompt until it is told them, and then that; a talk takes it up as well. */
  readonly waits?: boolean | undefined;
  /**
   * What they do at a prompt, by what they heard since the one before, line by line; in place of `presses` and `speaks`.
   * Undefined hangs up.
   */
  readonly replies?: ((heard: readonly string[]) => Deed | undefined) | undefined;
  /** What is said in a talk, turn by turn. */
  readonly says?: readonly string[] | undefined;
  /** After the last line of `says`. Default `stay`. */
  readonly ends?: 'hang-up' | 'stay' | undefined;
  /** Hangs up there, the first time that the call comes so far. */
  readonly hangsUpAt?: HangUpPoint | undefined;
  /** What they say into a voicemail cannot be made out: its transcription fails. */
  readonly mumbles?: boolean | undefined;
}

/** Somebody who follows a script, and to whom more can be said to do while the call goes on. */
export interface ScriptedParty extends Party {
  /** Gives them one more line for their next turn, and says what they do after their last. */
  prompt(line: string, ends?: Script['ends']): void;
  /** What they do next at a prompt; only of somebody who waits for that. */
  does(deed: Deed): void;
}

const RING_MS = 60;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function entryOf({ text, keys, confidence, afterSec }: Deed, mumbled: boolean): Entry {
  if (keys) return { is: 'digits', digits: keys, afterSec };
  if (text) return { is: 'speech', text, confidence, afterSec, ...(mumbled && { mumbled }) };
  return { is: 'nothing' };
}

export function scriptedParty(defaultName: string, script: Script): ScriptedParty {
  const { answers = 'human', mumbles = false, waits = false, replies } = script;
  let { ends = 'stay' } = script;
  const presses = [...(script.presses ?? [])];
  const speaks = [...(script.speaks ?? [])];
  const deeds: Deed[] = (script.says ?? []).map((text) => ({ text }));
  let wake = () => {};
  let awake = new Promise<void>((resolve) => (wake = resolve));
  const does = (deed: Deed) => {
    deeds.push(deed);
    wake();
    awake = new Promise<void>((resolve) => (wake = resolve));
  };

  /** What they do at a prompt. Undefined hangs up. */
  async function deedFor(wanted: Wanted, heard: readonly string[]): Promise<Deed | undefined> {
    if (replies) return replies(heard);
    while (waits && deeds.length === 0) await awake;
    if (waits) return deeds.shift();
    const keys = wanted === 'keys' || wanted === 'either' ? presses.shift() : undefined;
    return keys || wanted === 'keys' ? { keys } : { text: speaks.shift() };
  }

  return {
    name: script.name ?? defaultName,
    async pickUp() {
      await pause(RING_MS);
      return answers === 'human' || answers === 'machine' ? { is: 'answered', by: answers } : { is: answers };
    },
    async enter(wanted, heard) {
      if (wanted !== 'message' && script.hangsUpAt === 'prompt') return { is: 'hang-up' };
      const deed = await deedFor(wanted, heard);
      return deed ? entryOf(deed, mumbles) : { is: 'hang-up' };
    },
    async turn() {
      const { text } = deeds.shift() ?? {};
      if (text !== undefined) return { says: text, next: 'listen' };
      return { next: ends === 'hang-up' ? 'hang-up' : 'listen' };
    },
    wakes: () => (deeds.length > 0 ? Promise.resolve() : awake),
    hangsUpAt: (point) => script.hangsUpAt === point,
    does,
    prompt(text, endsThen = ends) {
      ends = endsThen;
      does({ text });
    },
  };
}
