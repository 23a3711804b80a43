import type { StageEvent } from '../../stage/events.ts';
import { callOf } from './call.ts';
import { constants, corpusSettings } from './corpus.ts';
import type { Way } from './way.ts';

const BASE = corpusSettings.PUBLIC_BASE_URL ?? '';

/** More steps than any call of ours has. */
const MOST_STEPS = 20;

/** Our own addresses in TwiML, in the order in which they are fetched: what a callee hears comes before the outcome. */
function addressesIn(twiml: string): readonly string[] {
  const all = [...twiml.matchAll(/(\w+="|>)(https:[^"<\s]+)/g)].map(([, before, address = '']) => ({
    address: address.replaceAll('&amp;', '&'),
    isOutcome: before === 'action="',
  }));
  const ours = all.filter(({ address }) => address.startsWith(`${BASE}/`));
  return ours.sort((a, b) => Number(a.isOutcome) - Number(b.isOutcome)).map(({ address }) => address);
}

/**
 * All TwiML that somebody in the calls placed meanwhile may hear: that of each call, and of every step it leads to, as if
 * the call were answered and a key pressed at each.
 */
export async function heardInCalls(events: readonly StageEvent[], way: Way): Promise<readonly string[]> {
  const placed = events.filter(({ vendor, url }) => vendor === 'twilio' && url.endsWith('/Calls.json'));
  const next = placed.flatMap(({ body }) => new URLSearchParams(body).getAll('Url'));
  const heard: string[] = [];
  for (const address of next) {
    if (heard.length === MOST_STEPS) break;
    const body = `${constants.CALL_FORM}&Digits=1&DialCallStatus=no-answer&AnsweredBy=human`;
    const url = address.slice(BASE.length);
    const call = callOf({
      method: 'POST',
      url,
      headers: {},
      contentType: 'application/x-www-form-urlencoded',
      body,
      sign: 'form',
    });
    const answer = await way.send(call, /^\/([a-z-]+)/.exec(url)?.[1] ?? '');
    heard.push(answer.body);
    next.push(...addressesIn(answer.body).filter((one) => !next.includes(one)));
  }
  return heard;
}
