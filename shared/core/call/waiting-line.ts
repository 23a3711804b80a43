import * as v from 'valibot';
import { optional, type SettingsOf, settings, wholeNumber } from '../settings.ts';
import { type Language, textsIn } from './languages/index.ts';
import { say } from './speech.ts';
import { type Verb, verb } from './twiml.ts';

/** Of Twilio's own, which anybody's calls may play. Source: Twilio's page on `<Enqueue>`, read 2026-11-21. */
const MUSIC_URL = 'https://s3.amazonaws.com/com.twilio.music.classical/ClockworkWaltz.mp3';

/** A piece of music is played to its end before its listener can leave the line; until then an agent may still take them. */
const MUSIC_SEC = 300;

const musicUrl = v.pipe(
  v.string(),
  v.maxLength(1_000),
  v.check((url) => /^https:\/\/[^\s@]+$/.test(url) && URL.canParse(url)),
);

/** How it is to wait in line for a Flex agent. */
export const waitingLine = settings({
  QUEUE_MINUTES: optional(wholeNumber(1, 240), 5, {
    is: 'how many minutes a caller waits in line for a Flex agent before something else is offered',
    example: '5',
  }),
  HOLD_MUSIC_URL: optional(musicUrl, undefined, {
    is: "https URL of the music for callers who wait; absent means Twilio's",
    example: 'https://www.example.com/hold.mp3',
  }),
});

type WaitingLine = SettingsOf<typeof waitingLine>;

/** What whoever takes a call knows of it. What is undefined is left out. */
export type TaskAttributes = Readonly<Record<string, string | undefined>>;

interface Line {
  readonly workflowSid: string;
  /** What is heard while waiting. */
  readonly waitUrl: string;
  /** Where the call goes when the wait or the talk is over. */
  readonly action: string;
}

/** Puts a caller into line at a TaskRouter workflow. No value can break the attributes: they are JSON made by a program. */
export function enqueue({ QUEUE_MINUTES }: WaitingLine, line: Line, attributes: TaskAttributes): Verb {
  const task = verb('Task', { priority: 0, timeout: QUEUE_MINUTES * 60 + MUSIC_SEC }, JSON.stringify(attributes));
  return verb('Enqueue', { ...line }, task);
}

const count = (text: string | undefined) => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : undefined);

/**
 * What is heard in line: how it goes, where Twilio tells the position that too, then music; asked for again when it is
 * over. A caller who has waited long enough leaves the line, also where TaskRouter forgets them.
 */
export function holding(
  { QUEUE_MINUTES, HOLD_MUSIC_URL = MUSIC_URL }: WaitingLine,
  {
    QueueTime,
    QueuePosition,
  }: { readonly QueueTime?: string | undefined; readonly QueuePosition?: string | undefined },
  language: Language,
): readonly Verb[] {
  if ((count(QueueTime) ?? 0) >= QUEUE_MINUTES * 60) return [verb('Leave')];
  return [say(language, textsIn(language).holding(count(QueuePosition))), verb('Play', {}, HOLD_MUSIC_URL)];
}
