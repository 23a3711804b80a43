import { helpdeskBot } from '../../shared/bots/helpdesk/index.ts';
import type { HelpdeskParts } from '../../shared/bots/helpdesk/parts.ts';
import { defaultLimits } from '../../shared/bots/helpdesk/settings.ts';
import type { Deadline } from '../../shared/core/deadline.ts';
import type { BotAnswer, Heard, VoiceCaller } from '../../shared/core/voice-bot/voice-bot.ts';
import { endlessTurn } from './helpdesk-ports.ts';
import { memoryTable } from './memory-table.ts';
import { plainUnderstanding } from './plain-understanding.ts';

const nobody: VoiceCaller = { phone: undefined, isAttested: false };

export const helpdeskParts = (parts: Partial<HelpdeskParts> = {}): HelpdeskParts => ({
  understanding: plainUnderstanding,
  hasPins: false,
  rates: memoryTable().rates,
  limits: defaultLimits,
  bots: [],
  ...parts,
});

interface CallOptions {
  readonly caller?: VoiceCaller;
  readonly conversationId?: string;
  readonly state?: unknown;
  readonly nowMs?: number;
  readonly deadline?: Deadline;
}

let calls = 0;

/** A call with the helpdesk, as the channel leads it: the state goes through JSON, and what goes on goes on at once. */
export function helpdeskCall(parts: HelpdeskParts, options: CallOptions = {}) {
  const bot = helpdeskBot(parts);
  const nth = ++calls;
  const answers: BotAnswer[] = [];
  let turns = 0;
  let state = options.state;

  async function turn(heard: Heard, isResumed = false): Promise<BotAnswer> {
    const answer = await bot.turn({
      state,
      heard,
      caller: options.caller ?? nobody,
      isResumed,
      conversationId: options.conversationId ?? `call-${nth}`,
      turnId: `turn-${nth}-${++turns}`,
      deadline: options.deadline ?? endlessTurn,
      nowMs: options.nowMs ?? Date.UTC(2026, 5, 1),
      note: () => {},
    });
    answers.push(answer);
    state = answer.state === undefined ? undefined : JSON.parse(JSON.stringify(answer.state));
    return answer;
  }

  /** Everything that is said until the caller is listened to, or the talk with the bot is over. */
  async function heard(what: Heard, isResumed = false): Promise<readonly string[]> {
    const said: string[] = [];
    let answer = await turn(what, isResumed);
    for (let alone = 0; ; alone++) {
      said.push(...answer.says.flatMap((saying) => ('text' in saying ? [saying.text] : [])));
      if (answer.next !== 'go-on') return said;
      if (alone >= 5) throw new Error('it goes on and on');
      answer = await turn({ is: 'go-on' });
    }
  }

  return {
    turn,
    start: () => heard({ is: 'start' }),
    resume: () => heard({ is: 'start' }, true),
    say: (text: string) => heard({ is: 'words', text, confidence: 0.9 }),
    press: (keys: string) => heard({ is: 'keys', keys }),
    choose: (value: string) => heard({ is: 'choice', value, title: value }),
    heard,
    answers,
    get last() {
      return answers.at(-1);
    },
    get state() {
      return state;
    },
  };
}

export type HelpdeskCall = ReturnType<typeof helpdeskCall>;
