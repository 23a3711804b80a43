import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { parseForm } from '../../shared/core/body.ts';
import { twilioCaller, twilioSignature } from '../../shared/core/callers/twilio.ts';
import { defineFunction } from '../../shared/core/function.ts';
import { noContent } from '../../shared/core/reply.ts';
import { settings } from '../../shared/core/settings.ts';
import { toCodeEngine } from '../../shared/runtimes/code-engine.ts';
import { toLambda } from '../../shared/runtimes/lambda.ts';
import { toOpenWhisk } from '../../shared/runtimes/openwhisk.ts';
import { toTwilio } from '../../shared/runtimes/twilio.ts';
import { echo, seer } from '../contracts/runtime.ts';
import { testSettings } from '../support/calls.ts';
import { keepLogLines } from '../support/log-lines.ts';
import type { HttpCall } from '../support/platforms/events.ts';
import * as platforms from '../support/platforms/platforms.ts';

keepLogLines();
Object.assign(process.env, testSettings);

const { partlyBlindPlatforms, seeingPlatforms } = platforms;
const lambda = seeingPlatforms['Lambda behind an HTTP API or a function URL'];
const restApi = partlyBlindPlatforms['Lambda behind a REST API'];
const notRaw = partlyBlindPlatforms['an OpenWhisk web action that is not raw'];
const raw = seeingPlatforms['an OpenWhisk raw web action'];
const codeEngine = seeingPlatforms['Code Engine'];
const twilio = platforms.twilio(testSettings);

const utf8 = (text: string) => new TextEncoder().encode(text);
const jsonType = { 'Content-Type': 'application/json' };
const formType = { 'Content-Type': 'application/x-www-form-urlencoded' };

const call = (change: Partial<HttpCall>): HttpCall => ({
  method: 'POST',
  query: '',
  headers: {},
  body: new Uint8Array(),
  ...change,
});

/** What reached the function. */
async function seen(platform: platforms.Platform, exported: platforms.Exported, sent: Partial<HttpCall>) {
  return JSON.parse((await platform(exported, call(sent))).body).seen;
}

const signed = defineFunction({
  name: 'signed',
  purpose: 'Answers Twilio only',
  calledBy: 'tests',
  methods: ['POST'],
  caller: twilioCaller,
  input: { media: 'form', schema: v.unknown(), names: [] },
  settings: settings({}),
  ports: {},
  deadlineMs: 5_000,
  answer: () => noContent(),
});

const form = 'Called=%2B15005550006';
const signatureOf = (token: string) => twilioSignature(token, '', parseForm(utf8(form)));
const genuine = { 'X-Twilio-Signature': signatureOf(testSettings.TWILIO_AUTH_TOKEN), ...formType };

