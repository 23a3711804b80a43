import type { Inbound } from '../inbound.ts';
import type { PublicUrls } from '../public-urls.ts';
import { ownParameter } from './own-parameter.ts';
import { keyInUrl } from './session-history-key.ts';
import type { ReturnValues, StudioFlow } from './studio.ts';
import { type Verb, verb } from './twiml.ts';

/** Where a call can be sent, and whether it is in a flow that waits for it. */
export interface Ways {
  readonly studio: StudioFlow | undefined;
  readonly urls: PublicUrls;
  /** The call runs in no flow, or has come back to one too often. */
  readonly isOutsideFlow?: boolean;
}

/** What our own URLs say of a call that is not to be given to the flow: of a number that has none beside others that have. */
export const OUTSIDE_FLOW = 'flow=off';

export const isOutsideFlow = (inbound: Inbound): boolean => ownParameter(inbound, 'flow') === 'off';

/** The step that leads a caller to a person without a flow, told what a flow would be told. */
function personUrl({ studio, urls }: Ways, values: ReturnValues): string {
  const told = [
    ['handover', values.HandoverId],
    ['reason', values.HandoverReason],
    ['error', values.HandoverError],
    ['key', values.SessionHistoryKey === undefined ? undefined : keyInUrl(values.SessionHistoryKey)],
  ].filter(([, value]) => value !== undefined);
  const named = told.map(([name, value = '']) => `&${name}=${value}`);
  return `${urls.of('call-leg')}?step=person${named.join('')}${studio ? `&${OUTSIDE_FLOW}` : ''}`;
}

/** Sends a caller on to a person: back to the flow that they came from, or without one to the step that finds somebody. */
export function toPerson(ways: Ways, values: ReturnValues): Verb {
  const { studio, isOutsideFlow } = ways;
  const url = studio && !isOutsideFlow ? studio.returnUrl(values) : personUrl(ways, values);
  return verb('Redirect', { method: 'POST' }, url);
}
