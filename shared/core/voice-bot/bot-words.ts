import type { Language } from '../call/languages/index.ts';

/** What is said for a bot that cannot say it itself. */
export interface BotWords {
  readonly oneMoment: string;
  readonly inOtherWords: string;
  /** It said nothing when the call began. */
  readonly askMe: string;
  /** A call goes on with which somebody else may have begun, so nothing of it is said again. */
  readonly goOn: string;
  /** A bot is asked for that nobody has set up. */
  readonly notConnected: string;
}

export const botWords: Readonly<Record<Language, BotWords>> = {
  en: {
    oneMoment: 'One moment please.',
    inOtherWords: 'Sorry, I did not understand that. Please say it in other words.',
    askMe: 'Hello. How can I help you?',
    goOn: 'Please go on where you were.',
    notConnected: 'I am sorry, I cannot connect you to that.',
  },
  de: {
    oneMoment: 'Einen Moment bitte.',
    inOtherWords: 'Das habe ich leider nicht verstanden. Bitte sagen Sie es mit anderen Worten.',
    askMe: 'Guten Tag. Wie kann ich Ihnen helfen?',
    goOn: 'Bitte machen Sie da weiter, wo Sie waren.',
    notConnected: 'Damit kann ich Sie leider nicht verbinden.',
  },
};
