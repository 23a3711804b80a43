import { at, textAt } from '../../core/at.ts';
import { scalars } from '../../core/handover/fields.ts';
import { spokenText } from '../../core/voice-bot/spoken-text.ts';
import type { Choice, Heard, VoiceKnown } from '../../core/voice-bot/voice-bot.ts';
import type { RasaButton, RasaMessage } from './payloads.ts';

/** A longer one is no payload of a button. */
const MAX_PAYLOAD_LENGTH = 500;

/** How the helpdesk of Rasa's own examples offers other bots to somebody who asks for a person. */
const OFFERS_BOTS = /^\/trigger_handoff\b/;

/** What Rasa is told at the start of a call that another bot gave away: the intent that those examples know. */
const givenBy = (address: string): string => `/handoff${JSON.stringify({ from_host: address })}`;

/** What somebody says is words: a slash at its beginning would make it an intent with entities. */
const plainWords = (text: string): string => text.replace(/^[\s/]+/, '');

/** A message for Rasa; empty where there is nothing to say. */
export interface Given {
  readonly message: string;
  /** The first of a call: Rasa's own, or one that another bot gave away. */
  readonly opens?: 'greeting' | 'handoff' | undefined;
}

export function messageOf(heard: Exclude<Heard, { readonly is: 'go-on' }>, greeting: string): Given {
  switch (heard.is) {
    case 'start':
      if (heard.from === undefined) return { message: greeting, opens: 'greeting' };
      return { message: givenBy(heard.from), opens: 'handoff' };
    case 'words':
      return { message: plainWords(heard.text) };
    case 'keys':
      return { message: heard.keys };
    case 'choice':
      return { message: heard.value };
  }
}

/** What Rasa said, and what it wants done with the call. */
export interface RasaAnswer {
  readonly texts: readonly string[];
  readonly choices: readonly Choice[];
  /** A person is wanted, who is told this. */
  readonly person: VoiceKnown | undefined;
  readonly isOver: boolean;
  /** The address of another bot that is to have the call, as Rasa gives it: nobody has looked at it. */
  readonly host: string | undefined;
  /** How many messages had nothing that can be said or done: pictures, files, payloads for other channels. */
  readonly unread: number;
}

function choiceOf({ title, payload, url }: RasaButton): Choice | undefined {
  const said = spokenText(title);
  // A link is nothing that can be said.
  if (!said || (payload === undefined && url !== undefined)) return undefined;
  const value = payload || title;
  return value.length <= MAX_PAYLOAD_LENGTH ? { title: said, value } : undefined;
}

function choicesOf(messages: readonly RasaMessage[]): readonly Choice[] {
  const found = messages.flatMap(({ buttons = [] }) => buttons.flatMap((button) => choiceOf(button) ?? []));
  const first = new Map(found.map((choice) => [choice.value, choice] as const).reverse());
  return found.filter((choice) => first.get(choice.value) === choice);
}

const textsOf = (messages: readonly RasaMessage[]): readonly string[] =>
  messages.flatMap(({ text }) => (text === undefined ? [] : (spokenText(text) ?? [])));

function wishOf(handover: unknown): VoiceKnown {
  const told = (name: keyof VoiceKnown) => {
    const text = textAt(handover, name)?.trim();
    return text === undefined ? {} : { [name]: text };
  };
  const fields = scalars(at(handover, 'fields'));
  const named = fields.length > 0 ? { fields: Object.fromEntries(fields) } : {};
  return { ...told('topic'), ...told('reason'), ...told('name'), ...named };
}

const offersBots = ({ buttons = [] }: RasaMessage): boolean =>
  buttons.some(({ payload = '' }) => OFFERS_BOTS.test(payload));

/** What is to be done with the call. `{handover: {}}` and `{handover: true}` ask for a person as well. */
function deedsOf({ custom }: RasaMessage) {
  return (Array.isArray(custom) ? custom : [custom]).flatMap((one) => {
    const deed = { handover: at(one, 'handover') || undefined, end: at(one, 'end') === true };
    const host = textAt(one, 'handoff_host');
    return deed.handover !== undefined || deed.end || host !== undefined ? [{ ...deed, host }] : [];
  });
}

/**
 * Reads what Rasa said, in order of arrival. `{handover: {topic: 'billing'}}` as a custom payload asks for a person, `{end: true}`
 * ends the call, `{handoff_host: 'https://…'}` gives it to another bot. Where other bots are offered in place of a person,
 * because Rasa's own channels know no people, there is one here: that message is not said.
 */
export function answerOf(messages: readonly RasaMessage[]): RasaAnswer {
  const said = messages.filter((message) => !offersBots(message));
  const deeds = said.flatMap(deedsOf);
  const handover = deeds.findLast((deed) => deed.handover !== undefined)?.handover;
  const isUnread = (message: RasaMessage) =>
    textsOf([message]).length === 0 && choicesOf([message]).length === 0 && deedsOf(message).length === 0;
  return {
    texts: textsOf(said),
    choices: choicesOf(said),
    person: handover !== undefined || said.length < messages.length ? wishOf(handover) : undefined,
    isOver: deeds.some(({ end }) => end),
    host: deeds.findLast(({ host }) => host !== undefined)?.host,
    unread: said.filter(isUnread).length,
  };
}
