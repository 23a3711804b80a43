import { parseForm } from '../../shared/core/body.ts';
import type { StepName } from '../../shared/core/call/leg-step.ts';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import { openStage } from '../../stage/stage.ts';

/** What a caller may wait for an answer, warm, at the median. */
export const VOICE_LIMIT_MS = 20;

export interface VoiceAnswer {
  readonly what: string;
  readonly medianMs: number;
  readonly slowMs: number;
}

const ACCOUNT = 'AC00000000000000000000000000000001';
const CALL = 'CA00000000000000000000000000000001';
const HANDOVER = 'haaaaaaaaaaaaaaaa';
const KEY = 'dev::latest::893499::00000000-0000-0000-0000-000000000001';

const REFER = `<sip:queue@flex.twilio.com?User-to-User=${encodeURIComponent(`${KEY};encoding=ascii`)}>`;

type Fields = Readonly<Record<string, string>>;

const notReached = { DialCallStatus: 'no-answer', DialBridged: 'false' };

/** Every step of a call, and what Twilio says at it. */
const steps: Readonly<Record<StepName, Fields>> = {
  'assistant-ended': { DialCallStatus: 'busy', DialBridged: 'false' },
  transferred: notReached,
  person: {},
  hold: { QueueTime: '30', QueuePosition: '2' },
  'queue-ended': { QueueResult: 'leave', QueueTime: '300' },
  customer: {},
  agent: {},
  'agent-ended': notReached,
  whisper: {},
  accept: { Digits: '1' },
  nobody: {},
  choice: { Digits: '2' },
  message: { RecordingDuration: '9', Digits: '#' },
};

/** Every answer that somebody on the phone waits for. */
const asked: readonly (readonly [what: string, fields: Fields])[] = [
  ['receive-call', {}],
  ['refer-handler', { ReferTransferTarget: REFER }],
  ['voice-fallback', {}],
  ...Object.entries(steps).map(([step, fields]) => [`call-leg?step=${step}`, fields] as const),
];

const own = { AccountSid: ACCOUNT, CallSid: CALL, CallStatus: 'in-progress', ApiVersion: '2010-04-01' };
const numbers = { Called: '+15005550010', To: '+15005550010', From: '+15005550001', Caller: '+15005550001' };

const WARMING = 20;
const MEASURED = 100;

/** How long callers wait for each answer of the voice functions on a stage of its own, its table and HTTP included. */
export async function voiceAnswers(): Promise<readonly VoiceAnswer[]> {
  const stage = await openStage({ given: {}, port: 0, write: () => {} });
  const measured: VoiceAnswer[] = [];
  for (const [what, fields] of asked) {
    const query = what.includes('?') ? `&handover=${HANDOVER}&requestId=raaaaaaaaaaaaaaaa` : '';
    const url = `${stage.url}/${what}${query}`;
    const body = new URLSearchParams({ ...own, ...numbers, ...fields }).toString();
    const signature = twilioSignature(stage.settings.TWILIO_AUTH_TOKEN ?? '', url, parseForm(Buffer.from(body)));
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
    const times: number[] = [];
    for (let count = 0; count < WARMING + MEASURED; count++) {
      const beganMs = performance.now();
      const answer = await fetch(url, { method: 'POST', headers, body });
      const twiml = await answer.text();
      if (count >= WARMING) times.push(performance.now() - beganMs);
      if (answer.status !== 200 || !twiml.includes('<Response')) throw new Error(`${what}: ${answer.status} ${twiml}`);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
    measured.push({ what, medianMs: at(0.5), slowMs: at(0.95) });
  }
  await stage.close();
  return measured;
}
