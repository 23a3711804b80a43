import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/build/bundle.ts';
import { envExample } from '../../scripts/generate/env-example.ts';
import { withFunctionsTable } from '../../scripts/generate/functions-table.ts';
import { generated } from '../../scripts/generate.ts';
import { optional, required, settings, text } from '../../shared/core/settings.ts';
import { echo } from '../contracts/runtime.ts';

test.for(Object.entries(await generated()))('%s is what npm run generate writes', ([path, wanted]) => {
  const file = join(root, path);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(wanted);
});

test('.env.example tells a setting once, with everybody who uses it, and never a secret', () => {
  const shared = { ROPE: required(text(), { is: 'what holds', secret: true, example: 'not told' }) };
  const first = { ...echo('json'), name: 'first', settings: settings(shared) };
  const own = optional(text(), 'blue', { is: 'what it looks like', example: 'green' });
  const second = { ...echo('json'), name: 'second', settings: settings({ ...shared, COLOUR: own }) };
  const made = envExample([first, second]);
  expect(made).toContain('# what holds\n# needed, secret; used by every function\nROPE=\n');
  expect(made).toContain('# what it looks like\n# optional; used by second\n# example: green\nCOLOUR=\n');
  expect(made.match(/^ROPE=/gm)).toHaveLength(1);
});

test('the README keeps everything around its table', () => {
  const readme = 'before\n<!-- functions -->\nold\n<!-- /functions -->\nafter\n';
  const made = withFunctionsTable(readme, [echo('json')]);
  expect(made).toMatch(
    /^before\n<!-- functions -->\n\| function .*\n\| --- .*\n\| \[`echo`\]\(functions\/echo\.ts\) \| .* \| tests \| 5 s \|\n<!-- \/functions -->\nafter\n$/,
  );
});
