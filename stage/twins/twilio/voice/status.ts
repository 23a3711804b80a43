import { twilioTime } from '../twilio-time.ts';
import type { Engine } from './engine.ts';
import type { Leg, LegStatus } from './leg.ts';
import { wholeSec } from './timeline.ts';
import { sendVoiceWebhook } from './webhook.ts';

/** The name under which a status is asked for in `StatusCallbackEvent`. */
const eventOf: Readonly<Record<LegStatus, string>> = {
  queued: '',
  initiated: 'initiated',
  ringing: 'ringing',
  'in-progress': 'answered',
  completed: 'completed',
  busy: 'completed',
  failed: 'completed',
  'no-answer': 'completed',
  canceled: 'completed',
};

const isFinal = (status: LegStatus) => eventOf[status] === 'completed';

const usualSipCodes: Partial<Record<LegStatus, number>> = {
  busy: 486,
  failed: 404,
  'no-answer': 487,
  canceled: 487,
};

/** The code of the last SIP response of a leg that is over. */
export const sipResponseCodeOf = ({ status, sipResponseCode }: Pick<Leg, 'status' | 'sipResponseCode'>): string =>
  String(sipResponseCode ?? usualSipCodes[status] ?? 200);

/** The callbacks of one leg that are still under way: they are sent one after the other. */
const underWay = new WeakMap<Leg, Promise<unknown>>();

/**
 * The leg gets another status; who asked for it is told, in the background. A final status stays.
 * Fields: Twilio's page on call status callbacks, read 2026-11-21.
 */
export function setStatus(engine: Engine, leg: Leg, status: LegStatus): void {
  if (isFinal(leg.status)) return;
  leg.status = status;
  if (status === 'in-progress') leg.answeredAtSec ??= leg.seconds;
  if (isFinal(status)) leg.end();
  const { statusCallback } = leg;
  if (!statusCallback?.events.includes(eventOf[status])) return;
  const more = {
    Timestamp: twilioTime(engine.clock.nowMs()),
    CallbackSource: 'call-progress-events',
    SequenceNumber: String(leg.sequence++),
    ...(isFinal(status) && {
      CallDuration: wholeSec(leg.seconds),
      Duration: String(Math.ceil(leg.seconds / 60)),
      SipResponseCode: sipResponseCodeOf({ ...leg, status }),
    }),
  };
  const request = { url: statusCallback.url, baseUrl: statusCallback.url, method: statusCallback.method, more };
  const before = underWay.get(leg) ?? Promise.resolve();
  underWay.set(
    leg,
    before.then(() => sendVoiceWebhook(engine, { ...leg, status }, request)),
  );
}
