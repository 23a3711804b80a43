import { newSid } from '../sid.ts';
import { twilioTime } from '../twilio-time.ts';
import type { Engine, PlayVerb } from './engine.ts';
import { goOn } from './go-on.ts';
import { entered, type Leg } from './leg.ts';
import type { Entry } from './party.ts';
import { setStatus } from './status.ts';
import { hear, sayingSec, stayQuiet, wholeSec } from './timeline.ts';
import type { TwimlNode } from './twiml.ts';
import { type Fields, sendVoiceWebhook } from './webhook.ts';

interface Recording {
  readonly RecordingSid: string;
  readonly RecordingUrl: string;
}

const BEEP_SEC = 1;
/** Of a message, unless `maxLength` says otherwise: of one that is to be transcribed, and of any other. */
const LONGEST_SEC = { transcribed: 120, other: 3_600 };
/** Longer than the one and shorter than the other, or it is not transcribed. */
const TRANSCRIBED = { overSec: 2, underSec: 120 };

const accountPath = (engine: Engine) =>
  `https://api.twilio.com/2010-04-01/Accounts/${engine.env().TWILIO_ACCOUNT_SID ?? ''}`;

function newRecording(engine: Engine): Recording {
  const RecordingSid = newSid('RE');
  return { RecordingSid, RecordingUrl: `${accountPath(engine)}/Recordings/${RecordingSid}` };
}

/**
 * Tells that a recording has begun or is there. It has these fields and no others. Source: Twilio's pages on Record and
 * Dial, read 2026-11-21.
 */
function tellStatus(
  engine: Engine,
  leg: Leg,
  { attributes }: TwimlNode,
  baseUrl: string,
  RecordingStatus: 'in-progress' | 'completed',
  fields: Fields,
): void {
  const { recordingStatusCallback: url, recordingStatusCallbackMethod, recordingStatusCallbackEvent } = attributes;
  const events = (recordingStatusCallbackEvent ?? 'completed').split(/\s+/);
  if (!url || !events.includes(RecordingStatus)) return;
  const method = recordingStatusCallbackMethod === 'GET' ? 'GET' : 'POST';
  void sendVoiceWebhook(engine, leg, { url, baseUrl, method, more: { ...fields, RecordingStatus }, only: [] });
}

/**
 * Tells what was said, as far as it could be made out; not at all where a recording is too short or too long. Source:
 * Twilio's page on Record, read 2026-11-21.
 */
function transcribe(
  engine: Engine,
  leg: Leg,
  verb: TwimlNode,
  baseUrl: string,
  recording: Recording,
  entry: Entry,
  seconds: number,
) {
  const { transcribe: wanted, transcribeCallback: url } = verb.attributes;
  if (wanted !== 'true') return;
  if (seconds <= TRANSCRIBED.overSec || seconds >= TRANSCRIBED.underSec) {
    return void leg.alerts.push({ code: 13617, says: 'the recording is too short or too long to be transcribed' });
  }
  if (!url) return;
  const text = entry.is === 'speech' && !entry.mumbled ? entry.text : '';
  const TranscriptionSid = newSid('TR');
  const more = {
    ...recording,
    TranscriptionSid,
    TranscriptionText: text,
    TranscriptionStatus: text === '' ? 'failed' : 'completed',
    TranscriptionUrl: `${recording.RecordingUrl}/Transcriptions/${TranscriptionSid}`,
  };
  const only = ['From', 'To', 'CallStatus', 'ApiVersion', 'Direction'] as const;
  void sendVoiceWebhook(engine, leg, { url, baseUrl, method: 'POST', more, only });
}

/** The caller leaves a message: until they stop, press a key, hang up, or it is as long as it may be. */
export const playRecord: PlayVerb = async (engine, leg, verb, from) => {
  const { timeout = '5', transcribe: wanted, maxLength, playBeep, finishOnKey = '1234567890*#' } = verb.attributes;
  if (playBeep !== 'false') hear(leg, 'line', '(beep)', BEEP_SEC);
  const entry = await entered(leg, 'message');
  const longestSec = Number(maxLength ?? (wanted === 'true' ? LONGEST_SEC.transcribed : LONGEST_SEC.other));
  const said = entry.is === 'speech' ? sayingSec(entry.text) : 0;
  const seconds = Math.min(said, longestSec);
  if (entry.is === 'speech') hear(leg, leg.party.name, entry.text, seconds);
  const leaves = entry.is === 'hang-up' || leg.party.hangsUpAt('voicemail');
  const key = entry.is === 'digits' ? [...entry.digits].find((digit) => finishOnKey.includes(digit)) : undefined;
  if (leaves) setStatus(engine, leg, 'completed');
  else if (key === undefined && said < longestSec) stayQuiet(leg, Number(timeout));
  const recording = newRecording(engine);
  const RecordingDuration = String(seconds);
  const about = { ...recording, RecordingDuration };
  const after = await goOn(engine, leg, verb, from, { ...about, Digits: leaves ? 'hangup' : (key ?? '') });
  tellStatus(engine, leg, verb, from.url, 'completed', {
    ...about,
    RecordingChannels: '1',
    RecordingSource: 'RecordVerb',
  });
  transcribe(engine, leg, verb, from.url, recording, entry, seconds);
  return after;
};

/** A talk that is recorded. */
export interface DialRecording {
  readonly url: string;
  end(): void;
}

/** Records what follows on a dial, when it is to be recorded. */
export function dialRecording(engine: Engine, leg: Leg, verb: TwimlNode, baseUrl: string): DialRecording | undefined {
  const { record = 'do-not-record' } = verb.attributes;
  if (record === 'do-not-record' || record === 'false') return undefined;
  const recording = newRecording(engine);
  const beganSec = leg.seconds;
  const about = {
    ...recording,
    RecordingChannels: record.endsWith('-dual') ? '2' : '1',
    RecordingStartTime: twilioTime(engine.clock.nowMs()),
    RecordingSource: 'DialVerb',
  };
  tellStatus(engine, leg, verb, baseUrl, 'in-progress', about);
  return {
    url: recording.RecordingUrl,
    end() {
      const RecordingDuration = wholeSec(Math.max(leg.seconds - beganSec, 1));
      tellStatus(engine, leg, verb, baseUrl, 'completed', { ...about, RecordingDuration });
    },
  };
}
