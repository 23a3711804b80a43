import { playDial } from './dial.ts';
import type { AfterVerb, CallEnd, Engine, PlayVerb, TwimlDocument } from './engine.ts';
import { playEnqueue } from './enqueue.ts';
import { playGather } from './gather.ts';
import { type Leg, LegOver } from './leg.ts';
import { playRecord } from './record.ts';
import { playHangup, playLeave, playPause, playPlay, playRedirect, playReject, playSay } from './speak.ts';
import { setStatus } from './status.ts';

/** Twilio's own guard against documents that lead in a circle is about time; this one is about patience. */
const MOST_DOCUMENTS = 100;

const verbs: Readonly<Record<string, PlayVerb>> = {
  Say: playSay,
  Play: playPlay,
  Pause: playPause,
  Gather: playGather,
  Record: playRecord,
  Redirect: playRedirect,
  Dial: playDial,
  Enqueue: playEnqueue,
  Reject: playReject,
  Hangup: playHangup,
  Leave: playLeave,
};

const ANNOUNCEMENTS = ['Say', 'Play', 'Pause'];

async function playVerbs(engine: Engine, leg: Leg, document: TwimlDocument): Promise<AfterVerb> {
  for (const verb of document.verbs) {
    // The first announcement takes longer than finding out who answered.
    if (!ANNOUNCEMENTS.includes(verb.name)) await leg.detection;
    if (leg.over.aborted) throw new LegOver();
    const after = await verbs[verb.name]?.(engine, leg, verb, document);
    if (leg.over.aborted) throw new LegOver();
    if (after) return after;
  }
  return undefined;
}

/** Plays a document and whatever it leads to. Undefined: it came to its end. Rejects with `LegOver` when the leg ends. */
export async function playDocument(engine: Engine, leg: Leg, first: TwimlDocument): Promise<CallEnd | undefined> {
  let next: AfterVerb = first;
  for (let count = 0; count < MOST_DOCUMENTS; count++) {
    if (!next || typeof next === 'string') return next;
    next = await playVerbs(engine, leg, next);
  }
  leg.alerts.push({ code: 14107, says: 'the documents lead in a circle' });
  return 'hang-up';
}

/** Plays a call from its first document until it is over. Never rejects. */
export async function playCall(engine: Engine, leg: Leg, first: TwimlDocument | undefined): Promise<void> {
  try {
    if (first) await playDocument(engine, leg, first);
  } catch (error) {
    if (!(error instanceof LegOver)) leg.alerts.push({ code: 0, says: `the twin failed: ${String(error)}` });
  } finally {
    setStatus(engine, leg, 'completed');
  }
}
