import type { Engine, PlayVerb } from './engine.ts';
import { type Leg, whileUp } from './leg.ts';
import { setStatus } from './status.ts';
import { hear, sayingSec, stayQuiet } from './timeline.ts';
import { askForTwiml } from './webhook.ts';

/** A piece of music. */
const MUSIC_SEC = 30;
const TONE_SEC = 1;

const forEver = (leg: Leg) => whileUp([leg], new Promise<never>(() => {}));

/** Whoever hangs up while something is said hears none of the rest. */
function leavesNow(engine: Engine, leg: Leg): boolean {
  if (!leg.party.hangsUpAt('announcement')) return false;
  setStatus(engine, leg, 'completed');
  return true;
}

/** Says or plays something as often as `loop` says; 0 is without end. */
async function repeat(engine: Engine, leg: Leg, loop: string, text: string, seconds: number): Promise<void> {
  const times = Number(loop);
  for (let count = 0; count < Math.max(times, 1); count++) {
    hear(leg, 'line', text, seconds);
    if (leavesNow(engine, leg)) return;
  }
  if (times === 0) await forEver(leg);
}

export const playSay: PlayVerb = async (engine, leg, { text, attributes: { loop = '1' } }) => {
  await repeat(engine, leg, loop, text, sayingSec(text));
  return undefined;
};

export const playPlay: PlayVerb = async (engine, leg, { text, attributes: { loop = '1', digits } }) => {
  if (digits) await repeat(engine, leg, '1', `(tones ${digits})`, TONE_SEC * digits.length);
  else await repeat(engine, leg, loop, `(plays ${text})`, MUSIC_SEC);
  return undefined;
};

export const playPause: PlayVerb = async (_engine, leg, { attributes }) => {
  stayQuiet(leg, Number(attributes.length ?? 1));
  return undefined;
};

export const playRedirect: PlayVerb = async (engine, leg, { text, attributes }, { url: baseUrl }) => {
  const method = attributes.method === 'GET' ? 'GET' : 'POST';
  return (await askForTwiml(engine, leg, { url: text, baseUrl, method, more: {} })) ?? 'hang-up';
};

export const playReject: PlayVerb = async (engine, leg, { attributes }) => {
  setStatus(engine, leg, attributes.reason === 'busy' ? 'busy' : 'no-answer');
  return 'hang-up';
};

export const playHangup: PlayVerb = async () => 'hang-up';

export const playLeave: PlayVerb = async () => 'leave';
