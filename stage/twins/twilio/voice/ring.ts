import { newSid } from '../sid.ts';
import { addLeg, type Engine } from './engine.ts';
import { type Leg, LegOver, newLeg, type StatusCallback, whileUp } from './leg.ts';
import { setStatus } from './status.ts';
import { stayQuiet } from './timeline.ts';
import type { TwimlNode } from './twiml.ts';
import { askOnce, sendVoiceWebhook } from './webhook.ts';

export type Rung = 'answered' | 'declined' | 'busy' | 'no-answer' | 'failed';

/** Until somebody picks up, or it is known that nobody will. */
const RING_SEC = 4;
/** Twilio rings that much longer than `timeout` says. Source: Twilio's page on Dial, read 2026-11-21. */
const RINGS_ON_SEC = 5;

function statusCallbackOf({ attributes }: TwimlNode, baseUrl: string): StatusCallback | undefined {
  const { statusCallback, statusCallbackEvent = 'completed', statusCallbackMethod } = attributes;
  if (!statusCallback || !URL.canParse(statusCallback, baseUrl)) return undefined;
  return {
    url: new URL(statusCallback, baseUrl).href,
    method: statusCallbackMethod === 'GET' ? 'GET' : 'POST',
    events: statusCallbackEvent.split(/\s+/),
  };
}

/** The leg that a `<Number>`, `<Sip>` or `<Client>` of a dial makes. */
export function childLeg(engine: Engine, parent: Leg, noun: TwimlNode, callerId: string, baseUrl: string): Leg {
  const address = noun.name === 'Client' ? `client:${noun.text}` : noun.text;
  const sid = newSid('CA');
  const leg = newLeg({
    sid,
    from: callerId,
    to: address,
    direction: 'outbound-dial',
    parent,
    party: engine.partyAt(address, { sid, from: callerId }),
    startedAtMs: engine.clock.nowMs(),
    ...(statusCallbackOf(noun, baseUrl) && { statusCallback: statusCallbackOf(noun, baseUrl) }),
  });
  addLeg(engine, leg);
  return leg;
}

/** What an answering machine detection says of who answered. */
export function answeredBy(by: 'human' | 'machine', machineDetection: string): string {
  if (by === 'human') return 'human';
  return machineDetection === 'DetectMessageEnd' ? 'machine_end_beep' : 'machine_start';
}

/** A phone rings until somebody picks up or it is known that nobody will. Resolves to who picked up. */
export async function untilPickedUp(
  engine: Engine,
  leg: Leg,
  timeoutSec: number,
): Promise<'human' | 'machine' | 'busy' | 'no-answer' | 'failed'> {
  setStatus(engine, leg, 'initiated');
  setStatus(engine, leg, 'ringing');
  const pickUp = await whileUp([leg], leg.party.pickUp());
  stayQuiet(leg, pickUp.is === 'no-answer' ? timeoutSec + RINGS_ON_SEC : RING_SEC);
  if (pickUp.is === 'answered') return pickUp.by;
  leg.sipResponseCode = pickUp.sipResponseCode;
  setStatus(engine, leg, pickUp.is);
  return pickUp.is;
}

/** Rings one leg and, when it is answered, plays its whisper. Declined: answered, and hung up before it was let in. */
export async function ring(
  engine: Engine,
  leg: Leg,
  noun: TwimlNode,
  baseUrl: string,
  timeoutSec: number,
): Promise<Rung> {
  try {
    const by = await untilPickedUp(engine, leg, timeoutSec);
    if (by !== 'human' && by !== 'machine') return by;
    setStatus(engine, leg, 'in-progress');
    const { url, method, machineDetection, amdStatusCallback } = noun.attributes;
    if (machineDetection && amdStatusCallback) {
      leg.answeredBy = answeredBy(by, machineDetection);
      const more = { AnsweredBy: leg.answeredBy, MachineDetectionDuration: '2400' };
      void sendVoiceWebhook(engine, leg, { url: amdStatusCallback, baseUrl, method: 'POST', more, only: [] });
    }
    if (!url) return 'answered';
    const whisper = await askOnce(engine, leg, { url, baseUrl, method: method === 'GET' ? 'GET' : 'POST', more: {} });
    const caller = leg.parent;
    if (caller?.party.hangsUpAt('whisper')) setStatus(engine, caller, 'completed');
    const isLetIn = whisper && (await engine.play(leg, whisper)) === undefined;
    if (isLetIn) return 'answered';
    setStatus(engine, leg, 'completed');
    return 'declined';
  } catch (error) {
    if (!(error instanceof LegOver)) throw error;
    setStatus(engine, leg, leg.answeredAtSec === undefined ? 'canceled' : 'completed');
    return 'declined';
  }
}
