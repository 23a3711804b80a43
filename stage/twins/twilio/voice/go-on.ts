import type { AfterVerb, Engine, TwimlDocument } from './engine.ts';
import type { Leg } from './leg.ts';
import type { TwimlNode } from './twiml.ts';
import { askForTwiml, type Fields } from './webhook.ts';

/** Goes on with the answer to `action`, or with the document itself where none is named. */
export async function goOn(
  engine: Engine,
  leg: Leg,
  verb: TwimlNode,
  from: TwimlDocument,
  more: Fields,
): Promise<AfterVerb> {
  const { action = from.url, method } = verb.attributes;
  const request = { url: action, baseUrl: from.url, method: method === 'GET' ? 'GET' : 'POST', more } as const;
  return (await askForTwiml(engine, leg, request)) ?? 'hang-up';
}
