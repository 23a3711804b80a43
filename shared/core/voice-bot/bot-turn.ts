import { askBot } from './ask-bot.ts';
import { botWords } from './bot-words.ts';
import { failed, givesPerson, hangsUp, type Outcome, toldBy, wordsOf } from './outcome.ts';
import { botMs, waitedMs } from './turn-time.ts';
import type { BotAnswer, Heard, Saying } from './voice-bot.ts';
import type { VoiceCall } from './voice-call.ts';
import type { CallMemory, Question } from './voice-turns.ts';

/** A caller who was not understood so often in a row gets a person. */
const MOST_MISUNDERSTOOD = 3;
/** So many turns in a row without the caller, and the bots have lost their way. */
const MOST_ALONE = 4;
/** What the next bot of the same turn must have left. */
const NEXT_BOT_MS = 1_000;

interface BotTurnParts {
  readonly heard: Heard;
  readonly turnId: string;
  readonly isResumed?: boolean;
  /** What the channel says before and after the bot. */
  readonly first?: readonly Saying[];
  readonly last?: readonly Saying[];
}

const isFromCaller = ({ is }: Heard): boolean => is === 'words' || is === 'keys' || is === 'choice';

/** A bot over the network goes on with nothing but what the caller has said. */
const answersCaller = ({ bot }: CallMemory, heard: Heard): boolean =>
  isFromCaller(heard) || (heard.is === 'go-on' && bot.is !== 'helpdesk');

type Settled = Omit<BotAnswer, 'next'> & { readonly next: Exclude<BotAnswer['next'], object> };

const isSame = (one: Question, other: Question): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The next turn comes when this is said: without any words the caller would go on hearing nothing. */
function goesOnAfter({ voice }: VoiceCall, says: readonly Saying[], memory: CallMemory): Outcome {
  const isHeard = says.some((saying) => 'text' in saying);
  const words = isHeard ? [] : [toldBy(botWords[voice.language].oneMoment)];
  return { answer: { says: [...words, ...says], next: 'go-on' }, memory };
}

/** What the answer of a bot comes to. */
function settled(call: VoiceCall, memory: CallMemory, answer: Settled, heard: Heard): Outcome {
  const words = wordsOf(call);
  const { says, choices, listens, next } = answer;
  const question = {
    says: says.length === 0 ? [toldBy(words.listening)] : [...says],
    ...(choices && { choices: [...choices] }),
    ...(listens && { listens: { ...listens, hints: listens.hints && [...listens.hints] } }),
  };
  const isLost = answer.isUnderstood === false;
  // Not every bot says that it has not understood, but whoever has not says the same again.
  const isStuck = isLost || (answersCaller(memory, heard) && isSame(question, memory.question));
  // Who has heard only that the bot needs time has not been understood yet, nor misunderstood.
  const misunderstood = isStuck ? memory.misunderstood + 1 : next === 'go-on' ? memory.misunderstood : 0;
  const hasBegun = memory.hasBegun || (isFromCaller(heard) && !isLost);
  const after = { ...memory, misunderstood, hasBegun };
  if (next === 'person') return givesPerson(after, 'asked_for_person', [...says, toldBy(words.toPerson)]);
  if (next === 'hang-up') return hangsUp(after, says.length === 0 ? [toldBy(words.goodbye)] : says);
  if (next === 'go-on') {
    if (memory.alone >= MOST_ALONE) return failed(call, after);
    return goesOnAfter(call, says, { ...after, alone: memory.alone + 1 });
  }
  if (memory.isLeaving) return hangsUp(after, isLost || says.length === 0 ? [toldBy(words.goodbye)] : says);
  if (misunderstood >= MOST_MISUNDERSTOOD) return givesPerson(after, 'not_understood', [toldBy(words.notUnderstood)]);
  return { answer: { ...question, next }, memory: { ...after, question } };
}

/**
 * Gives a turn to the bot that has the call. A bot that gives the call to another is followed by that one at once where the
 * time allows it, and else in a turn of its own, after what was said so far.
 */
export async function botTurn(call: VoiceCall, begun: CallMemory, parts: BotTurnParts): Promise<Outcome> {
  const { isResumed = false, first = [], last = [] } = parts;
  let { heard } = parts;
  let memory = begun;
  let said = first;
  const waited = waitedMs(call, begun);
  for (let nth = 1; ; nth++) {
    const turnId = nth === 1 ? parts.turnId : `${parts.turnId}-${nth}`;
    const limitMs = botMs(call, waited);
    const answered = await askBot(call, memory, { heard, isResumed: isResumed && nth === 1, turnId, limitMs });
    if (!answered) return failed(call, memory);
    const { answer } = answered;
    memory = answered.memory;
    const says = [...said, ...answer.says];
    if (typeof answer.next === 'string')
      return settled(call, memory, { ...answer, says: [...says, ...last], next: answer.next }, heard);
    if (memory.alone >= MOST_ALONE) return failed(call, memory);
    const from = call.bots.addressOf(memory.bot);
    memory = { ...memory, bot: answer.next.bot, startsAfter: from, alone: memory.alone + 1 };
    call.note({ toBot: answer.next.bot.is });
    if (nth > 1 || botMs(call, waited) < NEXT_BOT_MS) return goesOnAfter(call, says, memory);
    heard = { is: 'start', from };
    said = says;
  }
}
