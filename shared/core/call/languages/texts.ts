import type VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import type { PersonReason } from '../person-reason.ts';

/** How a language is spoken by Twilio: the attributes of every `<Say>` in it. */
export type Voice = Readonly<Required<Pick<VoiceResponse.SayAttributes, 'language' | 'voice'>>>;

/** What is told of a customer who waits. */
interface Waiting {
  readonly name: string | undefined;
  readonly topic: string | undefined;
}

/** Everything that callers and agents hear or read, in one language. Values in it are `speakable` already. */
export interface Texts {
  readonly oneMoment: string;
  readonly nobody: string;
  /** To the customer whom we call because they asked for it: who is calling, and why. */
  readonly greeting: (business: string | undefined, topic: string | undefined) => string;
  /** When one agent did not answer and the next is rung. */
  readonly stillTrying: string;
  /** In line, again and again: which one the caller is, if that is known. */
  readonly holding: (position: number | undefined) => string;
  /** At a time when nobody works: when somebody will again. */
  readonly closed: (opens: { readonly day: string; readonly time: string } | undefined) => string;
  /** To the caller, before they talk to anybody. */
  readonly recorded: string;
  /** Asks for a key: 1 to be called back, 2 to leave a message. At least one of them is offered. */
  readonly offer: (offered: { readonly callBack: boolean; readonly message: boolean }) => string;
  readonly callBackPromised: string;
  /** To a caller who asked to be called back, when that cannot be. */
  readonly callBackImpossible: string;
  readonly leaveMessage: string;
  readonly messageTaken: string;
  readonly nothingHeard: string;

  /* What an agent hears before the two are connected, in this order. */
  readonly waiting: (waiting: Waiting) => string;
  readonly because: (reason: string) => string;
  /** Reasons of ours, to be heard and read. */
  readonly reasons: Readonly<Record<PersonReason, string>>;
  /** What the customer has told already, like `plate: AB 123, place: Rome`. */
  readonly known: (fields: string) => string;
  readonly lastWords: (words: string) => string;
  readonly recordedToo: string;
  readonly pressToAccept: string;
  readonly customerLeft: string;
  /** A text message to the agent's phone, with the address of the page that shows the conversation. */
  readonly textToAgent: (waiting: Waiting, address: string) => string;
}

/** A language: a file of its own, named in index.ts. */
export interface SpokenLanguage {
  readonly voice: Voice;
  /** Whether Twilio can write down what is said in it. Of others it would write nonsense. */
  readonly transcribed: boolean;
  readonly texts: Texts;
}
