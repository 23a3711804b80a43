import type { PersonReason } from '../call/person-reason.ts';
import type { Saying } from './voice-bot.ts';
import type { VoiceCall } from './voice-call.ts';
import type { CallMemory, Question, TurnAnswer } from './voice-turns.ts';
import { channelIn } from './words/index.ts';

/** What a turn comes to: what is answered, and what is known after it. */
export interface Outcome {
  readonly answer: TurnAnswer;
  readonly memory: CallMemory;
}

/** What the channel says itself, in the language of the call. */
export const wordsOf = ({ voice }: VoiceCall) => channelIn(voice.language).words;

export const toldBy = (text: string): Saying => ({ text });

/** The caller gets a person. */
export function givesPerson(memory: CallMemory, reason: PersonReason, says: readonly Saying[]): Outcome {
  return { answer: { says: [...says], next: 'person', reason }, memory };
}

/** The call is over. */
export function hangsUp(memory: CallMemory, says: readonly Saying[]): Outcome {
  return { answer: { says: [...says], next: 'hang-up' }, memory };
}

/** Asks something, after words that are not part of it. */
export function asks(memory: CallMemory, question: Question, first: readonly Saying[] = []): Outcome {
  return { answer: { ...question, says: [...first, ...question.says], next: 'listen' }, memory };
}

/** The bot has failed: whatever was to be said, the caller gets a person, or where they were leaving a goodbye. */
export function failed(call: VoiceCall, memory: CallMemory, said: readonly Saying[] = []): Outcome {
  const { goodbye, failed: apology } = wordsOf(call);
  return memory.isLeaving
    ? hangsUp(memory, [...said, toldBy(goodbye)])
    : givesPerson(memory, 'bot_failed', [...said, toldBy(apology)]);
}
