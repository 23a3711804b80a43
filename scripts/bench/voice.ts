import { parseForm } from '../../shared/core/body.ts';
import type { StepName } from '../../shared/core/call/leg-step.ts';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import { openStage } from '../../stage/stage.ts';

/** What a caller may wait for an answer, warm, at the median. */
const VOICE_LIMIT_MS = 20;
/** The same for a turn of the helpdesk, of which a call has many. */
const TURN_LIMIT_MS = 10;

export interface VoiceAnswer {
  readonly what: string;
  readonly medianMs: number;
  readonly limitMs: number;
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

type Stage = Awaited<ReturnType<typeof openStage>>;

/** Asks as Twilio does. Throws where the answer is no TwiML. */
async function ask({ url: base, settings }: Stage, what: string, fields: Fields) {
  const url = `${base}/${what}`;
  const body = new URLSearchParams({ ...own, ...numbers, ...fields }).toString();
  const signature = twilioSignature(settings.TWILIO_AUTH_TOKEN ?? '', url, parseForm(Buffer.from(body)));
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
  const beganMs = performance.now();
  const answer = await fetch(url, { method: 'POST', headers, body });
  const twiml = await answer.text();
  const ms = performance.now() - beganMs;
  if (answer.status !== 200 || !twiml.includes('<Response')) throw new Error(`${what}: ${answer.status} ${twiml}`);
  return { twiml, ms };
}

/** The measured answers of many, in order of what they took. */
function measured(what: string, limitMs: number, times: readonly number[]): VoiceAnswer {
  const sorted = times.slice(WARMING).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { what, limitMs, medianMs: at(0.5), slowMs: at(0.95) };
}

/** What is said to the helpdesk in calls that are each another's: one after the other, each in a turn of its own. */
const talk: readonly Fields[] = [
  {},
  { SpeechResult: 'I have a problem with my email', Confidence: '0.93' },
  { SpeechResult: 'repeat', Confidence: '0.93' },
  {},
];

/** How long callers of the helpdesk wait: for its first words, and for those of each further turn. */
async function helpdeskTurns(stage: Stage): Promise<readonly VoiceAnswer[]> {
  const beginnings: number[] = [];
  const turns: number[] = [];
  for (let call = 0; call < WARMING + MEASURED; call++) {
    const CallSid = `CA${String(call).padStart(32, '0')}`;
    let next = 'helpdesk-call';
    for (const [turn, fields] of talk.entries()) {
      const { twiml, ms } = await ask(stage, next, { ...fields, CallSid, From: `+1500555${1_000 + call}` });
      (turn === 0 ? beginnings : turns).push(ms);
      next = /helpdesk-call\?[^"]*/.exec(twiml)?.[0].replaceAll('&amp;', '&') ?? 'helpdesk-call';
    }
  }
  return [
    measured('helpdesk-call', VOICE_LIMIT_MS, beginnings),
    measured('helpdesk-call, a turn', TURN_LIMIT_MS, turns),
  ];
}

/** How long callers wait for each answer of the voice functions on a stage of its own, its table and HTTP included. */
export async function voiceAnswers(): Promise<readonly VoiceAnswer[]> {
  const stage = await openStage({ given: {}, port: 0, write: () => {} });
  const answers: VoiceAnswer[] = [];
  for (const [what, fields] of asked) {
    const query = what.includes('?') ? `&handover=${HANDOVER}&requestId=raaaaaaaaaaaaaaaa` : '';
    const times: number[] = [];
    for (let count = 0; count < WARMING + MEASURED; count++) times.push((await ask(stage, what + query, fields)).ms);
    answers.push(measured(what, VOICE_LIMIT_MS, times));
  }
  answers.push(...(await helpdeskTurns(stage)));
  await stage.close();
  return answers;
}
