import { describe, expect, test } from 'vitest';
import { understanding } from '../../../shared/bots/helpdesk/understand/index.ts';
import { sha256 } from '../../../shared/core/hash.ts';
import { readProjectFile } from '../../repo/tree.ts';
import { play, type SpokenCall } from '../../support/spoken-call.ts';

/**
 * Written by somebody who saw nothing of the helpdesk, before they were played for the first time, and never changed since.
 * What was missed of the first calls has been looked at and mended; of the second nothing has.
 */
const sets = {
  'recognition-errors.json': 'edcc65767c36f6968ef15fe261e9db2bf9c6d2a841097dd714adc9233e36bec7',
  'more-recognition-errors.json': '606d70c7db7c4ddc28d019c9d125aa0c8c92973b61245bf9a9dfdc0c8fbb449f',
};

const LEAST = 0.9;

describe.each(Object.entries(sets))('%s', (file, hash) => {
  const text = readProjectFile(`tests/fixtures/helpdesk/${file}`);
  const { calls }: { readonly calls: readonly SpokenCall[] } = JSON.parse(text);
  const kinds = [...new Set(calls.map(({ kind }) => kind))];

  test('the calls are those of the first run: at least 60, and at least 8 of each kind', () => {
    expect(sha256(text).toString('hex')).toBe(hash);
    expect(calls.length).toBeGreaterThanOrEqual(60);
    expect(kinds.filter((kind) => calls.filter((call) => call.kind === kind).length < 8)).toEqual([]);
  });

  test('nine callers in ten get what they want although they are misheard, and the page about it says how many', async () => {
    const page = readProjectFile('docs/helpdesk.md');
    const faults: string[] = [];
    for (const kind of kinds) {
      const own = calls.filter((call) => call.kind === kind);
      const before = faults.length;
      for (const call of own) {
        const fault = await play(call, understanding);
        if (fault !== undefined) faults.push(`${call.id}: ${fault}`);
      }
      const good = own.length - (faults.length - before);
      expect(page, `${kind}: ${good} of ${own.length}`).toMatch(
        new RegExp(`^\\| ${kind.replace('-', '[- ]')}s? \\| \\d+ \\| ${good} \\| ${own.length} \\|$`, 'm'),
      );
    }
    expect(1 - faults.length / calls.length, faults.join('\n')).toBeGreaterThanOrEqual(LEAST);
  });
});
