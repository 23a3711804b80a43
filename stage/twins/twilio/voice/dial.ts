import type { AfterVerb, Engine, PlayVerb, TwimlDocument } from './engine.ts';
import type { Leg } from './leg.ts';
import { type DialRecording, dialRecording } from './record.ts';
import { childLeg, type Rung, ring } from './ring.ts';
import { setStatus, sipResponseCodeOf } from './status.ts';
import { talk } from './talk.ts';
import { hear, hearUntil, wholeSec } from './timeline.ts';
import type { TwimlNode } from './twiml.ts';
import { askForTwiml, askOnce } from './webhook.ts';

interface DialOutcome {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';
  readonly bridged: boolean;
  /** The leg that was answered, or else the last that was rung. */
  readonly child: Leg | undefined;
  readonly seconds: number;
}

/** How soon somebody hangs up who does not wait until another phone is answered. */
const IMPATIENT_MS = 20;

/** The parties that a dial rings; its own text is a number. */
function nounsOf({ children, text }: TwimlNode): readonly TwimlNode[] {
  return text === '' ? children : [{ name: 'Number', attributes: {}, text, children: [] }];
}

/** Rings all at once or one after the other. The first that answers and is let in wins, the others stop ringing. */
async function ringAll(
  engine: Engine,
  legs: readonly (readonly [Leg, TwimlNode])[],
  { sequential, timeout = '30' }: TwimlNode['attributes'],
  baseUrl: string,
): Promise<{ readonly winner: Leg | undefined; readonly rung: readonly Rung[] }> {
  const rung: Rung[] = [];
  let winner: Leg | undefined;
  const one = async ([leg, noun]: readonly [Leg, TwimlNode]) => {
    if (winner) return;
    const result = await ring(engine, leg, noun, baseUrl, Number(timeout));
    rung.push(result);
    if (result !== 'answered') return;
    if (winner) return setStatus(engine, leg, 'canceled');
    winner = leg;
    for (const [other] of legs) if (other !== leg) setStatus(engine, other, 'canceled');
  };
  if (sequential === 'true') {
    for (const leg of legs) if (!leg[0].over.aborted) await one(leg);
  } else {
    await Promise.all(legs.map(one));
  }
  return { winner, rung };
}

/** Rings the phones of a dial, while the caller hears ringing for as long as that takes. */
async function reach(
  engine: Engine,
  leg: Leg,
  verb: TwimlNode,
  legs: readonly (readonly [Leg, TwimlNode])[],
  baseUrl: string,
) {
  const beganSec = leg.seconds;
  const ringing = hear(leg, 'line', '(ringing)', 1);
  const leaves = leg.party.hangsUpAt('ringing');
  if (leaves) setTimeout(() => setStatus(engine, leg, 'completed'), IMPATIENT_MS);
  const reached = await ringAll(engine, legs, verb.attributes, baseUrl);
  const took = legs.map(([child]) => child.seconds);
  const isSequential = verb.attributes.sequential === 'true';
  const tookSec = isSequential
    ? took.reduce((sum, sec) => sum + sec, 0)
    : (reached.winner?.seconds ?? Math.max(0, ...took));
  if (!leg.over.aborted) hearUntil(leg, ringing, beganSec + tookSec);
  return reached;
}

function unanswered(leg: Leg, rung: readonly Rung[], child: Leg | undefined): DialOutcome {
  if (leg.over.aborted) return { status: 'canceled', bridged: false, child, seconds: 0 };
  const named = (['declined', 'busy', 'no-answer', 'failed'] as const).find((result) => rung.includes(result));
  // Answered and hung up before it was let in counts as completed; only DialBridged tells.
  const status = named === 'declined' ? 'completed' : (named ?? 'failed');
  return { status, bridged: false, child, seconds: 0 };
}

/** The called one asks to hand the call over. Undefined when that fails: then the caller stays with them. */
async function refer(engine: Engine, leg: Leg, verb: TwimlNode, baseUrl: string, to: string) {
  const { referUrl: url, referMethod } = verb.attributes;
  if (!url) return void leg.alerts.push({ code: 13802, says: 'REFER without a referUrl' });
  const method = referMethod === 'GET' ? 'GET' : 'POST';
  return askOnce(engine, leg, { url, baseUrl, method, more: { ReferTransferTarget: to } });
}

/** The talk of a dial, until it is over, as long as it may be, or handed over. */
async function bridge(
  engine: Engine,
  leg: Leg,
  child: Leg,
  verb: TwimlNode,
  baseUrl: string,
): Promise<DialOutcome | TwimlDocument> {
  const before = leg.seconds;
  const limitSec = Number(verb.attributes.timeLimit ?? 14_400);
  for (;;) {
    const end = await talk(engine, leg, child, before + limitSec);
    if (end.is !== 'refer') {
      setStatus(engine, child, 'completed');
      if (end.is === 'hang-up' && end.by === leg) setStatus(engine, leg, 'completed');
      return { status: 'completed', bridged: true, child, seconds: leg.seconds - before };
    }
    const document = await refer(engine, leg, verb, baseUrl, end.to);
    if (!document && verb.attributes.answerOnBridge === 'true') continue;
    setStatus(engine, child, 'completed');
    if (document) return document;
    setStatus(engine, leg, 'completed');
  }
}

/** What the SIP side adds. Source: Twilio's page on Sip, read 2026-11-21. */
function sipFields(child: Leg | undefined): Readonly<Record<string, string>> {
  if (!child?.to.startsWith('sip:')) return {};
  return { DialSipCallId: `${child.sid}@twilio.invalid`, DialSipResponseCode: sipResponseCodeOf(child) };
}

async function afterDial(
  engine: Engine,
  leg: Leg,
  verb: TwimlNode,
  baseUrl: string,
  { status, bridged, child, seconds }: DialOutcome,
  recording: DialRecording | undefined,
): Promise<AfterVerb> {
  const { action, method } = verb.attributes;
  if (!action) return leg.over.aborted ? 'hang-up' : undefined;
  const more = {
    DialCallStatus: status,
    DialBridged: String(bridged),
    ...(child && { DialCallSid: child.sid }),
    ...(bridged && { DialCallDuration: wholeSec(seconds) }),
    ...sipFields(child),
    ...(recording && { RecordingUrl: recording.url }),
  };
  const request = { url: action, baseUrl, method: method === 'GET' ? 'GET' : 'POST', more } as const;
  return (await askForTwiml(engine, leg, request)) ?? 'hang-up';
}

export const playDial: PlayVerb = async (engine, leg, verb, { url: baseUrl }) => {
  const { callerId = leg.from } = verb.attributes;
  const legs = nounsOf(verb).map((noun) => [childLeg(engine, leg, noun, callerId, baseUrl), noun] as const);
  const { winner, rung } = await reach(engine, leg, verb, legs, baseUrl);
  const recording = winner && dialRecording(engine, leg, verb, baseUrl);
  const outcome = winner ? await bridge(engine, leg, winner, verb, baseUrl) : unanswered(leg, rung, legs.at(-1)?.[0]);
  recording?.end();
  if ('verbs' in outcome) return outcome;
  return afterDial(engine, leg, verb, baseUrl, outcome, recording);
};
