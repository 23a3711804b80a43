import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { projectFiles, readProjectFile } from './tree.ts';

/** Where secrets are presented, and the one file that may compare them. */
const CHECKED = /^(shared\/core\/callers|shared\/desks|shared\/bots|functions)\/.*\.ts$/;
const COMPARES = 'shared/core/callers/secrets.ts';

const SECRET = /token|secret|signature|password|api_?key|digest|hmac|\bmac\b|jwt|authorization/i;
/** Whether there is one, how long it is, what sort of thing it is: that may be known. */
const HARMLESS = /^(undefined|null|true|false|void|-?\d+|""|''|"(string|undefined|object)")$/;

const OPERAND = String.raw`[\w$.?\[\]"']+(?:\([^()]*\))?`;
const COMPARISON = new RegExp(String.raw`(${OPERAND})\s*[=!]==?\s*(${OPERAND})`, 'g');
const SEARCH = /([\w$.?]+)\.(?:includes|startsWith|endsWith|indexOf|localeCompare)\(([^()]*)\)/g;

/** Comparisons of secrets that take longer the more of them is right. */
function leaks(source: string): readonly string[] {
  const { code } = transformSync(source, { loader: 'ts' });
  const compared = [...code.matchAll(COMPARISON)].filter(
    ([, left = '', right = '']) =>
      (SECRET.test(left) || SECRET.test(right)) &&
      !HARMLESS.test(left) &&
      !HARMLESS.test(right) &&
      !/^typeof/.test(left),
  );
  const searched = [...code.matchAll(SEARCH)].filter(([, , what = '']) => SECRET.test(what));
  return [...compared, ...searched].map(([all]) => all);
}

test('no secret is compared in a time that tells how much of it is right', () => {
  const files = projectFiles.filter((file) => CHECKED.test(file) && file !== COMPARES);
  expect(files.length).toBeGreaterThan(5);
  expect(files.flatMap((file) => leaks(readProjectFile(file)).map((what) => `${file}: ${what}`))).toEqual([]);
});

test.for([
  'if (token === expected) go();',
  'const fits = own.SESSION_SECRET == presented;',
  'if (presented !== settings.DESK_API_KEY) refuse();',
  'return signature === twilioSignature(token, url);',
  'return tokens.includes(presentedToken);',
  'return header.startsWith(secret);',
  'const ok = inbound.headers.authorization === own.ADMIN_KEY;',
])('a planted comparison is found: %s', (source) => {
  expect(leaks(source)).toHaveLength(1);
});

test.for([
  'if (token === undefined) refuse();',
  "if (typeof token !== 'string' || secret === '') refuse();",
  'if (tokens.length === 2) rotate();',
  "if (origin === 'https://shop.example.com') go();",
  'const ok = sameSecret(token, expected);',
  '// token === expected would leak',
])('what leaks nothing is left alone: %s', (source) => {
  expect(leaks(source)).toEqual([]);
});
