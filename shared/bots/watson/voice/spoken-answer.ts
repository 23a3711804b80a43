import { at, listAt, textAt } from '../../../core/at.ts';
import { cutAtWord } from '../../../core/cut-at-word.ts';
import { spokenText } from '../../../core/voice-bot/spoken-text.ts';
import type { Choice, Listens, Saying } from '../../../core/voice-bot/voice-bot.ts';
import { choiceOf } from './message-input.ts';

/** More than this nobody listens to; what is beyond is a mistake. */
const MAX_ITEMS = 50;
const MAX_CHOICES = 20;
/** Nobody hears anything meanwhile, and longer silence sounds like the end of the call. */
const MAX_PAUSE_SEC = 3;
const MAX_RESULT_LENGTH = 300;

/** A text with a link that the assistant would like the caller to have. */
export interface Link {
  readonly message: string;
  readonly url: string;
}

/** `output.generic` as a call takes it. */
export interface SpokenAnswer {
  readonly says: readonly Saying[];
  readonly choices: readonly Choice[];
  readonly listens: Listens;
  readonly next: 'listen' | 'hang-up' | 'person';
  readonly link: Link | undefined;
  /** Kinds of answers that a call has no use for. */
  readonly ignored: readonly string[];
}

/** What an item holds for a call. */
interface Part {
  readonly says?: readonly (string | undefined)[];
  readonly pauseSec?: number;
  readonly choices?: readonly Choice[];
  readonly listens?: Listens;
  readonly next?: SpokenAnswer['next'];
  readonly link?: Link;
}

const texts = (item: unknown, ...names: readonly string[]) => names.map((name) => textAt(item, name));

/** The first sentences of a page that was found, as many as fit. */
function shortened(page: string | undefined): string | undefined {
  const text = page && spokenText(page);
  if (text === undefined || text.length <= MAX_RESULT_LENGTH) return text;
  const begun = text.slice(0, MAX_RESULT_LENGTH);
  return /^.*[.!?](?=\s)/su.exec(begun)?.[0] ?? cutAtWord(text, MAX_RESULT_LENGTH);
}

function choicesIn(offered: readonly unknown[]): readonly Choice[] {
  return offered.flatMap((option) => {
    const title = spokenText(textAt(option, 'label') ?? '');
    return title === undefined ? [] : [choiceOf(option, title)];
  });
}

function searched(item: unknown): Part {
  const [first] = listAt(item, 'primary_results');
  const [answer] = listAt(first, 'answers');
  const found = textAt(answer, 'text') ?? textAt(first, 'body') ?? textAt(first, 'title');
  return { says: [textAt(item, 'header'), shortened(found)] };
}

function keysWanted(item: unknown): Part {
  if (at(item, 'command_info', 'type') !== 'collect') return {};
  const parameters = at(item, 'command_info', 'parameters');
  const count = Number(at(parameters, 'count') ?? at(parameters, 'maximum_count'));
  const mostKeys = Number.isInteger(count) && count >= 1 && count <= 100 ? count : undefined;
  return { listens: { for: 'keys', mostKeys } };
}

const paused = (ms: unknown): number => (typeof ms === 'number' ? Math.min(Math.ceil(ms / 1_000), MAX_PAUSE_SEC) : 0);

/** By kind of item. Sources: the types of ibm-watson 12; cloud.ibm.com/docs/watson-assistant, phone-actions and response-types-reference, read 2026-11-28. */
const kinds: Readonly<Record<string, (item: unknown) => Part>> = {
  text: (item) => ({ says: texts(item, 'text') }),
  conversational_search: (item) => ({ says: texts(item, 'text') }),
  search: searched,
  option: (item) => ({ says: texts(item, 'title', 'description'), choices: choicesIn(listAt(item, 'options')) }),
  suggestion: (item) => ({ says: texts(item, 'title'), choices: choicesIn(listAt(item, 'suggestions')) }),
  image: (item) => ({ says: seen(item) }),
  video: (item) => ({ says: seen(item) }),
  audio: (item) => ({ says: seen(item) }),
  iframe: (item) => ({ says: seen(item) }),
  date: (item) => ({ says: texts(item, 'title', 'description') }),
  pause: (item) => ({ pauseSec: paused(at(item, 'time')) }),
  dtmf: keysWanted,
  end_session: () => ({ next: 'hang-up' }),
  // Whether somebody is there the call finds out afterwards, and says so itself.
  connect_to_agent: (item) => ({
    says: [textAt(item, 'agent_available', 'message') ?? textAt(item, 'agent_available')],
    next: 'person',
  }),
  channel_transfer: (item) => {
    const message = textAt(item, 'message_to_user') ?? '';
    const url =
      textAt(item, 'transfer_info', 'target', 'chat', 'url') ?? textAt(item, 'transfer_info', 'target', 'chat');
    return { says: [message], ...(url === undefined ? {} : { link: { message, url } }) };
  },
};

/** What stands beside a picture or a film; its other text where it has neither. */
function seen(item: unknown): readonly (string | undefined)[] {
  const beside = texts(item, 'title', 'description');
  return beside.some((text) => text !== undefined) ? beside : texts(item, 'alt_text');
}

/** What is meant for other channels than the phone is not for a call. */
function isForCalls(item: unknown): boolean {
  const channels = listAt(item, 'channels');
  return channels.length === 0 || channels.some((one) => at(one, 'channel') === 'voice_telephony');
}

function sayingsOf({ says = [], pauseSec = 0 }: Part): readonly Saying[] {
  const said = says.flatMap((text) => spokenText(text ?? '') ?? []).map((text) => ({ text }));
  return pauseSec > 0 ? [...said, { pauseSec }] : said;
}

/** Two pauses in a row are one, no longer than one may be. */
function withoutSilence(sayings: readonly Saying[]): readonly Saying[] {
  const kept: Saying[] = [];
  for (const saying of sayings) {
    const last = kept.at(-1);
    if (!('pauseSec' in saying) || !last || !('pauseSec' in last)) kept.push(saying);
    else kept[kept.length - 1] = { pauseSec: Math.min(last.pauseSec + saying.pauseSec, MAX_PAUSE_SEC) };
  }
  return kept;
}

/**
 * What an assistant answers, all of it in its order: what is spoken, offered and waited for. Somebody who asked for a person
 * gets one, also where the session ends as well.
 */
export function spokenAnswer(generic: readonly unknown[]): SpokenAnswer {
  const items = generic.slice(0, MAX_ITEMS).filter(isForCalls);
  const kindOf = (item: unknown) => textAt(item, 'response_type') ?? '';
  const known = items.filter((item) => Object.hasOwn(kinds, kindOf(item)));
  const parts = known.map((item): Part => kinds[kindOf(item)]?.(item) ?? {});
  const ends = parts.map(({ next }) => next);
  return {
    says: withoutSilence(parts.flatMap(sayingsOf)),
    choices: parts.flatMap(({ choices = [] }) => choices).slice(0, MAX_CHOICES),
    listens: parts.findLast(({ listens }) => listens)?.listens ?? { for: 'words' },
    next: ends.includes('person') ? 'person' : ends.includes('hang-up') ? 'hang-up' : 'listen',
    link: parts.find(({ link }) => link)?.link,
    ignored: items.filter((item) => !known.includes(item)).map(kindOf),
  };
}
