import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundlePath, notBuiltBecause, type Runtime, root } from '../../scripts/build/bundle.ts';
import { readFunctions } from '../../scripts/build/functions.ts';
import { build } from '../../scripts/build.ts';
import type { AnyFunction } from '../../shared/core/function.ts';
import { directly, withoutId } from '../contracts/runtime.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { keepLogLines } from '../support/log-lines.ts';
import { startDynaliteTable } from '../support/platforms/dynalite-table.ts';
import type { HttpCall } from '../support/platforms/events.ts';
import { everySetting } from '../support/platforms/every-setting.ts';
import {
  type Exported,
  type Platform,
  partlyBlindPlatforms,
  seeingPlatforms,
  twilio,
} from '../support/platforms/platforms.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

keepLogLines();
const folder = temporaryFolder();
const functions = (await readFunctions(join(root, 'functions'))).map(({ fn }) => fn);
const engine = await startDynaliteTable();
afterAll(() => engine.stop());

const env = everySetting(functions, engine.endpoint);
Object.assign(process.env, env);
beforeAll(() => build({ outFolder: folder }), 120_000);

const loaded = createRequire(join(folder, 'here.js'));
const exported = (fn: AnyFunction, runtime: Runtime): Exported => {
  const { handler, main } = loaded(`./${bundlePath(fn, runtime)}`);
  return handler ?? main;
};

const post = (headers: Record<string, string>, body: string): HttpCall => ({
  method: 'POST',
  query: '',
  headers,
  body: new TextEncoder().encode(body),
});
const json = { 'Content-Type': 'application/json' };
const bot = { ...json, Authorization: testSettings.BOT_ACCESS_TOKEN };
const desk = { ...json, Authorization: `Bearer ${testSettings.DESK_API_KEY}` };

function signed(fn: AnyFunction, fields: Record<string, string>): HttpCall {
  const { method, query, headers, body } = twilioCall(fn.name, fields);
  return { method, query, headers, body: body ?? new Uint8Array() };
}

const call = { CallSid: 'CA00000000000000000000000000000001', Called: '+15005550006', From: '+15005550001' };

/** Calls that have the same answer whenever they come, for any function; what platforms hide plays no part in them. */
const understoodByAll: Readonly<Record<string, (fn: AnyFunction) => HttpCall>> = {
  'signed by Twilio': (fn) => signed(fn, call),
  'signed by Twilio, with nothing in it': (fn) => signed(fn, { CallSid: 'x' }),
  'JSON without a key': () => post(json, '{}'),
  'JSON with a wrong key': () => post({ ...json, Authorization: 'Bearer wrong' }, '{"conversationId":"c-1"}'),
  'JSON of a bot with a field that nobody knows': () => post(bot, '{"unknown":1}'),
  'JSON of a desk with a field that nobody knows': () => post(desk, '{"eventType":"message","unknown":1}'),
};

const understoodByMost: typeof understoodByAll = {
  ...understoodByAll,
  'with a wrong signature': (fn) => ({ ...signed(fn, call), body: new TextEncoder().encode('Called=%2B15005550007') }),
  empty: () => post({}, ''),
  'by GET': () => ({ ...post({}, ''), method: 'GET' }),
  'by OPTIONS of a page that may ask': () => ({
    ...post({ Origin: testSettings.ALLOWED_ORIGINS }, ''),
    method: 'OPTIONS',
  }),
  'of a bot, with JSON cut off': () => post(bot, '{"conversationId":'),
  'of a bot, with a name that stands twice': () => post(bot, '{"text":"a","text":"b"}'),
};

const runtimeOf: Readonly<Record<string, Runtime>> = {
  'Lambda behind an HTTP API or a function URL': 'lambda',
  'Lambda behind a REST API': 'lambda',
  'an OpenWhisk raw web action': 'openwhisk',
  'Code Engine': 'code-engine',
  'Twilio Functions': 'twilio',
};
const seeing = { ...seeingPlatforms, 'Lambda behind a REST API': partlyBlindPlatforms['Lambda behind a REST API'] };

describe.for(functions.map((fn) => ({ name: fn.name, fn })))('$name', ({ fn }) => {
  const cases = (calls: typeof understoodByAll) =>
    Object.entries(calls).map(([what, make]) => ({ what, call: make(fn) }));

  async function expectSame(platform: Platform, runtime: Runtime, what: string, call: HttpCall) {
    const { status, headers, body } = withoutId(await platform(exported(fn, runtime), call));
    expect(status, what).toBeLessThan(500);
    expect({ what, status, headers, body }).toEqual({ what, ...(await directly(fn, call, process.env)) });
  }

  test.for(Object.entries(seeing))('the bundle answers as the function does: %s', async ([name, platform]) => {
    for (const { what, call } of cases(understoodByMost)) {
      await expectSame(platform, runtimeOf[name] as Runtime, what, call);
    }
  });

  test.runIf(!notBuiltBecause(fn, 'twilio'))('the bundle answers as the function does: Twilio Functions', async () => {
    const calls = cases(understoodByAll).filter(({ what }) => fn.caller.kind !== 'twilio' || what.startsWith('signed'));
    // The platform does not tell the method.
    const method = fn.methods.includes('POST') ? 'POST' : (fn.methods[0] ?? '');
    for (const { what, call } of calls) await expectSame(twilio(env), 'twilio', what, { ...call, method });
  });
});
