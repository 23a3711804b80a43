import { afterAll, describe } from 'vitest';
import { storeContract } from '../contracts/store.ts';
import { handoverStoreContract } from '../contracts/store-of-handovers.ts';
import { memoryTable } from '../support/memory-table.ts';
import { engineNames, engines, type TestTable } from './engines.ts';

describe('in memory', () => {
  storeContract(async () => memoryTable());
  handoverStoreContract(async () => memoryTable());
});

describe.for(engineNames)('on %s', (name) => {
  let opening: Promise<TestTable> | undefined;
  const open = async () => {
    opening ??= engines[name]();
    return (await opening).table;
  };
  afterAll(async () => (await opening)?.stop());
  storeContract(open);
  handoverStoreContract(open);
});
