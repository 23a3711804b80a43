import type { AfterVerb, Engine, PlayVerb, TwimlDocument } from './engine.ts';
import { hear, type Leg } from './leg.ts';
import { childLeg, type Rung, ring } from './ring.ts';
import { setStatus } from './status.ts';
import { talk } from './talk.ts';
import type { TwimlNode } from './twiml.ts';
import { askForTwiml, askOnce } from './webhook.ts';

interface DialOutcome {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';
  readonly bridged: boolean;
  readonly child: Leg | undefined;
  readonly seconds: number;
}

/** The parties that a dial rings; its own text is a number. */
function nounsOf({ children, text }: TwimlNode): readonly TwimlNode[] {
  return text === '' ? children : [{ name: 'Number', attributes: {}, text, children: [] }];
}

/** Rings all at once or one after the other. The first that answers and is let in wins, the others stop ringing. */
async function ringAll(
  engine: Engine,
  legs: readonly (readonly [Leg, TwimlNode])[],
  sequential: boolean,
  baseUrl: string,
): Promise<{ readonly winner: Leg | undefined; readonly rung: readonly Rung[] }> {
  const rung: Rung[] = [];
  let winner: Leg | undefined;
  const one = async ([leg, noun]: readonly [Leg, TwimlNode]) => {
    if (winner) return;
    const result = await ring(engine, leg, noun, baseUrl);
    rung.push(result);
    if (result !== 'answered') return;
    if (winner) return setStatus(engine, leg, 'canceled');
    winner = leg;
    for (const [other] of legs) if (other !== leg) setStatus(engine, other, 'canceled');
  };
  if (sequential) {
    for (const leg of legs) if (!leg[0].over.aborted) await one(leg);
  } else {
    await Promise.all(legs.map(one));
  }
  return { winner, rung };
}

function unanswered(leg: Leg, rung: readonly Rung[]): DialOutcome {
  if (leg.over.aborted) return { status: 'canceled', bridged: false, child: undefined, seconds: 0 };
  const named = (['declined', 'busy', 'no-answer', 'failed'] as const).find((result) => rung.includes(result));
  // Answered and hung up before it was let in counts as completed; only DialBridged tells.
  const status = named === 'declined' ? 'completed' : (named ?? 'failed');
  return { status, bridged: false, child: undefined, seconds: 0 };
}

/** The called one asks to hand the call over. Undefined when that fails: then the caller stays with them. */
async function refer(engine: Engine, leg: Leg, verb: TwimlNode, baseUrl: string, to: string) {
  const { referUrl: url, referMethod } = verb.attributes;
  if (!url) return void leg.alerts.push({ code: 13802, says: 'REFER without a referUrl' });
  const method = referMethod === 'GET' ? 'GET' : 'POST';
  return askOnce(engine, leg, { url, baseUrl, method, more: { ReferTransferTarget: to } });
}

/** The talk of a dial, until it is over or handed over. */
async function bridge(
  engine: Engine,
  leg: Leg,
  child: Leg,
  verb: TwimlNode,
  baseUrl: string,
): Promise<DialOutcome | TwimlDocument> {
  const before = leg.seconds;
  for (;;) {
    const end = await talk(leg, child);
    if (end.is === 'hang-up') {
      setStatus(engine, child, 'completed');
      if (end.by === leg) setStatus(engine, leg, 'completed');
      return { status: 'completed', bridged: true, child, seconds: leg.seconds - before };
    }
    const document = await refer(engine, leg, verb, baseUrl, end.to);
    if (!document && verb.attributes.answerOnBridge === 'true') continue;
    setStatus(engine, child, 'completed');
    if (document) return document;
    setStatus(engine, leg, 'completed');
  }
}

async function afterDial(
  engine: Engine,
  leg: Leg,
  verb: TwimlNode,
  baseUrl: string,
  { status, bridged, child, seconds }: DialOutcome,
): Promise<AfterVerb> {
  const { action, method } = verb.attributes;
  if (!action) return leg.over.aborted ? 'hang-up' : undefined;
  const more = {
    DialCallStatus: status,
    DialBridged: String(bridged),
    ...(child && { DialCallSid: child.sid, DialCallDuration: String(seconds) }),
  };
  const request = { url: action, baseUrl, method: method === 'GET' ? 'GET' : 'POST', more } as const;
  return (await askForTwiml(engine, leg, request)) ?? 'hang-up';
}

export const playDial: PlayVerb = async (engine, leg, verb, { url: baseUrl }) => {
  const { callerId = leg.from, sequential, timeout = '30' } = verb.attributes;
  const legs = nounsOf(verb).map((noun) => [childLeg(engine, leg, noun, callerId, baseUrl), noun] as const);
  hear(leg, 'line', '(ringing)', 4);
  const { winner, rung } = await ringAll(engine, legs, sequential === 'true', baseUrl);
  if (rung.includes('no-answer')) leg.seconds += Number(timeout);
  const outcome = winner ? await bridge(engine, leg, winner, verb, baseUrl) : unanswered(leg, rung);
  return 'verbs' in outcome ? outcome : afterDial(engine, leg, verb, baseUrl, outcome);
};
