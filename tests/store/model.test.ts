import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryTable } from '../support/memory-table.ts';
import { engineNames, engines, type TestTable } from './engines.ts';
import { steps } from './steps.ts';

describe.for(engineNames)('on %s', (name) => {
  let opened: TestTable;
  beforeAll(async () => {
    opened = await engines[name]();
  });
  afterAll(() => opened.stop());

  test('whatever is done in whatever order, the table answers like the model', async () => {
    await fc.assert(
      fc.asyncProperty(steps(20, 60), async (plan) => {
        const run = `${randomUUID()}:`;
        const model = memoryTable();
        for (const step of plan) expect(await step(opened.table, run)).toEqual(await step(model, run));
      }),
      { numRuns: 25 },
    );
  });
});
