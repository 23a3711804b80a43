import { expect, test } from 'vitest';
import { targets } from '../../scripts/deploy/targets.ts';
import { docFaults, type Named } from './doc-rules.ts';
import { projectFiles, readProjectFile } from './tree.ts';

/** Names in capitals that pages use and no function reads: Twilio's own, and those of the tools. */
const otherNames = ['ACCOUNT_SID', 'AUTH_TOKEN', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'CODE_ENGINE_REGION'];

const named: Named = {
  files: projectFiles,
  settings: [
    ...[...readProjectFile('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name),
    ...Object.values(targets).flatMap(({ needs }) => Object.keys(needs)),
    ...otherNames,
  ],
  scripts: Object.keys(JSON.parse(readProjectFile('package.json')).scripts),
};

const pages = projectFiles.filter((file) => file.endsWith('.md'));

test.for(pages)('%s names only what is there', (file) => {
  expect(docFaults(file, readProjectFile(file), named)).toEqual([]);
});

const small: Named = {
  files: ['README.md', 'docs/a.md', 'shared/core/b.ts'],
  settings: ['DESK_API_KEY'],
  scripts: ['check'],
};

test.for([
  ['README.md', '[a](docs/missing.md)', 'there is no docs/missing.md'],
  ['docs/a.md', '[a](missing.md)', 'there is no docs/missing.md'],
  ['docs/a.md', '[a](../shared/missing.ts#x)', 'there is no shared/missing.ts'],
  ['README.md', 'see `shared/missing/`', 'there is no shared/missing/'],
  ['README.md', 'see `missing.ts`', 'no file is called missing.ts'],
  ['README.md', 'set `DESK_KEY`', 'no setting is called DESK_KEY'],
  ['README.md', 'run `npm run chekc`', 'there is no npm run chekc'],
] as const)('a planted name of nothing is found: %s %s', ([file, page, fault]) => {
  expect(docFaults(file, page, small)).toEqual([fault]);
});

test('what is there, outside, or a pattern is no fault', () => {
  const page =
    '[a](docs/a.md#x) [b](https://example.com/b.md) [c](#c) `shared/core/` `b.ts` `DESK_API_KEY` `npm run check` `dist/{name}.js` `/a.ts/x`';
  expect(docFaults('README.md', page, small)).toEqual([]);
});
