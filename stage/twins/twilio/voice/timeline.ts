import type { Heard, Leg } from './leg.ts';

const CHARACTERS_PER_SEC = 15;

/** How long it takes to say something. */
export const sayingSec = (text: string) => Math.ceil(text.length / CHARACTERS_PER_SEC);

function sound(leg: Leg, seconds: number): void {
  leg.sounds.push({ fromSec: leg.seconds, toSec: leg.seconds + seconds });
  leg.seconds += seconds;
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
  const forSec = untilSec - heard.atSec;
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
  heard.forSec = Math.min(heard.forSec, leg.seconds - heard.atSec);
  last.toSec = Math.min(last.toSec, leg.seconds);
}

/** The party speaks, or is connected to somebody: there is time, but no silence. */
export function speakFor(leg: Leg, seconds: number): void {
  sound(leg, seconds);
}

/** Nothing is to be heard for a while. */
export function stayQuiet(leg: Leg, seconds: number): void {
  leg.seconds += seconds;
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
  return Math.max(longest, seconds - quietFromSec);
}
