import { newSid } from '../sid.ts';
import { addLeg, type Engine } from './engine.ts';
import { type Leg, LegOver, newLeg, type StatusCallback } from './leg.ts';
import { answeredBy, untilPickedUp } from './ring.ts';
import { playCall } from './run.ts';
import { setStatus } from './status.ts';
import { stayQuiet } from './timeline.ts';
import { readTwiml } from './twiml.ts';
import { askForTwiml, type Fields, sendVoiceWebhook } from './webhook.ts';

/** How long Twilio listens to find out who answered. */
const DETECTING_SEC = 4;

const verb = (name: string | null) => (name === 'GET' ? 'GET' : 'POST');

function statusCallbackOf(form: URLSearchParams): StatusCallback | undefined {
  const url = form.get('StatusCallback');
  const events = form.getAll('StatusCallbackEvent');
  if (!url) return undefined;
  return { url, method: verb(form.get('StatusCallbackMethod')), events: events.length > 0 ? events : ['completed'] };
}

async function run(engine: Engine, leg: Leg, form: URLSearchParams): Promise<void> {
  const by = await untilPickedUp(engine, leg, Number(form.get('Timeout') ?? 60));
  if (by !== 'human' && by !== 'machine') return;
  const detection = form.get('MachineDetection') ?? '';
  const asynchronous = form.get('AsyncAmd') === 'true';
  setStatus(engine, leg, 'in-progress');
  if (detection && !asynchronous) {
    // Whoever picked up hears nothing until it is known what they are.
    stayQuiet(leg, DETECTING_SEC);
    leg.answeredBy = answeredBy(by, detection);
  }
  const limit = form.get('TimeLimit');
  const endsMs = engine.clock.nowMs() + Number(limit) * 1_000;
  if (limit) void engine.clock.until(endsMs).then(() => setStatus(engine, leg, 'completed'));
  const inline = form.get('Twiml');
  const url = form.get('Url') ?? '';
  const verbs = inline ? (readTwiml(inline).verbs ?? []) : undefined;
  const request = { url, baseUrl: url, method: verb(form.get('Method')), more: {} } as const;
  const document = verbs ? { url, verbs } : await askForTwiml(engine, leg, request);
  if (detection && asynchronous) leg.detection = tellWhoAnswered(engine, leg, form, answeredBy(by, detection));
  await playCall(engine, leg, document);
}

/** Tells who answered, which takes some seconds to find out; what is said first is longer than that. */
async function tellWhoAnswered(engine: Engine, leg: Leg, form: URLSearchParams, AnsweredBy: string): Promise<void> {
  const url = form.get('AsyncAmdStatusCallback');
  if (!url) return;
  const more = { AnsweredBy, MachineDetectionDuration: '2400' };
  const told = sendVoiceWebhook(engine, leg, { url, baseUrl: url, method: 'POST', more, only: [] });
  const late = new Promise((resolve) => setTimeout(resolve, DETECTING_SEC * 1_000).unref());
  await Promise.race([told, late]);
}

/** Places the call that a REST request asks for. It begins when the request has been answered. */
export function placeCall(engine: Engine, form: URLSearchParams): Leg {
  const to = form.get('To') ?? '';
  const callback = statusCallbackOf(form);
  const fallbackUrl = form.get('FallbackUrl');
  const sid = newSid('CA');
  const from = form.get('From') ?? '';
  const leg = newLeg({
    sid,
    from,
    to,
    direction: 'outbound-api',
    party: engine.partyAt(to, { sid, from }),
    startedAtMs: engine.clock.nowMs(),
    ...(callback && { statusCallback: callback }),
    ...(fallbackUrl && { fallbackUrl }),
  });
  addLeg(engine, leg);
  setImmediate(() => {
    run(engine, leg, form).catch((error: unknown) => {
      if (!(error instanceof LegOver)) leg.alerts.push({ code: 0, says: `the twin failed: ${String(error)}` });
    });
  });
  return leg;
}

export interface IncomingCall {
  readonly from: string;
  readonly to: string;
  /** What the network says of `from`, told with the first request only; empty is nothing. */
  readonly stirVerstat?: string | undefined;
  /** The number's own "a call comes in" and "primary handler fails". */
  readonly voiceUrl: string;
  readonly fallbackUrl: string;
}

/** Somebody calls one of the account's numbers. Resolves with the leg when the call is over. */
export function takeCall(engine: Engine, party: Leg['party'], call: IncomingCall): { leg: Leg; over: Promise<void> } {
  const { from, to, stirVerstat, voiceUrl, fallbackUrl } = call;
  const startedAtMs = engine.clock.nowMs();
  const leg = newLeg({ from, to, direction: 'inbound', party, startedAtMs, fallbackUrl });
  leg.status = 'ringing';
  addLeg(engine, leg);
  const more: Fields = stirVerstat ? { StirVerstat: stirVerstat } : {};
  const request = { url: voiceUrl, baseUrl: voiceUrl, method: 'POST', more } as const;
  const over = askForTwiml(engine, leg, request).then((document) => {
    setStatus(engine, leg, 'in-progress');
    return playCall(engine, leg, document);
  });
  return { leg, over };
}
