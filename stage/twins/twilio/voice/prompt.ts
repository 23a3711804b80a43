import type { AfterVerb, Engine, PlayVerb, TwimlDocument } from './engine.ts';
import { type Leg, whileUp } from './leg.ts';
import type { Entry } from './party.ts';
import { playPause, playPlay, playSay } from './speak.ts';
import { setStatus } from './status.ts';
import { hear, stayQuiet } from './timeline.ts';
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

function fieldsOf(entry: Entry, { finishOnKey = '#', numDigits = '' }: Fields): Fields | undefined {
  if (entry.is === 'speech') return { SpeechResult: entry.text, Confidence: '0.93' };
  if (entry.is !== 'digits') return undefined;
  const [before = ''] = finishOnKey === '' ? [entry.digits] : entry.digits.split(finishOnKey);
  return { Digits: numDigits === '' ? before : before.slice(0, Number(numDigits)), FinishedOnKey: '' };
}

export const playGather: PlayVerb = async (engine, leg, verb, from) => {
  for (const child of verb.children) {
    if (child.name === 'Say') await playSay(engine, leg, child, from);
    if (child.name === 'Play') await playPlay(engine, leg, child, from);
    if (child.name === 'Pause') await playPause(engine, leg, child, from);
  }
  const { input = 'dtmf', timeout = '5', actionOnEmptyResult = 'false' } = verb.attributes;
  const wanted = input === 'dtmf' ? 'keys' : input === 'speech' ? 'speech' : 'either';
  const entry = await whileUp([leg], leg.party.enter(wanted));
  if (entry.is === 'hang-up') return 'hang-up';
  const fields = fieldsOf(entry, verb.attributes);
  if (!fields) stayQuiet(leg, Number(timeout) || 5);
  if (fields) hear(leg, leg.party.name, entry.is === 'speech' ? entry.text : `(presses ${fields.Digits})`, 1);
  const goesOn = fields || actionOnEmptyResult === 'true';
  if (!goesOn) return undefined;
  const after = goOn(engine, leg, verb, from, fields ?? {});
  // The key is on its way already, and the answer to it finds nobody.
  if (fields && leg.party.hangsUpAt('key')) setStatus(engine, leg, 'completed');
  return after;
};
