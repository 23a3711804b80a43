import type VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';

/** The elements that we write, each with the attributes that Twilio knows for it. */
interface Attributes {
  Dial: VoiceResponse.DialAttributes;
  Enqueue: VoiceResponse.EnqueueAttributes;
  Gather: VoiceResponse.GatherAttributes;
  Hangup: Record<never, never>;
  Leave: Record<never, never>;
  Number: VoiceResponse.NumberAttributes;
  Pause: VoiceResponse.PauseAttributes;
  Play: VoiceResponse.PlayAttributes;
  Record: VoiceResponse.RecordAttributes;
  Redirect: VoiceResponse.RedirectAttributes;
  Say: VoiceResponse.SayAttributes;
  Sip: VoiceResponse.SipAttributes;
  Task: VoiceResponse.TaskAttributes;
}

type Name = keyof Attributes;
type Given<N extends Name> = { readonly [K in keyof Attributes[N]]?: Attributes[N][K] | undefined };
type Value = string | number | boolean | readonly string[] | undefined;

/** One TwiML element with what is in it. Made by `verb` only. */
export interface Verb {
  readonly name: Name;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly content: readonly (Verb | string)[];
}

/** An element: `verb('Dial', { timeout: 20 }, verb('Number', {}, '+15005550006'))`. Undefined attributes are left out. */
export function verb<N extends Name>(name: N, attributes?: Given<N>, ...content: readonly (Verb | string)[]): Verb {
  return { name, attributes: { ...(attributes as Verb['attributes']) }, content };
}

/** What XML 1.0 has no way to write: control characters, lone surrogates, U+FFFE and U+FFFF. */
const UNWRITABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\v\f\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

const escaped = (value: string, characters: RegExp) =>
  value.replace(UNWRITABLE, '').replace(characters, (character) => entities[character] ?? '');

const inText = (text: string) => escaped(text, /[&<>\r]/g);
const inAttribute = (value: string) => escaped(value, /[&<"\t\n\r]/g);

function write({ name, attributes, content }: Verb): string {
  const said = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${inAttribute(Array.isArray(value) ? value.join(' ') : String(value))}"`)
    .join('');
  const inside = content.map((part) => (typeof part === 'string' ? inText(part) : write(part))).join('');
  return inside === '' ? `<${name}${said}/>` : `<${name}${said}>${inside}</${name}>`;
}

/** The whole TwiML answer of a voice function. No verb at all is an empty answer: the call goes on where it was. */
export function twiml(...verbs: readonly Verb[]): string {
  const inside = verbs.map(write).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>${inside === '' ? '<Response/>' : `<Response>${inside}</Response>`}`;
}
