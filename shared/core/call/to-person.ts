import type { PublicUrls } from '../public-urls.ts';
import type { ReturnValues, StudioFlow } from './studio.ts';
import { type Verb, verb } from './twiml.ts';

interface Ways {
  readonly studio: StudioFlow | undefined;
  readonly urls: PublicUrls;
}

/** Sends a caller on to a person: back to the flow that they came from, or without one to the phones of the desk. */
export function toPerson({ studio, urls }: Ways, values: ReturnValues): Verb {
  if (studio) return verb('Redirect', { method: 'POST' }, studio.returnUrl(values));
  const handover = values.HandoverId === undefined ? '' : `&handover=${values.HandoverId}`;
  return verb('Redirect', { method: 'POST' }, `${urls.of('call-leg')}?step=agent${handover}`);
}
