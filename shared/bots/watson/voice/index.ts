import * as v from 'valibot';
import type { Language } from '../../../core/call/languages/index.ts';
import type { Deadline } from '../../../core/deadline.ts';
import { NotTaken } from '../../../core/handover/not-taken.ts';
import type { SendHttp } from '../../../core/http.ts';
import { botWords } from '../../../core/voice-bot/bot-words.ts';
import type { BotAnswer, BotTurn, VoiceBot, VoiceKnown } from '../../../core/voice-bot/voice-bot.ts';
import { collectedIn, historyKeyOf, wishOf } from '../transfer.ts';
import { type Answered, type AssistantApi, assistantApi, type MessageInput } from './assistant-api.ts';
import { inputOf } from './message-input.ts';
import type { WatsonVoiceSettings } from './settings.ts';
import { spokenAnswer } from './spoken-answer.ts';
import { type Texts, textLink } from './text-link.ts';

interface Parts {
  readonly settings: WatsonVoiceSettings;
  readonly send: SendHttp;
  readonly language: Language;
  /** Undefined where callers get no text messages. */
  readonly texts: Texts | undefined;
}

const stateSchema = v.fallback(
  v.object({
    session: v.optional(v.string()),
    /** What was said and surely not heard. */
    unheard: v.optional(v.record(v.string(), v.unknown())),
    /** The caller has had the one text message of a call. */
    hasText: v.optional(v.literal(true)),
  }),
  {},
);

type State = v.InferOutput<typeof stateSchema>;

function knownFrom({ generic, context }: Answered): VoiceKnown {
  const untold = { fields: collectedIn(context), sessionHistoryKey: historyKeyOf(undefined, context) };
  const { reason, topic, fields, sessionHistoryKey }: VoiceKnown = wishOf(generic, context, undefined) ?? untold;
  return { reason, topic, fields, sessionHistoryKey };
}

const GREETED = { is: 'start' } as const;

const saying = (text: string): BotAnswer['says'] => [{ text }];

/** A session, and what was answered in it. */
interface Exchange {
  readonly session: string;
  readonly answered: Answered;
}

/** Says it in the session, or in a new one where that is gone; an assistant forgets sessions in which nothing was said for long. */
async function exchanged(
  api: AssistantApi,
  session: string,
  message: Parameters<AssistantApi['say']>[1],
  turn: Pick<BotTurn, 'deadline' | 'note'>,
): Promise<Exchange> {
  const answered = await api.say(session, message, turn.deadline);
  if (answered !== undefined) return { session, answered };
  turn.note({ watson: 'session is gone' });
  const next = await api.open(turn.deadline);
  const again = await api.say(next, message, turn.deadline);
  if (again === undefined) throw new NotTaken('refused', 'a new session is gone at once');
  return { session: next, answered: again };
}

/**
 * Watson Assistant behind a voice call, by its API. A message that surely was not heard is said once more after a few words;
 * one that may have been heard is not, and rejects, as everything else does that `AssistantApi` throws.
 */
export function watsonVoiceBot({ settings, send, language, texts }: Parts): VoiceBot {
  const api = assistantApi(settings, send);
  const words = botWords[language];

  async function heardBy(state: State, input: MessageInput, turn: BotTurn): Promise<Exchange | BotAnswer> {
    let { session } = state;
    try {
      session ??= await api.open(turn.deadline);
      return await exchanged(api, session, { input, userId: turn.conversationId }, turn);
    } catch (error) {
      const isLast = turn.heard.is === 'go-on';
      if (isLast || !(error instanceof NotTaken) || error.kind !== 'unreachable') throw error;
      return { state: { ...state, session, unheard: input }, says: saying(words.oneMoment), next: 'go-on' };
    }
  }

  async function linkSent(link: ReturnType<typeof spokenAnswer>['link'], state: State, turn: BotTurn) {
    if (link === undefined) return false;
    const sent = texts !== undefined && !state.hasText && (await textLink(link, turn.caller, texts, turn.deadline));
    turn.note({ watsonLink: sent ? 'sent' : 'not sent' });
    return sent;
  }

  async function left(session: string, next: BotAnswer['next'], deadline: Deadline): Promise<string | undefined> {
    if (next === 'listen') return session;
    await api.close(session, deadline);
    return undefined;
  }

  async function answerTo(input: MessageInput, state: State, turn: BotTurn): Promise<BotAnswer> {
    const exchange = await heardBy(state, input, turn);
    if ('says' in exchange) return exchange;
    const { says, choices, listens, next, link, ignored } = spokenAnswer(exchange.answered.generic);
    if (ignored.length > 0) turn.note({ watsonIgnored: ignored.length });
    const hasText = (await linkSent(link, state, turn)) || state.hasText;
    const session = await left(exchange.session, next, turn.deadline);
    const answer = { state: { session, hasText: hasText || undefined }, known: knownFrom(exchange.answered), next };
    const isEmpty = says.length + choices.length === 0 && next === 'listen' && listens.for === 'words';
    if (!isEmpty) return { ...answer, says, choices, listens };
    if (input.text === '') return { ...answer, says: saying(words.askMe) };
    return { ...answer, says: saying(words.inOtherWords), isUnderstood: false };
  }

  return {
    async turn(turn) {
      const { heard, isResumed, caller } = turn;
      const { unheard, ...state } = v.parse(stateSchema, turn.state);
      // The session knows who called first. Who calls with their number unproved begins anew.
      if (heard.is === 'start' && isResumed && caller.isAttested && state.session !== undefined)
        return { state, says: saying(words.goOn), next: 'listen' };
      if (heard.is === 'start') return answerTo(inputOf(heard), { hasText: state.hasText }, turn);
      return answerTo(heard.is === 'go-on' ? (unheard ?? inputOf(GREETED)) : inputOf(heard), state, turn);
    },
  };
}
