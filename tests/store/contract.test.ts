import { afterAll, describe } from 'vitest';
import { storeContract } from '../contracts/store.ts';
import { memoryTable } from '../support/memory-table.ts';
import { engineNames, engines, type TestTable } from './engines.ts';

describe('in memory', () => {
  storeContract(async () => memoryTable());
});

describe.for(engineNames)('on %s', (name) => {
  let opened: TestTable | undefined;
  afterAll(() => opened?.stop());
  storeContract(async () => {
    opened = await engines[name]();
    return opened.table;
  });
});
