import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The numbers that a pattern finds, in order, each once. */
function numbers(text: string, pattern: RegExp): readonly number[] {
  return [...new Set([...text.matchAll(pattern)].map(([, number]) => Number(number)))];
}

const places = {
  'the comments of the ports': numbers(
    [
      'shared/core/table.ts',
      'shared/core/handover/context.ts',
      'shared/core/handover/openings.ts',
      'shared/core/call/due-calls.ts',
      'shared/core/handover/reminders.ts',
      'shared/core/erase/erasures.ts',
      'shared/core/voice-bot/voice-turns.ts',
    ]
      .map(read)
      .join('\n'),
    /\bAP(\d+): /g,
  ),
  'the access pattern page': numbers(read('shared/store/README.md'), /^\| (\d+) \|/gm),
  'the tests of requests': numbers(
    ['tests/store/requests.test.ts', 'tests/store/requests-of-handovers.test.ts'].map(read).join('\n'),
    /^test\('AP(\d+) /gm,
  ),
};

test('ports, page and tests number the access patterns alike', () => {
  const all = Array.from({ length: 42 }, (_, index) => index + 1);
  for (const found of Object.values(places)) expect(found).toEqual(all);
});

test('every attribute and every kind of key in the store is on the page', () => {
  const page = read('shared/store/README.md');
  const keys = read('shared/store/keys.ts');
  const heads = [...keys.matchAll(/join\('([A-Z]+)'/g)].map(([, head]) => head ?? '');
  expect(heads.length).toBeGreaterThan(14);
  expect(heads.filter((head) => !page.includes(`${head}#`))).toEqual([]);
  const files = ['states', 'transcripts', 'outbox', 'once', 'call-progress', 'rates', 'contexts', 'due-list'];
  const attributes = files.flatMap((file) =>
    [...read(`shared/store/${file}.ts`).matchAll(/#(\w+) (?:=|<|<=|>|IN)/g)].map(([, name]) => name ?? ''),
  );
  expect(attributes.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('a number that is missing in one place is noticed', () => {
  expect(numbers("/** AP1: a */ /** AP3: b */ test('AP2 ", /\bAP(\d+): /g)).toEqual([1, 3]);
});
