import type { Engine, PlayVerb, TwimlDocument } from './engine.ts';
import { type GatherFor, gatherFor } from './gather-rules.ts';
import { goOn } from './go-on.ts';
import { entered, type Leg } from './leg.ts';
import type { Entry } from './party.ts';
import { playPause, playPlay, playSay } from './speak.ts';
import { setStatus } from './status.ts';
import { hear, interrupt, sayingSec, stayQuiet } from './timeline.ts';
import type { TwimlNode } from './twiml.ts';
import type { Fields } from './webhook.ts';

/** What was entered. */
interface Gathered {
  readonly fields: Fields;
  /** How long Twilio listens on before it counts. */
  readonly waitsSec: number;
  /** So long after the prompt began it ended what was being said. */
  readonly stopsAtSec?: number | undefined;
}

/** How sure a recogniser is of words that somebody says in a scene. */
const CONFIDENCE = 0.93;

/**
 * The keys that count: up to the one that ends, which counts only after another, and as many as are wanted; without either
 * Twilio waits for more. Source: Twilio's page on Gather, read 2026-11-28.
 */
function keysIn(pressed: string, { finishOnKey, numDigits, timeoutSec }: GatherFor): Gathered | undefined {
  const endsAt = finishOnKey === '' ? -1 : pressed.indexOf(finishOnKey);
  const before = endsAt < 0 ? pressed : pressed.slice(0, endsAt);
  const digits = before.slice(0, numDigits);
  if (digits === '') return undefined;
  const isFull = digits.length === numDigits;
  const isEnded = !isFull && endsAt >= 0;
  return {
    fields: { Digits: digits, FinishedOnKey: isEnded ? finishOnKey : '' },
    waitsSec: isFull || isEnded ? 0 : timeoutSec,
  };
}

/** What Twilio makes of what somebody does: keys or words, never both, and only what the prompt asks for. */
function gathered(entry: Entry, wanted: GatherFor): Gathered | undefined {
  if (entry.is === 'digits') {
    const keys = wanted.keys ? keysIn(entry.digits, wanted) : undefined;
    return keys && { ...keys, stopsAtSec: entry.afterSec };
  }
  if (entry.is !== 'speech' || !wanted.words || entry.mumbled || entry.text === '') return undefined;
  const fields = { SpeechResult: entry.text, Confidence: String(entry.confidence ?? CONFIDENCE) };
  const stopsAtSec = wanted.bargeIn ? entry.afterSec : undefined;
  return { fields, waitsSec: wanted.speechTimeoutSec, stopsAtSec };
}

async function playInside(engine: Engine, leg: Leg, { children }: TwimlNode, from: TwimlDocument): Promise<void> {
  for (const child of children) {
    if (child.name === 'Say') await playSay(engine, leg, child, from);
    if (child.name === 'Play') await playPlay(engine, leg, child, from);
    if (child.name === 'Pause') await playPause(engine, leg, child, from);
  }
}

/** What somebody does is part of the story of their call, also what Twilio makes nothing of. */
function tellOf(leg: Leg, entry: Entry, got: Gathered | undefined): void {
  if (entry.is === 'digits') hear(leg, leg.party.name, `(presses ${got?.fields.Digits ?? entry.digits})`, 1);
  if (entry.is === 'speech' && entry.text !== '') hear(leg, leg.party.name, entry.text, sayingSec(entry.text));
}

/**
 * Asks for keys or words, while something is said. Whoever begins before the end of it hears none of the rest: a key always
 * stops it, words unless `bargeIn` is false.
 */
export const playGather: PlayVerb = async (engine, leg, verb, from) => {
  const wanted = gatherFor(verb.attributes);
  // Twilio can make nothing of such a prompt.
  if (!wanted) return undefined;
  const beganSec = leg.seconds;
  await playInside(engine, leg, verb, from);
  const asks = wanted.keys && wanted.words ? 'either' : wanted.keys ? 'keys' : 'speech';
  const entry = await entered(leg, asks);
  if (entry.is === 'hang-up') return 'hang-up';
  const got = gathered(entry, wanted);
  if (got?.stopsAtSec !== undefined) interrupt(leg, beganSec + got.stopsAtSec);
  tellOf(leg, entry, got);
  leg.enteredSec = leg.seconds;
  stayQuiet(leg, got?.waitsSec ?? wanted.timeoutSec);
  if (!got && !wanted.onEmpty) return undefined;
  const after = goOn(engine, leg, verb, from, got?.fields ?? {});
  // The key is on its way already, and the answer to it finds nobody.
  if (got && leg.party.hangsUpAt('key')) setStatus(engine, leg, 'completed');
  return after;
};
