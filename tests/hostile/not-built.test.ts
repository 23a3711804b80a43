import { expect, test } from 'vitest';
import { inputs } from './corpus.ts';
import { builtFunctions, isBuilt, laterFunctions } from './not-built.ts';

test('these inputs wait for a function that is not yet built, and no others', () => {
  const waiting = inputs.filter((input) => !isBuilt(input)).map(({ id }) => id);
  expect(waiting).toEqual(['WH-05', 'WH-07', 'WH-09']);
});

test('a function that is there is not waited for', () => {
  expect(laterFunctions.filter((name) => builtFunctions.includes(name))).toEqual([]);
});

test('every input names a call or an event, and no two have one id', () => {
  expect(inputs.filter(({ call, event }) => (call === undefined) === (event === undefined))).toEqual([]);
  expect(new Set(inputs.map(({ id }) => id)).size).toBe(inputs.length);
});
