import { expect, test } from 'vitest';
import { projectFiles, readProjectFile } from './tree.ts';

interface WordRule {
  readonly says: string;
  readonly files: RegExp;
  readonly pattern: RegExp;
}

const CODE = /\.(ts|mjs|js|json|yml|md|sh)$|^\.ci\//;
const TESTS = /\.test\.ts$/;

const rules: readonly WordRule[] = [
  { says: 'work left undone', files: CODE, pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/ },
  {
    says: 'a path of somebody’s machine',
    files: CODE,
    pattern: /(?<![\w.])\/(?:home|Users|root|work)\/\w|[A-Z]:\\\\?Users/,
  },
  {
    says: 'a test that does not run, or that keeps others from running',
    files: TESTS,
    pattern: /\.(?:skip|only|todo)\b|\b(?:xit|xtest|fit|fdescribe|xdescribe)\(/,
  },
  { says: 'a module replaced in a test', files: TESTS, pattern: /\bvi\.(?:mock|doMock|stubGlobal)\(/ },
  {
    says: 'a class of Unicode in a literal, which every start reads: use latePattern',
    files: /^(?:shared|functions)\/.*\.ts$/,
    pattern: /(?<!raw`[^`\n]*)\/[^/`\n]*\\[pP]\{[^`\n]*\/[dgimsvy]*[uv]/,
  },
  { says: 'a check switched off without a reason', files: CODE, pattern: /@ts-(?:ignore|nocheck)|\bas any\b/ },
];

/** Files that speak of the words themselves. */
const SELF = 'tests/repo/words.test.ts';

function wordFaults(file: string, text: string): readonly string[] {
  return rules.filter(({ files, pattern }) => files.test(file) && pattern.test(text)).map(({ says }) => says);
}

test('no file holds words that must not stay', () => {
  const read = projectFiles.filter((file) => CODE.test(file) && file !== SELF && !file.endsWith('package-lock.json'));
  const faults = read.flatMap((file) => wordFaults(file, readProjectFile(file)).map((says) => `${file}: ${says}`));
  expect(faults).toEqual([]);
});

test.for([
  ['a.ts', '// TODO later', 'work left undone'],
  ['docs/a.md', 'FIXME', 'work left undone'],
  ['a.ts', "const folder = '/home/jane/handover';", 'a path of somebody’s machine'],
  ['.ci/run', 'cd /work/main', 'a path of somebody’s machine'],
  ['a.test.ts', "test.skip('x', () => {});", 'a test that does not run, or that keeps others from running'],
  ['a.test.ts', "describe.only('x', () => {});", 'a test that does not run, or that keeps others from running'],
  ['a.test.ts', "test.todo('x');", 'a test that does not run, or that keeps others from running'],
  ['a.test.ts', "xit('x', () => {});", 'a test that does not run, or that keeps others from running'],
  ['a.test.ts', "vi.mock('./x.ts');", 'a module replaced in a test'],
  ['a.ts', '// @ts-ignore', 'a check switched off without a reason'],
  ['a.ts', 'const x = y as any;', 'a check switched off without a reason'],
] as const)('a planted word is found: %s %s', ([file, text, says]) => {
  expect(wordFaults(file, text)).toEqual([says]);
});

test('what only looks like one of them is left alone', () => {
  expect(wordFaults('a.ts', "const todo = body.only; const url = 'https://x.example.com/home/';")).toEqual([]);
});
