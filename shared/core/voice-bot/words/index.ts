import type { Language } from '../../call/languages/index.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { ChannelLanguage } from './words.ts';

const channel: Readonly<Record<Language, ChannelLanguage>> = { en, de };

/** What the channel says, and what callers may say to it, in a language. */
export const channelIn = (language: Language): ChannelLanguage => channel[language];
