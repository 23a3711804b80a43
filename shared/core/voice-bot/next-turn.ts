import { nameOf } from './ask-bot.ts';
import { botTurn } from './bot-turn.ts';
import { asks, givesPerson, hangsUp, type Outcome, toldBy, wordsOf } from './outcome.ts';
import { commandIn, yesOrNo } from './phrases.ts';
import { pickedByKey, pickedByWords } from './picked-choice.ts';
import type { Heard } from './voice-bot.ts';
import type { VoiceCall } from './voice-call.ts';
import { type CallMemory, goesOn, type Question, RESUMABLE_MS, type VoiceTurn } from './voice-turns.ts';
import { channelIn } from './words/index.ts';

/** The third silence in a row ends the talk with the bot. */
const MOST_SILENCES = 3;
/** A caller who is cut off again and again goes on with so many calls at most. */
const MOST_EARLIER = 5;

/** What a caller did, as the channel understands it. */
export type Done =
  | { readonly is: 'nothing' | 'repeat' | 'person' | 'help' | 'goodbye' }
  | { readonly is: 'heard'; readonly heard: Extract<Heard, { is: 'words' | 'keys' | 'choice' }> };

/** Understands what a caller did in answer to a question. Keys count before words. */
export function doneIn({ input, voice }: VoiceCall, { choices = [], listens }: Question): Done {
  const { phrases } = channelIn(voice.language);
  const { words, keys, confidence } = input;
  if (keys !== undefined) {
    const isOneKey = listens?.for !== 'keys';
    if (isOneKey && keys === '0') return { is: 'person' };
    if (isOneKey && keys === '*') return { is: 'repeat' };
    const choice = pickedByKey(keys, choices, listens);
    return { is: 'heard', heard: choice ? { is: 'choice', ...choice } : { is: 'keys', keys } };
  }
  if (words === undefined) return { is: 'nothing' };
  const choice = pickedByWords(words, choices, { listens, phrases });
  if (choice) return { is: 'heard', heard: { is: 'choice', ...choice } };
  const command = commandIn(words, phrases);
  return command ? { is: command } : { is: 'heard', heard: { is: 'words', text: words, confidence } };
}

/** The calls that went before one which follows on a turn. */
const withEarlier = ({ earlier }: CallMemory, { call: { callSid, atMs } }: VoiceTurn): CallMemory['earlier'] =>
  [...earlier, { callSid, atMs }].slice(-MOST_EARLIER);

/** What a call knows before anything was said. */
export function freshMemory(call: VoiceCall): CallMemory {
  return {
    conversationId: call.handoverId,
    bot: call.firstBot,
    states: {},
    hasBegun: false,
    question: { says: [] },
    asksToResume: false,
    earlier: [],
    silences: 0,
    misunderstood: 0,
    alone: 0,
  };
}

/** What a call knows that is surely of who calls now: nothing of an earlier call until they have said that it was theirs. */
export const ownMemory = (call: VoiceCall, memory: CallMemory): CallMemory =>
  memory.asksToResume ? freshMemory(call) : memory;

/** The bot begins; once more in a call that came in before, which people are told of as one. */
export function begins(call: VoiceCall, turnId: string, before?: VoiceTurn): Promise<Outcome> {
  const fresh = freshMemory(call);
  const own = before?.call.callSid === call.callSid ? ownMemory(call, before.memory) : undefined;
  const memory = before && own ? { ...fresh, known: own.known, earlier: withEarlier(own, before) } : fresh;
  return botTurn(call, memory, { heard: { is: 'start' }, turnId });
}

/** Whether a new call can go on where the last turn of its caller left off: that is not long ago, got somewhere, and was cut off. */
export function isResumable(call: VoiceCall, newest: VoiceTurn | undefined): newest is VoiceTurn {
  if (newest === undefined || newest.call.callSid === call.callSid) return false;
  return goesOn(newest) && newest.memory.hasBegun && call.clock.nowMs() - newest.takenAtMs <= RESUMABLE_MS;
}

/** What goes on of an earlier call: only the bot that has it learns that who calls may be somebody else, so no other keeps anything. */
const goingOnWith = ({ bot, states, ...memory }: CallMemory): CallMemory => ({
  ...memory,
  bot,
  states: { [nameOf(bot)]: states[nameOf(bot)] },
  known: undefined,
});

