import { expect, test } from 'vitest';
import { inputs } from './corpus.ts';

test('every input names a call or an event, and no two have one id', () => {
  expect(inputs.filter(({ call, event }) => (call === undefined) === (event === undefined))).toEqual([]);
  expect(new Set(inputs.map(({ id }) => id)).size).toBe(inputs.length);
});
