import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnyFunction } from '../../shared/core/function.ts';
import { findFunctions } from '../../stage/functions.ts';
import { readProjectFile } from '../repo/tree.ts';
import { callOf } from './call.ts';
import { type Input, inputs, nameOf } from './corpus.ts';
import type { Answer } from './expectations.ts';
import { openPlatformStage, type PlatformStage } from './platform-way.ts';
import { platformNames, platformOfEvent, platforms } from './platforms.ts';
import { play } from './play.ts';

const functions = new Map<string, AnyFunction>((await findFunctions()).map((fn) => [fn.name, fn]));
const hidden = new Set<string>();

let stage: PlatformStage;
beforeAll(async () => {
  stage = await openPlatformStage();
});
afterAll(() => stage.close());

const before = Object.getOwnPropertyNames(Object.prototype);

/** An answer without what is new in every one: ids, tokens, the time until which they hold. */
function likeness({ status, headers, body }: Answer): unknown {
  const { 'content-type': type, 'cache-control': cache, vary, ...others } = headers;
  const alike = body
    .replace(/"id":"[^"]+"/g, '"id":"ID"')
    .replace(/\b[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-8[\da-f]{3}-0{12}\b/g, 'ID')
    .replace(/\b[hr][a-z2-7]{16}\b/g, 'OUR-ID')
    .replace(/\bCH[\da-f]{32}\b/g, 'CHAT')
    .replace(/\b(?:eyJ|WyJ)[\w.-]+/g, 'TOKEN');
  return { status, type, cache, vary, origin: others['access-control-allow-origin'], body: alike };
}

function platformsOf(input: Input): readonly string[] {
  if (!input.call) return [input.platform ? platformNames[input.platform] : platformOfEvent(input.event ?? null)];
  const fn = functions.get(input.function);
  const call = callOf(input.call);
  return Object.entries(platforms).flatMap(([name, platform]) => {
    if (platform.refuses(call)) return [];
    const why = fn && platform.hides(call, fn, input.given.env ?? {});
    if (why) hidden.add(why);
    return why ? [] : [name];
  });
}

/** Calls of a function that is there; what a partner does to us is the same on every platform. */
const onPlatforms = inputs.filter(
  (input) => functions.has(input.function) && (!input.given.faults || input.event !== undefined),
);

/** So many calls are the work of a test on one platform alone. */
const MANY = 20;

/** What each test plays, and where. */
const plays = onPlatforms.flatMap((input): readonly (readonly [string, Input, readonly string[]])[] => {
  const names = platformsOf(input);
  if (input.repeat < MANY) return [[nameOf(input), input, names]];
  return names.map((name) => [`${nameOf(input)}, on ${name}`, input, [name]]);
});

/** The answer on the first platform, which all others must give as well. */
const firstAnswers = new Map<Input, string>();

test.for(plays)('%s', async ([, input, names]) => {
  const faults: string[] = [];
  for (const name of names) {
    const platform = platforms[name];
    if (!platform) throw new Error(`there is no platform ${name}`);
    const played = await play(input, stage.on(platform));
    faults.push(...played.faults.map((fault) => `${name}: ${fault}`));
    // Later deliveries also depend on what a partner did meanwhile; of many at once it is chance which is the first.
    const compared = input.concurrent ? [] : played.answers.slice(0, 1);
    const answer = JSON.stringify(compared.map(likeness));
    const first = firstAnswers.get(input) ?? answer;
    firstAnswers.set(input, first);
    if (answer !== first) faults.push(`${name}: ${answer} is not ${first}`);
  }
  expect(faults, faults.join('\n')).toEqual([]);
});

test('what a platform hides is written down', () => {
  const page = readProjectFile('docs/runtimes.md');
  expect([...hidden].filter((sentence) => !page.includes(sentence))).toEqual([]);
});

test('after all of it the prototype of every object is as it was', () => {
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});
