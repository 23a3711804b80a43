import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnyFunction } from '../../shared/core/function.ts';
import { toCodeEngine } from '../../shared/runtimes/code-engine.ts';
import { toLambda } from '../../shared/runtimes/lambda.ts';
import { toOpenWhisk } from '../../shared/runtimes/openwhisk.ts';
import { toTwilio } from '../../shared/runtimes/twilio.ts';
import { anyCall, directly, echo, namedCall, seer, withoutId } from '../contracts/runtime.ts';
import { keepLogLines } from '../support/log-lines.ts';
import type { HttpCall } from '../support/platforms/events.ts';
import {
  type Exported,
  type Platform,
  partlyBlindPlatforms,
  seeingPlatforms,
  twilio,
} from '../support/platforms/platforms.ts';

keepLogLines();

const adapters: Readonly<Record<string, (fn: AnyFunction) => Exported>> = {
  'Lambda behind an HTTP API or a function URL': toLambda,
  'Lambda behind a REST API': toLambda,
  'an OpenWhisk raw web action': toOpenWhisk,
  'an OpenWhisk web action that is not raw': toOpenWhisk,
  'Code Engine': toCodeEngine,
  'Twilio Functions': toTwilio,
};

async function expectSame(platform: Platform, exported: Exported, fn: AnyFunction, call: HttpCall) {
  expect(withoutId(await platform(exported, call))).toEqual(await directly(fn, call));
}

/** Every call of the kind is answered as the function answers it itself, whether it takes a form or JSON. */
async function answersAlike(name: string, platform: Platform, calls: fc.Arbitrary<HttpCall>) {
  const functions = { form: echo('form'), json: echo('json') };
  const exported = { form: adapters[name]?.(functions.form), json: adapters[name]?.(functions.json) };
  const property = fc.asyncProperty(fc.constantFrom('form', 'json'), calls, (media, call) =>
    expectSame(platform, exported[media] as Exported, functions[media], call),
  );
  await fc.assert(property, { numRuns: 300 });
}

describe.for(Object.entries(seeingPlatforms))('%s', ([name, platform]) => {
  test('a function sees every call as the client sent it', async () => {
    const exported = adapters[name]?.(seer) as Exported;
    const property = fc.asyncProperty(anyCall, (call) => expectSame(platform, exported, seer, call));
    await fc.assert(property, { numRuns: 300 });
  });

  test('every call is answered as the function answers it', () => answersAlike(name, platform, anyCall));
});

const others = { ...partlyBlindPlatforms, 'Twilio Functions': twilio({}) };

test.for(Object.entries(others))(
  '%s: a POST with named fields is answered as the function answers it',
  ([name, platform]) => answersAlike(name, platform, namedCall),
);
