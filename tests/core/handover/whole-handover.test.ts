import { expect, test } from 'vitest';
import { readHandover } from '../../../shared/core/handover/whole-handover.ts';
import { memoryTable } from '../../support/memory-table.ts';

test('what is told under a name that is linked counts, two links deep and no further', async () => {
  const { contexts } = memoryTable();
  for (const [name, next] of [
    ['h', 'leg'],
    ['leg', 'session'],
    ['session', 'elsewhere'],
  ] as const)
    await contexts.link(name, next, 1);
  await contexts.tell('session', 'bot', { topic: 'Lamps' }, 1);
  await contexts.tell('elsewhere', 'bot', { topic: 'Tables', reason: 'of somebody else' }, 1);
  expect(await readHandover(contexts, 'h')).toMatchObject({ facts: { topic: 'Lamps' } });
  expect((await readHandover(contexts, 'h'))?.facts.reason).toBeUndefined();
});

test('of names without end a dozen is read', async () => {
  const { contexts } = memoryTable();
  const reads: string[] = [];
  for (let n = 0; n < 40; n++) await contexts.link('h', `s-${n}`, 1);
  const counting = {
    ...contexts,
    read(name: string) {
      reads.push(name);
      return contexts.read(name);
    },
  };
  expect((await readHandover(counting, 'h'))?.conversations).toHaveLength(12);
  expect(reads.length).toBeLessThanOrEqual(13);
});
