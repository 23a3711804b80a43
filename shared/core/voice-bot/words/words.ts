/** What a caller may say to the channel itself, whatever bot is behind it, as `folded` gives it. */
export interface Phrases {
  /** Said while thinking or out of politeness: they count for nothing. */
  readonly fillers: readonly string[];
  readonly repeat: readonly string[];
  readonly help: readonly string[];
  readonly goodbye: readonly string[];
  /** A wish for a person: one of the people, with one of the beginnings before and one of the articles between, or without. */
  readonly wishes: readonly string[];
  readonly articles: readonly string[];
  readonly people: readonly string[];
  readonly yes: readonly string[];
  readonly no: readonly string[];
  /** With a yes or a no, or without one, these are neither. */
  readonly doubts: readonly string[];
  /** Before a number that picks a choice. */
  readonly numberNames: readonly string[];
  /** From one to nine, each with what it is heard as. */
  readonly numbers: readonly (readonly string[])[];
}

/** Everything that the channel itself says. */
export interface ChannelWords {
  /** After the first and the second silence; what was asked follows. */
  readonly silence: readonly [string, string];
  readonly silenceToPerson: string;
  readonly silenceGoodbye: string;
  readonly notUnderstood: string;
  readonly toPerson: string;
  readonly failed: string;
  readonly goodbye: string;
  /** Where a bot says nothing at all. */
  readonly listening: string;
  readonly help: string;
  readonly resume: string;
  readonly yes: string;
  readonly no: string;
  /** One of the answers offered; without a key it can only be said. */
  readonly choice: (title: string, key: number | undefined) => string;
}

/** The channel in one language. */
export interface ChannelLanguage {
  readonly words: ChannelWords;
  readonly phrases: Phrases;
}
