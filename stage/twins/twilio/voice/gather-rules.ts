type Attributes = Readonly<Record<string, string>>;

/** How a `<Gather>` listens. */
export interface GatherFor {
  readonly keys: boolean;
  readonly words: boolean;
  /** Before anything is entered, and after each key that does not end it. */
  readonly timeoutSec: number;
  /** After the last word. */
  readonly speechTimeoutSec: number;
  /** Undefined is any number. */
  readonly numDigits: number | undefined;
  readonly finishOnKey: string;
  readonly bargeIn: boolean;
  /** `action` is asked also when nothing was entered. */
  readonly onEmpty: boolean;
}

const TIMEOUT_SEC = 5;
/** `auto` ends at a pause in speech; Twilio says of none how long it is. */
const AUTO_SEC = 1;
const MOST_HINTS = 500;
const LONGEST_HINT = 100;

const isPositive = (value: string) => /^[1-9]\d*$/.test(value);
const isBoolean = (value: string) => value === 'true' || value === 'false';
/** A language with a country; Chinese may stand without one. */
const isLanguage = (value: string) => /^[a-z]{2,3}(-[A-Za-z]{4})?-[A-Z]{2}$|^zh$|^pa-guru-IN$/.test(value);
const models = [
  ...['default', 'numbers_and_commands', 'phone_call'],
  ...['experimental_conversations', 'experimental_utterances'],
];
const isModel = (value: string) => models.includes(value) || /^(googlev2|deepgram)_[a-z0-9_-]+$/.test(value);

function areHints(value: string): boolean {
  const hints = value.split(',').map((hint) => hint.trim());
  return hints.length <= MOST_HINTS && hints.every((hint) => hint.length <= LONGEST_HINT);
}

/**
 * By attribute: the code of its warning, and which values it takes. Source: Twilio's page on Gather and its warnings 13310 to
 * 13339, read 2026-11-28; `input` has none of its own, so it is that of TwiML that does not fit.
 */
const rules: Readonly<Record<string, readonly [number, (value: string, all: Attributes) => boolean]>> = {
  input: [12200, (value) => ['dtmf', 'speech', 'dtmf speech', 'speech dtmf'].includes(value)],
  finishOnKey: [13310, (value) => /^[0-9#*]?$/.test(value)],
  timeout: [13313, isPositive],
  numDigits: [13314, isPositive],
  // With a model of one's own choice Twilio takes seconds only.
  speechTimeout: [13327, (value, { speechModel }) => isPositive(value) || (value === 'auto' && !speechModel)],
  hints: [13330, areHints],
  language: [13331, isLanguage],
  bargeIn: [13332, isBoolean],
  profanityFilter: [13333, isBoolean],
  speechModel: [13334, isModel],
  actionOnEmptyResult: [13338, isBoolean],
  enhanced: [13339, isBoolean],
};

/** With one of these Twilio does not listen at all; of any other it takes the default. */
const FATAL = ['language', 'speechModel'];

const fits = (name: string, attributes: Attributes) => {
  const value = attributes[name];
  return value === undefined || !Object.hasOwn(rules, name) || rules[name]?.[1](value, attributes) === true;
};

/** What Twilio's debugger would say of the attributes of a `<Gather>`. */
export function gatherFaults(attributes: Attributes): readonly { readonly code: number; readonly says: string }[] {
  return Object.entries(rules)
    .filter(([name]) => !fits(name, attributes))
    .map(([name, [code]]) => ({ code, says: `Gather has an invalid ${name}` }));
}

/** How it listens. Undefined: it cannot. */
export function gatherFor(attributes: Attributes): GatherFor | undefined {
  if (FATAL.some((name) => !fits(name, attributes))) return undefined;
  const given = (name: string) => (fits(name, attributes) ? attributes[name] : undefined);
  const {
    input = 'dtmf',
    timeout,
    speechTimeout,
    numDigits,
  } = Object.fromEntries(['input', 'timeout', 'speechTimeout', 'numDigits'].map((name) => [name, given(name)]));
  const timeoutSec = timeout === undefined ? TIMEOUT_SEC : Number(timeout);
  return {
    keys: input.includes('dtmf'),
    words: input.includes('speech'),
    timeoutSec,
    speechTimeoutSec:
      speechTimeout === undefined ? timeoutSec : speechTimeout === 'auto' ? AUTO_SEC : Number(speechTimeout),
    numDigits: numDigits === undefined ? undefined : Number(numDigits),
    finishOnKey: given('finishOnKey') ?? '#',
    bargeIn: given('bargeIn') !== 'false',
    onEmpty: given('actionOnEmptyResult') === 'true',
  };
}
