import { addLeg, type Engine } from './engine.ts';
import { type Leg, LegOver, newLeg, type StatusCallback, whileUp } from './leg.ts';
import { setStatus } from './status.ts';
import type { TwimlNode } from './twiml.ts';
import { askOnce, sendVoiceWebhook } from './webhook.ts';

export type Rung = 'answered' | 'declined' | 'busy' | 'no-answer' | 'failed';

const RING_SEC = 4;

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
  const leg = newLeg({
    from: callerId,
    to: address,
    direction: 'outbound-dial',
    parent,
    party: engine.partyAt(address),
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

/** Rings one leg and, when it is answered, plays its whisper. Declined: answered, and hung up before it was let in. */
export async function ring(engine: Engine, leg: Leg, noun: TwimlNode, baseUrl: string): Promise<Rung> {
  setStatus(engine, leg, 'initiated');
  setStatus(engine, leg, 'ringing');
  try {
    const pickUp = await whileUp([leg], leg.party.pickUp());
    leg.seconds += RING_SEC;
    if (pickUp.is !== 'answered') {
      setStatus(engine, leg, pickUp.is);
      return pickUp.is;
    }
    setStatus(engine, leg, 'in-progress');
    const { url, method, machineDetection, amdStatusCallback } = noun.attributes;
    if (machineDetection && amdStatusCallback) {
      leg.answeredBy = answeredBy(pickUp.by, machineDetection);
      const more = { AnsweredBy: leg.answeredBy, MachineDetectionDuration: '2400' };
      void sendVoiceWebhook(engine, leg, { url: amdStatusCallback, baseUrl, method: 'POST', more });
    }
    if (!url) return 'answered';
    const whisper = await askOnce(engine, leg, { url, baseUrl, method: method === 'GET' ? 'GET' : 'POST', more: {} });
    if (whisper && (await engine.play(leg, whisper)) === undefined) return 'answered';
    setStatus(engine, leg, 'completed');
    return 'declined';
  } catch (error) {
    if (!(error instanceof LegOver)) throw error;
    setStatus(engine, leg, 'canceled');
    return 'declined';
  }
}
