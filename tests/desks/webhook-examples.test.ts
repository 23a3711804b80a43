import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { webhookSignature } from '../../shared/http/standard-webhook.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const page = readFileSync(new URL('../../shared/desks/webhook/README.md', import.meta.url), 'utf8');
const folder = temporaryFolder();

/** The one example of a language, at most 15 lines long. */
function exampleIn(language: string): string {
  const [code = '', ...others] = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text]) => text,
  );
  expect(others).toEqual([]);
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(15);
  return code;
}

const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=';
const other = 'whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1djAxMjM0NTY3ODk=';
const body = '{"type":"handover.message","data":{"text":"Grüße"}}';
const nowSec = Math.floor(Date.now() / 1_000);

const signed = (by: readonly string[] = [secret], atSec = nowSec) => ({
  'webhook-id': 'c-1',
  'webhook-timestamp': String(atSec),
  'webhook-signature': webhookSignature(by, 'c-1', atSec, body),
});

/** Requests, and whether they are genuine. */
const requests: readonly (readonly [string, Record<string, string>, string, boolean])[] = [
  ['signed with the secret', signed(), body, true],
  ['signed with two of which one is known', signed([other, secret]), body, true],
  ['signed with another', signed([other]), body, false],
  ['another body', signed(), `${body} `, false],
  ['another id', { ...signed(), 'webhook-id': 'c-2' }, body, false],
  ['another time', { ...signed(), 'webhook-timestamp': String(nowSec + 1) }, body, false],
  ['ten minutes old', signed([secret], nowSec - 600), body, false],
  ['no time', { ...signed(), 'webhook-timestamp': '' }, body, false],
  ['a time that is none', { ...signed(), 'webhook-timestamp': 'now' }, body, false],
  ['no signature', { ...signed(), 'webhook-signature': '' }, body, false],
  [
    'a signature of another version',
    { ...signed(), 'webhook-signature': signed()['webhook-signature'].replace('v1', 'v2') },
    body,
    false,
  ],
  ['a signature that is no ASCII', { ...signed(), 'webhook-signature': 'v1,grüße' }, body, false],
  ['nothing of it', {}, body, false],
];
const expected = requests.map(([about, , , genuine]) => [about, genuine]);

test('the example in TypeScript tells what is genuine', async () => {
  const file = join(folder, 'example.ts');
  writeFileSync(file, exampleIn('ts'));
  const { isGenuine } = await import(pathToFileURL(file).href);
  expect(requests.map(([about, headers, text]) => [about, isGenuine(headers, text, secret)])).toEqual(expected);
});

test('the example in Python tells the same, where there is a Python to ask', () => {
  const file = join(folder, 'example.py');
  const main = [
    'import json, sys',
    'for about, headers, body, _ in json.load(sys.stdin):',
    `    print(json.dumps([about, is_genuine(headers, body.encode(), ${JSON.stringify(secret)})]))`,
  ];
  writeFileSync(file, `${exampleIn('python')}\n${main.join('\n')}\n`);
  const { error, stdout, stderr } = spawnSync('python3', [file], { input: JSON.stringify(requests), encoding: 'utf8' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return;
  expect(stderr).toBe('');
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(expected);
});
