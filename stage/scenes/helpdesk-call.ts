import type { TwilioTwin } from '../twins/twilio/twin.ts';
import type { Leg } from '../twins/twilio/voice/leg.ts';
import type { Deed } from '../twins/twilio/voice/party.ts';
import { longestSilenceSec } from '../twins/twilio/voice/timeline.ts';
import { type Shown, seen, soon } from './scene.ts';

/** Nobody may hear nothing for longer while the helpdesk has the call. */
const LONGEST_SILENCE_SEC = 3;

const GREETING = /What can I do for you\?/;

/** What an agent sees of something, line by line. */
export const rowsOf = (facts: unknown): readonly string[] =>
  Object.entries(Object(facts)).map(([name, value]) => `${name}: ${String(value).replace(/\s+/g, ' ')}`);

/** Somebody in a call with the helpdesk, who does one thing after the other. */
export interface HelpdeskCall {
  readonly leg: Leg;
  /** Waits until they hear this, in what is said since they did something last, and are asked for something. */
  asked(words: RegExp, what: string): Promise<readonly Shown[]>;
  /** Waits until they hear this, wherever the call is then; what comes after it is for the next look. */
  hears(words: RegExp, what: string): Promise<readonly Shown[]>;
  /** Says something, as it is understood. */
  says(text: string): void;
  presses(keys: string): void;
  /** Hears what the helpdesk can do, having said no where it asks whether to go on with an earlier call. */
  greeted(): Promise<readonly Shown[]>;
  hangsUp(): void;
  /** Sees that nobody was in silence for more than 3 s, and that Twilio had nothing to complain of. */
  wasNotLeftAlone(): readonly Shown[];
}

interface CallFrom {
  readonly from: string;
  readonly to: string;
  /** Empty is a number that the network does not vouch for. */
  readonly stirVerstat?: string;
}

/** Calls the helpdesk. */
export function helpdeskCall(twilio: TwilioTwin, call: CallFrom): HelpdeskCall {
  const { leg, party } = twilio.callIn({ ...call, script: { waits: true } });
  let since = 0;
  let told: readonly Shown[] = [{ by: 'caller', text: `calls ${call.to} from ${call.from}` }];

  /** What was heard since then up to a line that is to be heard, or all of it, with what they did before. */
  async function waitFor(words: RegExp, what: string, isAll: boolean): Promise<readonly Shown[]> {
    const upTo = await soon(() => {
      const at = leg.heard.findIndex(({ by, text }, index) => index >= since && by !== party.name && words.test(text));
      if (at < 0 || (isAll && leg.asks === undefined)) return undefined;
      return isAll ? leg.heard.length : at + 1;
    }, what);
    const lines = leg.heard.slice(since, upTo).filter(({ by }) => by !== party.name);
    const shown = [...told, ...lines.map(({ by, text }) => ({ by: by === 'line' ? 'helpdesk' : by, text }))];
    since = upTo;
    told = [];
    return shown;
  }

  function does(deed: Deed, text: string): void {
    told = [...told, { by: 'caller', text }];
    party.does(deed);
  }

  const asked: HelpdeskCall['asked'] = (words, what) => waitFor(words, what, true);

  return {
    leg,
    asked,
    async greeted() {
      const heard = await asked(/What can I do|where your last call stopped/, 'the helpdesk');
      if (heard.some(({ text }) => GREETING.test(text))) return heard;
      does({ text: 'No' }, 'No');
      return asked(GREETING, 'what the helpdesk can do');
    },
    hears: (words, what) => waitFor(words, what, false),
    says: (text) => does({ text }, text),
    presses: (keys) => does({ keys }, `(presses ${keys})`),
    hangsUp: () => twilio.hangUp(leg.sid),
    wasNotLeftAlone() {
      const longest = longestSilenceSec(leg);
      seen(longest <= LONGEST_SILENCE_SEC, `nobody in silence for more than 3 s, but the caller was for ${longest} s`);
      const [alert] = leg.alerts;
      seen(alert === undefined, `no alert, but there is ${alert?.code}: ${alert?.says}`);
      return [{ by: 'twilio', text: `${Math.round(leg.seconds)} s, the longest silence ${longest} s, no alert` }];
    },
  };
}
