import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const headers = v.record(v.string(), v.string());

/** A call as the corpus writes it; `call.ts` makes bytes of it. */
const call = v.strictObject({
  method: v.optional(v.string(), 'POST'),
  url: v.string(),
  headers: v.optional(headers, {}),
  contentType: v.optional(v.string()),
  body: v.optional(v.string()),
  json: v.optional(v.unknown()),
  base64: v.optional(v.string()),
  gzip: v.optional(v.strictObject({ repeat: v.string(), times: v.number() })),
  sign: v.optional(
    v.union([
      v.picklist(['form', 'url', 'json']),
      v.strictObject({ token: v.optional(v.string()), url: v.optional(v.string()), form: v.optional(v.string()) }),
    ]),
  ),
});

const texts = v.array(v.string());

const effects = v.strictObject({
  twilioWrites: v.optional(v.number()),
  twilioWritesMax: v.optional(v.number()),
  dbWrites: v.optional(v.union([v.number(), v.literal('same as one delivery')])),
  deskWrites: v.optional(v.number()),
  outboundHttp: v.optional(v.number()),
});

/** What an answer, and what happened meanwhile, must be like. */
const expectation = v.strictObject({
  status: v.optional(v.array(v.number())),
  contentType: v.optional(v.string()),
  bodyIncludes: v.optional(texts),
  bodyIncludesAny: v.optional(texts),
  bodyExcludes: v.optional(texts),
  wellFormedXml: v.optional(v.boolean()),
  redirectQuery: v.optional(v.record(v.string(), texts)),
  redirectQueryAbsent: v.optional(texts),
  twimlExcludes: v.optional(texts),
  twilioRequestExcludes: v.optional(texts),
  headersPresent: v.optional(headers),
  headersAbsent: v.optional(texts),
  jwt: v.optional(
    v.strictObject({
      maxTtl: v.number(),
      identityNot: texts,
      grantsOnly: texts,
      serviceSid: v.literal('configured'),
    }),
  ),
  maxMs: v.optional(v.number()),
  maxBytes: v.optional(v.number()),
  logLines: v.optional(v.number()),
  logIncludes: v.optional(texts),
  logExcludes: v.optional(texts),
  sameAnswer: v.optional(v.boolean()),
  sameMembers: v.optional(texts),
  effects: v.optional(effects),
});

/** The same with the short forms: `is` names an answer that many inputs share, `code` the code of a JSON error. */
const expectationInShort = v.strictObject({
  ...expectation.entries,
  is: v.optional(v.string()),
  code: v.optional(v.string()),
});

const input = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[A-Z]{2}-\d{2,3}$/)),
  about: v.string(),
  function: v.optional(v.string()),
  call: v.optional(call),
  event: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  platform: v.optional(v.picklist(['lambda', 'openwhisk', 'code-engine', 'twilio'])),
  given: v.optional(
    v.strictObject({
      state: v.optional(v.record(v.string(), v.unknown())),
      faults: v.optional(v.record(v.string(), v.string())),
      env: v.optional(v.record(v.string(), v.string())),
      before: v.optional(v.array(call)),
    }),
    {},
  ),
  repeat: v.optional(v.number(), 1),
  concurrent: v.optional(v.boolean(), false),
  expect: expectationInShort,
  afterwards: v.optional(v.array(v.strictObject({ call, expect: expectationInShort })), []),
});

const corpusFile = v.strictObject({
  about: v.string(),
  constants: v.record(v.string(), v.string()),
  clockMs: v.optional(v.number()),
  settings: v.optional(v.record(v.string(), v.string())),
  state: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
  answers: v.record(v.string(), expectation),
  inputs: v.array(input),
});

export type CallSpec = v.InferOutput<typeof call>;
export type Expectation = v.InferOutput<typeof expectation>;
type InputInShort = v.InferOutput<typeof input>;

/** One input, with every short form written out but those of its calls. */
export interface Input extends Omit<InputInShort, 'function' | 'expect' | 'afterwards'> {
  /** The function that the call is for, if it is for one at all. */
  readonly function: string;
  readonly expect: Expectation;
  readonly afterwards: readonly { readonly call: CallSpec; readonly expect: Expectation }[];
}

function read(name: string): v.InferOutput<typeof corpusFile> {
  const file = new URL(`../fixtures/${name}.json`, import.meta.url);
  return v.parse(corpusFile, JSON.parse(readFileSync(file, 'utf8')));
}

const published = read('hostile');
const more = read('hostile-more');

/** What `{{NAME}}` stands for. */
export const constants: Readonly<Record<string, string>> = { ...published.constants, ...more.constants };

/** What every input starts from: the clock, the settings. */
export const corpusClockMs: number = published.clockMs ?? 0;
export const corpusSettings: Readonly<Record<string, string>> = published.settings ?? {};

const answers: Readonly<Record<string, Expectation>> = { ...published.answers, ...more.answers };

function writtenOut({ is, code, ...own }: v.InferOutput<typeof expectationInShort>): Expectation {
  const shared = is === undefined ? {} : answers[is];
  if (!shared) throw new Error(`No answer is called ${is}`);
  return { ...shared, ...(code === undefined ? {} : { bodyIncludes: [`"code":"${code}"`] }), ...own };
}

/** Writes out the constants in every text of an event; a call's are written out when it is sent. */
function eventOf(event: NonNullable<InputInShort['event']>): NonNullable<InputInShort['event']> {
  const text = JSON.stringify(event).replace(/\{\{(\w+)\}\}/g, (whole, name: string) => constants[name] ?? whole);
  return JSON.parse(text) as NonNullable<InputInShort['event']>;
}

function inputOf(short: InputInShort): Input {
  const name = short.function ?? /^\/([a-z-]+)(?:\?|$)/.exec(short.call?.url ?? '')?.[1] ?? '';
  const states = new Map(Object.entries(published.state ?? {}));
  const state = short.given.state ?? states.get(name);
  return {
    ...short,
    ...(short.event ? { event: eventOf(short.event) } : {}),
    function: name,
    given: { ...short.given, ...(state && { state }) },
    expect: writtenOut(short.expect),
    afterwards: short.afterwards.map((step) => ({ call: step.call, expect: writtenOut(step.expect) })),
  };
}

/** Every input of both files, in their order. */
export const inputs: readonly Input[] = [...published.inputs, ...more.inputs].map(inputOf);

/** The name of an input's test. */
export const nameOf = ({ id, about }: Input): string => `${id}: ${about}`;
