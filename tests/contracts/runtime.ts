import fc from 'fast-check';
import * as v from 'valibot';
import { type AnyFunction, type Caller, defineFunction } from '../../shared/core/function.ts';
import { headerMap, type Inbound } from '../../shared/core/inbound.ts';
import { start } from '../../shared/core/pipeline.ts';
import { Problem } from '../../shared/core/problems.ts';
import { json, noContent, type Reply, xml } from '../../shared/core/reply.ts';
import { type Env, settings } from '../../shared/core/settings.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import type { HttpCall } from '../support/platforms/events.ts';
import type { HttpAnswer } from '../support/platforms/platforms.ts';

const noSettings = settings({});
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

function seenOf({ body, ...inbound }: Inbound) {
  return { ...inbound, body: body === undefined ? 'hidden' : Buffer.from(body).toString('base64') };
}

const telling: Caller<never, object> = {
  kind: 'token',
  settings: noSettings,
  needsRawBody: false,
  async check({ inbound, content }) {
    const seen = { ...seenOf(inbound), value: content.value, problem: content.problem?.code };
    throw new Problem('forbidden', { extra: { seen } });
  },
};

/** Refuses every call and says what reached it, before and after the body was taken apart. */
export const seer: AnyFunction = defineFunction({
  name: 'seer',
  purpose: 'Says what reaches a function',
  calledBy: 'tests',
  methods,
  caller: telling,
  input: { media: 'form', schema: v.unknown(), names: [] },
  settings: noSettings,
  ports: {},
  deadlineMs: 5_000,
  answer: () => noContent(),
});

const anybody = (kind: Caller<string, object>['kind']): Caller<string, object> => ({
  kind,
  settings: noSettings,
  needsRawBody: false,
  check: async () => 'anybody',
});

const answers: Readonly<Record<string, (input: unknown) => Reply>> = {
  json: (input) => json(200, { input }, { 'cache-control': 'no-store' }),
  accepted: (input) => json(202, { input }),
  twiml: (input) => xml(`<Response><Say>${JSON.stringify(input).replace(/[<>&]/g, '.')} é 漢 😀</Say></Response>`),
  page: () => ({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>é 漢 😀</p>' }),
  nothing: () => noContent(),
  refusal: () => {
    throw new Problem('rate_limited', { retryAfterSec: 7 });
  },
  bug: () => {
    throw new TypeError('an insight into our insides');
  },
};

/** Answers in the manner that the call asks for by `x-answer`, with the input it was given. */
export const echo = (media: 'form' | 'json', kind: Caller<string, object>['kind'] = 'token'): AnyFunction =>
  defineFunction({
    name: 'echo',
    purpose: 'Answers with what it was given',
    calledBy: 'tests',
    methods,
    caller: anybody(kind),
    input: { media, schema: v.record(v.string(), v.unknown()), names: [] },
    settings: noSettings,
    ports: {},
    deadlineMs: 5_000,
    answer: ({ input, inbound }) => (answers[inbound.headers['x-answer'] ?? 'json'] ?? noContent)(input),
  });

/** What the function itself answers when nothing stands between it and the client. The yardstick for every platform. */
export async function directly(fn: AnyFunction, call: HttpCall, env: Env = {}): Promise<HttpAnswer> {
  const handle = start(fn, { env, clock: systemClock, write: () => {} });
  const reply = await handle({
    ...call,
    headers: headerMap(call.headers),
    fields: undefined,
    trust: 'none',
    sourceAddress: undefined,
  });
  return withoutId({ status: reply.status, headers: { ...reply.headers }, body: reply.body });
}

/** Two answers to equal calls differ in the id of the error and in the address that some platforms tell. */
export function withoutId(answer: HttpAnswer): HttpAnswer {
  const body = answer.body
    .replace(/"id":"[0-9a-f-]{36}"/, '"id":""')
    .replace(/"sourceAddress":"198\.51\.100\.7",?/, '');
  return { ...answer, headers: { ...answer.headers }, body };
}

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
const visible = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const anyHeaders = fc
  .uniqueArray(fc.tuple(token, visible), { maxLength: 5, selector: ([name]) => name.toLowerCase() })
  .map((pairs) => Object.fromEntries(pairs.map(([name, value]) => [`X-Own-${name}`, value])));

const pairs = (max: number) =>
  fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), { maxLength: max });
const query = fc.oneof(
  pairs(4).map((list) => new URLSearchParams(list).toString()),
  fc.stringMatching(/^[A-Za-z0-9=&%+:;,/?@!$'()*._~-]{0,30}$/),
);

/** A body and its type, in the letters that a client might choose. */
interface Content {
  readonly type: string;
  readonly body: Uint8Array;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const parameter = fc.constantFrom('', '; charset=utf-8', ';charset="UTF-8"');
const content = (type: string, body: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Content> =>
  fc.record({ type: parameter.map((rest) => type + rest), body });

const jsonContent = content('application/json', fc.json({ stringUnit: 'grapheme' }).map(utf8));
const formContent = content(
  'application/x-www-form-urlencoded',
  fc.oneof(
    pairs(8).map((list) => utf8(new URLSearchParams(list).toString())),
    fc.string({ unit: 'grapheme' }).map(utf8),
  ),
);
const textContent = content('text/plain', fc.string({ unit: 'grapheme' }).map(utf8));
const binaryContent = content('application/octet-stream', fc.uint8Array({ maxLength: 200 }));

const answer = fc.constantFrom(...Object.keys(answers));

/** Calls with every method, query, header and body that a client can send. */
export const anyCall: fc.Arbitrary<HttpCall> = fc
  .record({
    method: fc.constantFrom(...methods),
    query,
    headers: anyHeaders,
    content: fc.option(fc.oneof(jsonContent, formContent, textContent, binaryContent), { nil: undefined }),
    answer,
  })
  .map(({ method, query, headers, content, answer }) => ({
    method,
    query,
    headers: { ...headers, 'X-Answer': answer, ...(content ? { 'Content-Type': content.type } : {}) },
    body: content?.body ?? new Uint8Array(),
  }));

const names = fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !['request', '__proto__'].includes(name));
const namedJson = fc.dictionary(names, fc.jsonValue(), { noNullPrototype: true }).map((value) => JSON.stringify(value));
const namedForm = fc
  .uniqueArray(fc.tuple(names, fc.string({ unit: 'grapheme' })), { selector: ([name]) => name })
  .map((list) => new URLSearchParams(list).toString());

/** POSTs of a form or a JSON object in which every name stands once: what each platform understands. */
export const namedCall: fc.Arbitrary<HttpCall> = fc
  .record({
    headers: anyHeaders,
    content: fc.oneof(
      content('application/json', namedJson.filter((text) => !text.includes('__proto__')).map(utf8)),
      content('application/x-www-form-urlencoded', namedForm.map(utf8)),
    ),
    answer,
  })
  .map(({ headers, content, answer }) => ({
    method: 'POST',
    query: '',
    headers: { ...headers, 'X-Answer': answer, 'Content-Type': content.type },
    body: content.body,
  }));
