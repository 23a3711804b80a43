import helpdeskCall from '../../functions/helpdesk-call.ts';
import type { Clock } from '../../shared/core/clock.ts';
import type { Reply } from '../../shared/core/reply.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { Table } from '../../shared/core/table.ts';
import type { BotAnswer, BotTurn, VoiceBot, VoiceBotRef, VoiceBots } from '../../shared/core/voice-bot/voice-bot.ts';
import { testSettings, twilioCall } from './calls.ts';
import { type TestClock, testClock } from './clock.ts';
import { memoryTable } from './memory-table.ts';
import { type ReadVerb, readTwiml } from './read-twiml.ts';
import { startFunction } from './start-function.ts';

export const ACCOUNT_SID = testSettings.TWILIO_ACCOUNT_SID;
export const callSidOf = (nth: number) => `CA${String(nth).padStart(32, '0')}`;

/** A bot that answers whatever a test says, and the turns that it was given. */
export interface ScriptedBot extends VoiceBot {
  readonly turns: BotTurn[];
}

/** A bot made of a function of the turn. What it does not say is that it understood and listens. */
export function scriptedBot(
  says: (turn: BotTurn, nth: number) => Partial<BotAnswer> | Promise<Partial<BotAnswer>>,
): ScriptedBot {
  const turns: BotTurn[] = [];
  return {
    turns,
    async turn(turn) {
      turns.push(turn);
      return { state: turns.length, says: [], next: 'listen', ...(await says(turn, turns.length)) };
    },
  };
}

type Fields = Readonly<Record<string, string>>;

/** One call to the helpdesk, as Twilio makes it: it follows the URLs in the answers. */
export interface HelpdeskCaller {
  /** The call comes in. */
  calls(): Promise<Heard>;
  says(SpeechResult: string, more?: Fields): Promise<Heard>;
  presses(Digits: string): Promise<Heard>;
  /** Nothing, or what a redirect does. */
  waits(): Promise<Heard>;
  /** The last request once more, or with other fields. */
  again(fields?: Fields): Promise<Heard>;
}

/** What a caller hears, and what follows. */
export interface Heard {
  readonly reply: Reply;
  readonly verbs: readonly ReadVerb[];
  /** All that is said. */
  readonly said: string;
  /** Of what the answer ends with: the name of the verb, and where it leads. */
  readonly ends: string;
  readonly leadsTo: string;
  readonly gather: Readonly<Record<string, string>>;
}

function heardIn(reply: Reply): Heard {
  const verbs = readTwiml(reply);
  const says = verbs.flatMap((verb) => (verb.name === 'Gather' ? verb.verbs : [verb]));
  const last = verbs.at(-1);
  return {
    reply,
    verbs,
    said: says.flatMap(({ name, text }) => (name === 'Say' ? [text] : [])).join(' '),
    ends: last?.name ?? '',
    leadsTo: last?.name === 'Gather' ? (last.attributes.action ?? '') : (last?.text ?? ''),
    gather: last?.name === 'Gather' ? last.attributes : {},
  };
}

interface HelpdeskParts {
  readonly bot: VoiceBot | ((ref: VoiceBotRef) => VoiceBot | undefined);
  readonly env?: Env;
  readonly table?: Table;
  readonly clock?: Clock;
}

/** The helpdesk over a table in memory, with a bot of the test's own, and whoever calls it. */
export function helpdesk({ bot, env = {}, table = memoryTable(), clock = testClock() }: HelpdeskParts) {
  const addressOf = (ref: VoiceBotRef) => (ref.is === 'rasa-host' ? ref.url : `https://${ref.is}.example.com`);
  const bots: VoiceBots = { of: typeof bot === 'function' ? bot : () => bot, addressOf };
  const { call, lines } = startFunction(
    { ...helpdeskCall, ports: { table: () => table, bots: () => () => bots } },
    { STUDIO_WEBHOOK_URL: undefined, ...env },
    clock,
  );
  function caller(callSid = callSidOf(1), from: Fields = { From: '+15005550001' }, query = ''): HelpdeskCaller {
    const base = `${testSettings.PUBLIC_BASE_URL}/helpdesk-call`;
    const first = query === '' ? base : `${base}?${query}`;
    let next = first;
    let last = { url: first, fields: {} as Fields };
    async function ask(url: string, fields: Fields): Promise<Heard> {
      last = { url, fields };
      const form = { AccountSid: ACCOUNT_SID, CallSid: callSid, CallStatus: 'in-progress', ...from, ...fields };
      const heard = heardIn(await call(twilioCall('helpdesk-call', form, url.split('?')[1] ?? '')));
      if (heard.leadsTo.startsWith(base)) next = heard.leadsTo;
      return heard;
    }
    return {
      calls: () => ask(first, {}),
      says: (SpeechResult, more = {}) => ask(next, { SpeechResult, Confidence: '0.9', ...more }),
      presses: (Digits) => ask(next, { Digits }),
      waits: () => ask(next, {}),
      again: (fields = last.fields) => ask(last.url, fields),
    };
  }
  return { call, caller, table, lines, clock: clock as TestClock };
}
