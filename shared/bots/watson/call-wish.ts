import { type Action, malformed } from './action.ts';

/** How people write numbers in a chat, as E.164: `+49 (0)30 123-456` and `0049 30 123456` are both `+4930123456`. */
function asDialled(phone: string | undefined): string | undefined {
  return phone
    ?.replace('(0)', '')
    .replace(/[\s()./-]/g, '')
    .replace(/^00(?=[1-9])/, '+');
}

const cut = (text: string | undefined) => text?.slice(0, 200);

/** What a dialog can ask for. */
export const callWishes: readonly string[] = ['start_call', 'call_status', 'cancel_call', 'time'];

/** Parameters with a meaning of their own; what else there is, is what the bot has collected. */
export const NOT_COLLECTED = [
  'phone',
  'phoneNumber',
  'salesNumber',
  'topic',
  'name',
  'language',
  'conversationId',
  'at',
  'requestId',
  'timeZone',
  'timezone',
];

/**
 * What a dialog asks for, in the function's own form; undefined where no call is meant. Nothing in it says which agent: the
 * dialog's `salesNumber` is left out.
 */
export function wishOf({ asked, parameters }: Action): Readonly<Record<string, unknown>> | undefined {
  const value = (name: string) => parameters.get(name);
  switch (asked) {
    case 'start_call': {
      const [phone, second = phone] = ['phone', 'phoneNumber'].map(value).filter((text) => text !== undefined);
      if (second !== phone) throw malformed('two numbers');
      const wish = {
        phone: asDialled(phone),
        conversationId: value('conversationId'),
        topic: cut(value('topic')),
        name: cut(value('name')),
        language: value('language'),
        at: value('at'),
      };
      return Object.fromEntries(Object.entries(wish).filter(([, one]) => one !== undefined));
    }
    case 'call_status':
    case 'cancel_call': {
      const requestId = value('requestId');
      if (requestId === undefined) throw malformed('no requestId');
      return asked === 'cancel_call' ? { requestId, cancel: true } : { requestId };
    }
    case 'time':
      return undefined;
    default:
      throw malformed('an unknown request');
  }
}
