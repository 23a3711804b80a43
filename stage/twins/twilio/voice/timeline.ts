import type { Engine } from './engine.ts';
import type { Heard, Leg } from './leg.ts';

const CHARACTERS_PER_SEC = 15;

/** How long it takes to say something. */
export const sayingSec = (text: string) => Math.ceil(text.length / CHARACTERS_PER_SEC);

/** What was heard of something that was said for so long. Music is the same however long it plays. */
const saidIn = (text: string, seconds: number) =>
  text.startsWith('(') ? text : `${text.slice(0, seconds * CHARACTERS_PER_SEC).trimEnd()} …`;

const tenths = (seconds: number) => Math.round(seconds * 10) / 10;

/** Seconds as Twilio tells them: whole ones. */
export const wholeSec = (seconds: number) => String(Math.round(seconds));

function sound(leg: Leg, seconds: number): void {
  leg.sounds.push({ fromSec: leg.seconds, toSec: tenths(leg.seconds + seconds) });
  leg.seconds = tenths(leg.seconds + seconds);
}

/** The party hears something, and the call goes on for as long as that takes. */
export function hear(leg: Leg, by: string, text: string, seconds = sayingSec(text)): Heard {
  const heard = { by, text, atSec: leg.seconds, forSec: seconds };
  leg.heard.push(heard);
  sound(leg, seconds);
  return heard;
}

/** What is heard goes on until the call is `untilSec` old. */
export function hearUntil(leg: Leg, heard: Heard, untilSec: number): void {
  const forSec = tenths(untilSec - heard.atSec);
  if (forSec <= heard.forSec) return;
  leg.sounds.push({ fromSec: heard.atSec, toSec: untilSec });
  heard.forSec = forSec;
  leg.seconds = Math.max(leg.seconds, untilSec);
}

/** What is being heard breaks off when the call is `untilSec` old. */
export function breakOff(leg: Leg, untilSec: number): void {
  const heard = leg.heard.at(-1);
  const last = leg.sounds.at(-1);
  if (!heard || !last || untilSec >= leg.seconds) return;
  leg.seconds = Math.max(untilSec, heard.atSec);
  heard.forSec = tenths(Math.min(heard.forSec, leg.seconds - heard.atSec));
  last.toSec = Math.min(last.toSec, leg.seconds);
}

/** The party says something in a talk. */
export function speak(leg: Leg, text: string): void {
  const seconds = sayingSec(text);
  leg.said.push({ by: leg.party.name, text, atSec: leg.seconds, forSec: seconds });
  sound(leg, seconds);
}

/** The party is connected to somebody: there is time, but no silence. */
export function speakFor(leg: Leg, seconds: number): void {
  sound(leg, seconds);
}

/** Nothing is to be heard for a while. */
export function stayQuiet(leg: Leg, seconds: number): void {
  leg.seconds = tenths(leg.seconds + seconds);
}

/** Nothing was to be heard since then, in monotonic time to the tenth of a second: somebody else took their time. */
export function wasQuietSince({ clock }: Engine, leg: Leg, sinceMs: number): void {
  stayQuiet(leg, Math.floor((clock.monotonicMs() - sinceMs) / 100) / 10);
}

/** The party interrupts what is said when the call is `atSec` old: they hear none of the rest, and it takes no time. */
export function interrupt(leg: Leg, atSec: number): void {
  if (atSec >= leg.seconds) return;
  const heard = leg.heard
    .filter((one) => one.atSec < atSec)
    .map((one) => {
      const forSec = tenths(Math.min(one.forSec, atSec - one.atSec));
      return forSec < one.forSec ? { ...one, text: saidIn(one.text, forSec), forSec } : one;
    });
  const sounds = leg.sounds.filter(({ fromSec }) => fromSec < atSec);
  for (const sound of sounds) sound.toSec = Math.min(sound.toSec, atSec);
  leg.heard.splice(0, leg.heard.length, ...heard);
  leg.sounds.splice(0, leg.sounds.length, ...sounds);
  leg.seconds = tenths(atSec);
}

/**
 * The longest that the party heard nothing and said nothing, from the moment they were connected to the end of their call
 * so far. Ringing, music and speech are no silence; a pause, a prompt that nobody answers and a webhook that takes its time
 * are.
 */
export function longestSilenceSec({ answeredAtSec, sounds, seconds }: Leg): number {
  if (answeredAtSec === undefined) return 0;
  let quietFromSec = answeredAtSec;
  let longest = 0;
  for (const { fromSec, toSec } of [...sounds].sort((a, b) => a.fromSec - b.fromSec)) {
    longest = Math.max(longest, fromSec - quietFromSec);
    quietFromSec = Math.max(quietFromSec, toSec);
  }
  return tenths(Math.max(longest, seconds - quietFromSec));
}