/** Every sentence stands in docs/runtimes.md as it stands here. */
const hidden: Readonly<Record<string, () => Promise<void>>> = {
  'Twilio Functions: the method. Every call counts as a POST, or as what the function takes': async () => {
    expect(await seen(twilio, toTwilio(seer), { method: 'GET' })).toMatchObject({ method: 'POST' });
  },
  'Twilio Functions: the query apart from the body. They arrive as one, and the body wins': async () => {
    const sent = { query: 'a=1&b=2', headers: jsonType, body: utf8('{"b":3}') };
    expect(await seen(twilio, toTwilio(seer), sent)).toMatchObject({ query: '', value: { a: '1', b: 3 } });
  },
  'Twilio Functions: the raw body. Its gateway checks the signature of protected functions, with the primary auth token only':
    async () => {
      expect(await seen(twilio, toTwilio(seer), { headers: jsonType, body: utf8('{}') })).toMatchObject({
        body: 'hidden',
        trust: 'none',
      });
      expect(await twilio(toTwilio(signed), call({ headers: formType, body: utf8(form) }))).toMatchObject({
        status: 204,
      });
    },
  'Twilio Functions: a name that stands twice in JSON, and JSON that is not an object. The last one counts, the rest is no field':
    async () => {
      const twice = call({ headers: jsonType, body: utf8('{"a":1,"a":2}') });
      expect(JSON.parse((await twilio(toTwilio(echo('json')), twice)).body)).toEqual({ input: { a: 2 } });
      const list = call({ headers: jsonType, body: utf8('[7]') });
      expect(JSON.parse((await twilio(toTwilio(echo('json')), list)).body)).toEqual({ input: { 0: 7 } });
    },
  'Twilio Functions: a form field that comes twice is a list, elsewhere the first counts': async () => {
    const twice = call({ headers: formType, body: utf8('a=1&a=2') });
    expect(JSON.parse((await twilio(toTwilio(echo('form')), twice)).body)).toEqual({ input: { a: ['1', '2'] } });
  },
  'Twilio Functions: text bodies, and the headers of proxies, like X-Forwarded-For, Via, Referer and I-Twilio-Idempotency-Token':
    async () => {
      const headers = { 'I-Twilio-Idempotency-Token': 't', Referer: 'r', 'Content-Type': 'text/plain' };
      const sent = await seen(twilio, toTwilio(seer), { headers, body: utf8('hello') });
      expect(sent.headers).toEqual({ 'content-type': 'text/plain' });
      expect(sent.value).toEqual({});
    },
  'Twilio Functions: all headers, when a field of the body is called request': async () => {
    const sent = { headers: jsonType, body: utf8('{"request":"mine"}') };
    expect(await seen(twilio, toTwilio(seer), sent)).toMatchObject({ headers: {}, value: {} });
  },
  'Lambda behind a REST API: the spelling of the query. It is spelled anew as encodeURIComponent does, repeated names together':
    async () => {
      const sent = await seen(restApi, toLambda(seer), { query: 'a=%7e1+2&b=:&a=3' });
      expect(sent.query).toBe('a=~1%202&a=3&b=%3A');
    },
  'OpenWhisk without raw-http: the raw body and the query. What a signature covers cannot be rebuilt, so Twilio is refused':
    async () => {
      const exported = toOpenWhisk(signed);
      const sent = call({ headers: genuine, body: utf8(form) });
      expect(await notRaw(exported, sent)).toMatchObject({ status: 403 });
      expect(await seen(notRaw, toOpenWhisk(seer), sent)).toMatchObject({
        body: 'hidden',
        value: { Called: '+15005550006' },
      });
    },
  'OpenWhisk as a plain action: everything of HTTP. Whoever invokes it holds its key, and the parameters are the fields':
    async () => {
      const answer = await toOpenWhisk(seer)({ phone: '+15005550006' });
      expect(answer.seen).toMatchObject({
        method: 'POST',
        query: '',
        headers: {},
        body: 'hidden',
        fields: { phone: '+15005550006' },
        trust: 'platform-key',
      });
      expect(await toOpenWhisk(signed)({ Called: '+15005550006' })).toMatchObject({
        error: { code: 'invalid_signature' },
      });
    },
  'Lambda: the bytes of JSON or a text that are not UTF-8': async () => {
    const sent = { headers: jsonType, body: Uint8Array.of(0x22, 0xff, 0x22) };
    const replaced = Buffer.from('"\ufffd"').toString('base64');
    for (const platform of [lambda, restApi]) {
      expect(await seen(platform, toLambda(seer), sent)).toMatchObject({ body: replaced });
    }
  },
  'OpenWhisk and Code Engine: the bytes of a form or a text that are not UTF-8': async () => {
    const sent = { headers: formType, body: Uint8Array.of(0x61, 0xff) };
    const replaced = Buffer.from('a\ufffd').toString('base64');
    expect(await seen(raw, toOpenWhisk(seer), sent)).toMatchObject({ body: replaced });
    expect(await seen(codeEngine, toCodeEngine(seer), sent)).toMatchObject({ body: replaced });
  },
  'Everywhere but on Lambda: the address of the client. Headers that claim to be it are not believed': async () => {
    const sent = { headers: { 'X-Forwarded-For': '203.0.113.9', 'X-Real-Ip': '203.0.113.9' } };
    for (const found of [
      await seen(raw, toOpenWhisk(seer), sent),
      await seen(codeEngine, toCodeEngine(seer), sent),
      await seen(twilio, toTwilio(seer), sent),
    ]) {
      expect(found.sourceAddress).toBeUndefined();
    }
    const onLambda = await seen(restApi, toLambda(seer), sent);
    expect(onLambda.sourceAddress).toBe('198.51.100.7');
  },
};

describe('what a platform keeps to itself', () => {
  test.for(Object.entries(hidden))('%s', ([, shows]) => shows());

  test('is told in docs/runtimes.md, sentence by sentence', () => {
    const doc = readFileSync(new URL('../../docs/runtimes.md', import.meta.url), 'utf8');
    const [, section = ''] = doc.split('## What a platform keeps to itself');
    const listed = [...(section.split('\n## ')[0] ?? '').matchAll(/^- (.+)\.$/gm)].map(([, sentence]) =>
      sentence?.replaceAll('`', ''),
    );
    expect(listed.filter((sentence) => sentence !== undefined && !(sentence in hidden))).toEqual([]);
    expect(Object.keys(hidden).filter((sentence) => !listed.includes(sentence))).toEqual([]);
  });
});
