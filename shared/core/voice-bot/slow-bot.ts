import * as v from 'valibot';
import type { Language } from '../call/languages/index.ts';
import { botWords } from './bot-words.ts';
import type { BotAnswer, BotTurn, Heard, VoiceBot } from './voice-bot.ts';

/** A bot that took longer is slow, until it takes less. */
const SLOW_MS = 1_000;
/** What a bot must have left to be asked at once, and one that is slow. */
const LEAST_MS = 1_200;
const LEAST_IF_SLOW_MS = 2_000;

const heardSchema: v.GenericSchema<unknown, Exclude<Heard, { is: 'go-on' }>> = v.union([
  v.object({ is: v.literal('start'), from: v.optional(v.string()) }),
  v.pipe(
    v.object({ is: v.literal('words'), text: v.string(), confidence: v.optional(v.number()) }),
    v.transform((heard) => ({ ...heard, confidence: heard.confidence })),
  ),
  v.object({ is: v.literal('keys'), keys: v.string() }),
  v.object({ is: v.literal('choice'), value: v.string(), title: v.string() }),
]);

const stateSchema = v.fallback(
  v.object({
    /** The state of the bot itself. */
    own: v.optional(v.unknown()),
    isSlow: v.optional(v.literal(true)),
    /** It has asked for a secret. */
    isSecret: v.optional(v.literal(true)),
    /** What the caller did that the bot has not been told yet. */
    untold: v.optional(v.object({ heard: heardSchema, isResumed: v.boolean() })),
  }),
  {},
);

type State = v.InferOutput<typeof stateSchema>;

/**
 * A bot over the network, which may be slow. Where a turn leaves too little time for it the caller hears a few words first, and
 * the bot is told in the turn after them, which has the whole time: once, and then whatever the bot would have after words of
 * its own it gets at once, for the caller has waited for its answer long enough. A secret is not kept for that. A bot that is
 * quick has no such turns.
 */
export function slowBot(bot: VoiceBot, language: Language): VoiceBot {
  async function told(turn: BotTurn): Promise<BotAnswer> {
    const beganMs = turn.deadline.remainingMs();
    const answer = await bot.turn(turn);
    const isSlow = beganMs - turn.deadline.remainingMs() > SLOW_MS;
    const state: State = {
      own: answer.state,
      ...(isSlow && { isSlow }),
      ...(answer.listens?.isSecret && { isSecret: true }),
    };
    return { ...answer, state };
  }

  return {
    async turn(turn) {
      const { heard, isResumed, deadline } = turn;
      const { untold, ...state } = v.parse(stateSchema, turn.state);
      const its = { ...turn, state: state.own };
      if (heard.is !== 'go-on') {
        const least = state.isSlow ? LEAST_IF_SLOW_MS : LEAST_MS;
        if (state.isSecret || deadline.remainingMs() >= least) return told(its);
        const says = [{ text: botWords[language].oneMoment }];
        return { state: { ...state, untold: { heard, isResumed } }, says, next: 'go-on' };
      }
      if (untold === undefined) return told(its);
      const answer = await told({ ...its, ...untold });
      if (answer.next !== 'go-on') return answer;
      return told({ ...turn, state: v.parse(stateSchema, answer.state).own });
    },
  };
}
