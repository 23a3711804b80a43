import { newSid } from '../sid.ts';
import type { AfterVerb, Engine, PlayVerb, TwimlDocument } from './engine.ts';
import { hear, type Leg, whileUp } from './leg.ts';
import type { Entry } from './party.ts';
import { playPause, playPlay, playSay } from './speak.ts';
import type { TwimlNode } from './twiml.ts';
import { askForTwiml, sendVoiceWebhook } from './webhook.ts';

type Fields = Readonly<Record<string, string>>;

/** Goes on with the answer to `action`, or with the document itself where none is named. */
async function goOn(engine: Engine, leg: Leg, verb: TwimlNode, from: TwimlDocument, more: Fields): Promise<AfterVerb> {
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
  if (!fields) leg.seconds += Number(timeout) || 5;
  if (fields) hear(leg, leg.party.name, entry.is === 'speech' ? entry.text : `(presses ${fields.Digits})`, 1);
  return fields || actionOnEmptyResult === 'true' ? goOn(engine, leg, verb, from, fields ?? {}) : undefined;
};

export const playRecord: PlayVerb = async (engine, leg, verb, from) => {
  hear(leg, 'line', '(beep)', 1);
  const entry = await whileUp([leg], leg.party.enter('message'));
  if (entry.is !== 'speech') return entry.is === 'hang-up' ? 'hang-up' : undefined;
  hear(leg, leg.party.name, entry.text);
  const RecordingSid = newSid('RE');
  const RecordingUrl = `https://api.twilio.com/2010-04-01/Accounts/${engine.env().TWILIO_ACCOUNT_SID}/Recordings/${RecordingSid}`;
  const recording = { RecordingSid, RecordingUrl, RecordingDuration: String(Math.ceil(entry.text.length / 15)) };
  const { recordingStatusCallback: url } = verb.attributes;
  if (url) {
    const more = {
      ...recording,
      RecordingStatus: 'completed',
      RecordingChannels: '1',
      RecordingSource: 'RecordVerb',
      RecordingTrack: 'inbound',
    };
    void sendVoiceWebhook(engine, leg, { url, baseUrl: from.url, method: 'POST', more });
  }
  return goOn(engine, leg, verb, from, { ...recording, Digits: '' });
};
