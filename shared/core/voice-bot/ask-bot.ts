import { earlier } from '../in-time.ts';
import { Problem } from '../problems.ts';
import { usableAnswer } from './usable-answer.ts';
import type { BotAnswer, Heard, VoiceBotRef } from './voice-bot.ts';
import type { VoiceCall } from './voice-call.ts';
import type { CallMemory } from './voice-turns.ts';

/** Under which name the state of a bot is kept. */
export const nameOf = (ref: VoiceBotRef): string => (ref.is === 'rasa-host' ? `${ref.is} ${ref.url}` : ref.is);

interface ToAsk {
  readonly heard: Heard;
  readonly isResumed: boolean;
  /** Tells the turns of a conversation apart, and the bots that are asked in one. */
  readonly turnId: string;
  /** What the bot may take of the turn. */
  readonly limitMs: number;
}

/** A bot that has answered, and what is known after it. */
interface Answered {
  readonly answer: BotAnswer;
  readonly memory: CallMemory;
}

/** Asks the bot that has the call, once. Undefined where it fails, takes too long, or answers nothing of use. */
export async function askBot(
  call: VoiceCall,
  memory: CallMemory,
  { heard, isResumed, turnId, limitMs }: ToAsk,
): Promise<Answered | undefined> {
  const { deadline, clock, caller, note } = call;
  const bot = call.bots.of(memory.bot);
  if (!bot) {
    note({ botFailed: 'no such bot' });
    return undefined;
  }
  const name = nameOf(memory.bot);
  const turn = {
    state: memory.states[name],
    heard,
    caller,
    isResumed,
    conversationId: memory.conversationId,
    turnId,
    deadline: earlier(deadline, deadline.remainingMs() - limitMs),
    nowMs: clock.nowMs(),
    note,
  };
  try {
    const asked = Promise.resolve().then(() => bot.turn(turn));
    const answer = usableAnswer(await deadline.atMost(limitMs, asked, () => new Problem('deadline_exceeded')));
    const states = { ...memory.states, [name]: answer.state };
    return { answer, memory: { ...memory, states, known: answer.known ?? memory.known, startsAfter: undefined } };
  } catch (error) {
    // What it is in words may hold what was said.
    note({ botFailed: error instanceof Problem ? error.code : error instanceof Error ? error.name : 'thrown' });
    return undefined;
  }
}
