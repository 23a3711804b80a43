import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { phrasesOf } from '../../../scripts/generate/intents/phrases.ts';
import { understood } from '../../../shared/bots/helpdesk/understand/intent.ts';
import { intents } from '../../../shared/bots/helpdesk/understanding.ts';
import { readProjectFile } from '../../repo/tree.ts';

/** Written by somebody who knew the names of the intents only, before anything was learnt, and never changed since. */
const HELD_BACK = 'tests/fixtures/helpdesk/held-back.json';
const HELD_BACK_SHA256 = 'f3ad848f7d04a2ee84d0a0647e7f2a07e20224723420633e187bb3d9c2f3da24';

const phrasesIn = (file: string) =>
  Object.entries<readonly string[]>(JSON.parse(readProjectFile(file))).flatMap(([intent, phrases]) =>
    phrases.map((phrase) => ({ intent, phrase })),
  );

test('the phrases that are held back are those of the first run', () => {
  expect(createHash('sha256').update(readProjectFile(HELD_BACK)).digest('hex')).toBe(HELD_BACK_SHA256);
  const phrases = phrasesIn(HELD_BACK);
  expect(intents.filter((intent) => phrases.filter((one) => one.intent === intent).length < 15)).toEqual([]);
});

test('what was learnt is at most 150 KB of the bundle', () => {
  expect(Buffer.byteLength(readProjectFile('shared/bots/helpdesk/understand/model.ts'))).toBeLessThanOrEqual(150_000);
});

test('a line of phrases stands for all of its choices, each of them at least once', () => {
  const doors = ['close the door', 'close the door please', 'open the door', 'open the door please'];
  expect(phrasesOf('(open|close) the door (please|)').toSorted()).toEqual(doors);
  const many = phrasesOf('(a|b|c|d|e) (a|b|c|d|e) (a|b|c|d|e)');
  expect(many.length).toBeLessThan(5 ** 3);
  for (const place of [0, 2, 4]) expect(new Set(many.map((phrase) => phrase[place])).size).toBe(5);
});

test.for([
  [HELD_BACK, 0.95],
  ['tests/fixtures/helpdesk/development.json', 0.98],
] as const)('of %s at least a share of %d is understood', ([file, least]) => {
  const phrases = phrasesIn(file);
  const missed = phrases
    .map(({ intent, phrase }) => ({ intent, phrase, got: understood(phrase) }))
    .filter(({ intent, got }) => got.intent !== intent);
  const list = missed.map(({ intent, phrase, got }) => `${intent}: ${phrase} (${got.intent}, ${got.confidence})`);
  expect(1 - missed.length / phrases.length, list.join('\n')).toBeGreaterThanOrEqual(least);
});
