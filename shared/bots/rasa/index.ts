import * as v from 'valibot';
import { at } from '../../core/at.ts';
import type { Language } from '../../core/call/languages/index.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import { partnerUrl } from '../../core/partner-url.ts';
import { optional, readAs, type SettingsGroup, settings, text, together } from '../../core/settings.ts';
import { type BotWords, botWords } from '../../core/voice-bot/bot-words.ts';
import type { KnownBots } from '../../core/voice-bot/handoff-bots.ts';
import type { BotAnswer, BotTurn, VoiceBot, VoiceBotRef } from '../../core/voice-bot/voice-bot.ts';
import { type RasaTarget, sendMessage } from './client.ts';
import { messages } from './payloads.ts';
import { answerOf, type Given, messageOf, type RasaAnswer } from './translate.ts';

const server = partnerUrl('RASA_URL', { is: 'the Rasa server', example: 'https://rasa.example.com' });

/** Other bots are told the address, so nothing secret can stand in it. */
const withoutQuery: SettingsGroup<{ readonly RASA_URL: string }> = readAs(server, (env, faults) => {
  const before = faults.length;
  const values = server.read(env, faults);
  if (faults.length === before && new URL(values.RASA_URL).search !== '')
    faults.push('RASA_URL is malformed (without a query)');
  return values;
});

/** How Rasa is reached. */
export const rasaSettings = together(
  withoutQuery,
  settings({
    RASA_AUTHORIZATION: optional(text(), undefined, {
      is: 'what stands in the Authorization header of requests to RASA_URL, where something in front of it asks for that',
      secret: true,
    }),
    VOICE_BOT_GREETING: optional(text(200), 'hello', { is: 'what Rasa is told when a call begins' }),
  }),
);

interface RasaParts {
  /** Which of the known bots this is. */
  readonly ref: VoiceBotRef;
  readonly target: RasaTarget;
  readonly known: KnownBots;
  readonly greeting: string;
  readonly language: Language;
}

/** What waits to be sent once more. */
const kept: v.GenericSchema<unknown, Given> = v.object({
  message: v.string(),
  opens: v.optional(v.picklist(['greeting', 'handoff'])),
});

const saying = (...texts: readonly string[]): BotAnswer['says'] => texts.map((text) => ({ text }));

const notUnderstood = ({ inOtherWords }: BotWords): BotAnswer => ({
  state: {},
  says: saying(inOtherWords),
  isUnderstood: false,
  next: 'listen',
});

/** A Rasa bot, by its REST channel. Its tracker, which is named after the conversation, is all that it keeps. */
export function rasaBot({ ref, target, known, greeting, language }: RasaParts): VoiceBot {
  const words = botWords[language];

  /** Where Rasa wants another bot to have the call: only one that a setting names gets it. */
  function handedTo(host: string, opens: Given['opens'], { note }: BotTurn): Pick<BotAnswer, 'next' | 'says'> {
    const bot = known.at(host);
    // Given on before anything has been heard here, a call could go round for ever.
    if (bot && opens !== 'handoff' && known.addressOf(bot) !== known.addressOf(ref)) return { says: [], next: { bot } };
    note({ handoff: bot ? 'goes round' : 'not configured' });
    return { says: saying(words.notConnected), next: 'listen' };
  }

  function turnedInto(said: RasaAnswer, opens: Given['opens'], turn: BotTurn): BotAnswer {
    const { texts, choices, person, isOver, host, unread } = said;
    if (unread > 0) turn.note({ unread });
    const says = saying(...texts);
    const state = {};
    if (person) return { state, says, ...(Object.keys(person).length > 0 && { known: person }), next: 'person' };
    if (isOver) return { state, says, next: 'hang-up' };
    if (host !== undefined) {
      const handed = handedTo(host, opens, turn);
      return { state, says: [...says, ...handed.says], choices, next: handed.next };
    }
    if (texts.length > 0 || choices.length > 0) return { state, says, choices, next: 'listen' };
    return opens === undefined ? notUnderstood(words) : { state, says: saying(words.askMe), next: 'listen' };
  }

  async function ask({ message, opens }: Given, turn: BotTurn): Promise<BotAnswer> {
    const answer = await sendMessage(target, { sender: turn.conversationId, message }, turn.deadline);
    const read = v.safeParse(messages, answer);
    if (!read.success) throw new NotTaken('unknown', 'not what the REST channel answers');
    return turnedInto(answerOf(read.output), opens, turn);
  }

  return {
    async turn(turn) {
      const { heard, isResumed, state, note } = turn;
      // Who calls may be somebody else, so no question of before is asked again; and a greeting could be taken for an answer.
      if (heard.is === 'start' && isResumed) return { state: {}, says: saying(words.goOn), next: 'listen' };
      const given = heard.is === 'go-on' ? v.parse(kept, at(state, 'again')) : messageOf(heard, greeting);
      if (given.message === '') return notUnderstood(words);
      try {
        return await ask(given, turn);
      } catch (error) {
        // Where it surely has not arrived it is sent once more; what may have been done is never done twice.
        if (!(error instanceof NotTaken) || error.kind !== 'unreachable' || heard.is === 'go-on') throw error;
        note({ rasa: 'unreachable' });
        return { state: { again: given }, says: saying(words.oneMoment), next: 'go-on' };
      }
    },
  };
}