/** Asks whether to go on with an earlier call. It tells nothing of it: who calls may be somebody else. */
export function asksToResume(call: VoiceCall, turn: VoiceTurn): Outcome {
  const { memory } = turn;
  const words = wordsOf(call);
  const question: Question = {
    says: [toldBy(words.resume)],
    choices: [
      { title: words.yes, value: 'yes' },
      { title: words.no, value: 'no' },
    ],
    listens: { for: 'key' },
  };
  const earlier = withEarlier(memory, turn);
  const counted = { silences: 0, misunderstood: 0, alone: 0, isLeaving: undefined };
  return asks({ ...goingOnWith(memory), ...counted, asksToResume: true, earlier, question }, question);
}

function afterSilence(call: VoiceCall, memory: CallMemory, turnId: string): Promise<Outcome> | Outcome {
  const words = wordsOf(call);
  const silences = memory.silences + 1;
  const [first, second] = words.silence;
  if (memory.asksToResume && silences > 1) return begins(call, turnId);
  if (silences >= MOST_SILENCES)
    return call.voice.afterSilence === 'hangup'
      ? hangsUp(memory, [toldBy(words.silenceGoodbye)])
      : givesPerson(memory, 'silence', [toldBy(words.silenceToPerson)]);
  // The whole of a long answer is heard again by whoever asks for it: its question may stand before what it is about.
  const texts = memory.question.says.filter((saying) => 'text' in saying);
  const asked = texts.findLast(({ text }) => text.trimEnd().endsWith('?')) ?? texts.at(-1);
  const reprompt = toldBy(silences === 1 ? first : second);
  return asks({ ...memory, silences }, { ...memory.question, says: asked ? [asked] : [] }, [reprompt]);
}

/** What follows when the caller was asked whether to go on with an earlier call. */
async function afterResume(
  call: VoiceCall,
  memory: CallMemory,
  heard: Extract<Done, { is: 'heard' }>['heard'],
  turnId: string,
): Promise<Outcome> {
  const { phrases } = channelIn(call.voice.language);
  const words = heard.is === 'words' ? heard : undefined;
  const picked = words ? yesOrNo(words.text, phrases) : heard.is === 'choice' && heard.value;
  // Asked once more, as after a silence.
  if (picked === 'unclear' && memory.misunderstood === 0) return asks({ ...memory, misunderstood: 1 }, memory.question);
  // Who has said what they want instead need not say it again.
  if (words && picked === undefined) return botTurn(call, freshMemory(call), { heard: words, turnId });
  if (picked !== 'yes') return begins(call, turnId);
  call.note({ resumed: true });
  const resumed = { ...memory, asksToResume: false, question: { says: [] } };
  return botTurn(call, resumed, { heard: { is: 'start' }, isResumed: true, turnId });
}

/** What comes of a turn after the first, by what the caller did and what was asked. */
export async function nextTurn(call: VoiceCall, before: VoiceTurn, done: Done, turnId: string): Promise<Outcome> {
  const words = wordsOf(call);
  const { answer, memory } = before;
  if (answer.next === 'go-on') {
    const { startsAfter: from } = memory;
    return botTurn(call, memory, { heard: from === undefined ? { is: 'go-on' } : { is: 'start', from }, turnId });
  }
  if (done.is === 'nothing') return afterSilence(call, memory, turnId);
  const heard = { ...memory, silences: 0 };
  if (done.is === 'repeat') return asks(heard, memory.question);
  const own = ownMemory(call, heard);
  if (done.is === 'person') return givesPerson(own, 'asked_for_person', [toldBy(words.toPerson)]);
  if (memory.asksToResume) {
    if (done.is === 'heard') return afterResume(call, heard, done.heard, turnId);
    if (done.is === 'goodbye') return hangsUp(heard, [toldBy(words.goodbye)]);
    return asks(heard, memory.question, [toldBy(words.help)]);
  }
  const alone = { ...heard, alone: 0 };
  if (done.is === 'heard') return botTurn(call, alone, { heard: done.heard, turnId });
  const said: Heard = { is: 'words', text: call.input.words ?? '', confidence: call.input.confidence };
  if (done.is === 'goodbye') return botTurn(call, { ...alone, isLeaving: true }, { heard: said, turnId });
  // A bot with help of its own asks again at its end; after the answer of another the caller would not know how to speak.
  const help = [toldBy(words.help)];
  const hasOwnHelp = memory.bot.is === 'helpdesk';
  return botTurn(call, alone, { heard: said, turnId, ...(hasOwnHelp ? { first: help } : { last: help }) });
}
