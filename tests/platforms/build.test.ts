import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import agentView from '../../functions/agent-view.ts';
import { build } from '../../scripts/build.ts';
import { keepLogLines } from '../support/log-lines.ts';
import { everySetting } from '../support/platforms/every-setting.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const fixtures = (name: string) => join(import.meta.dirname, name);
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));

test('every function is one file per runtime, with the export that its platform looks for', {
  timeout: 120_000,
}, async () => {
  const { bundles } = await build({ outFolder: folder });
  const load = createRequire(join(folder, 'here.js'));
  expect(bundles.length).toBeGreaterThan(0);
  for (const { runtime, path } of bundles) {
    const exported = runtime === 'lambda' || runtime === 'twilio' ? 'handler' : 'main';
    expect(load(`./${path}`)[exported], path).toBeTypeOf('function');
    expect(existsSync(join(folder, `${path}.map`)), path).toBe(true);
  }
});

test('a page is in its function, made smaller, and its policy knows it by its hash', async () => {
  await build({ outFolder: folder, names: ['agent-view'] });
  const { handler } = createRequire(join(folder, 'here.js'))('./lambda/agent-view.js');
  const written = keepLogLines();
  Object.assign(process.env, everySetting([agentView], 'http://localhost:1'));
  const requestContext = { http: { method: 'GET', path: '/agent-view', sourceIp: '198.51.100.7' } };
  const headers = { accept: 'text/html' };
  const { statusCode, ...answer } = await handler({ version: '2.0', rawQueryString: '', headers, requestContext });
  expect([statusCode, written.length]).toEqual([401, 1]);
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(answer.body) ?? [];
  expect(style).toMatch(/^:root\{color-scheme:light dark;/);
  const hash = createHash('sha256').update(style).digest('base64');
  expect(answer.headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
});

test('what Twilio calls is protected by its gateway, everything else is not', async () => {
  const { bundles } = await build({ outFolder: folder, names: ['receive-call', 'handover-push'] });
  const onTwilio = bundles.filter(({ runtime }) => runtime === 'twilio').map(({ path }) => path);
  expect(onTwilio).toEqual(['twilio/functions/receive-call.protected.js', 'twilio/functions/handover-push.js']);
  expect(read('twilio/package.json').dependencies).toEqual({ '@twilio/runtime-handler': '2.1.0', twilio: '6.2.0' });
});

test('a function that needs the raw body is not built for Twilio Functions, and the build says so', async () => {
  const { bundles, said } = await build({
    functionsFolder: fixtures('functions'),
    outFolder: join(folder, 'fixtures'),
  });
  expect(bundles.map(({ runtime }) => runtime)).toEqual(['lambda', 'openwhisk', 'code-engine']);
  expect(said).toEqual([expect.stringContaining('needs-bytes is not built for Twilio Functions')]);
});

test.for([
  ['genesys', 1],
  ['servicenow', 1],
  ['flex', 0],
] as const)(
  'with DESK=%s the build says of %i function that nobody gets in on Twilio Functions',
  async ([DESK, count]) => {
    const { said } = await build({ outFolder: join(folder, DESK), names: ['desk-events'], env: { DESK } });
    expect(said).toHaveLength(count);
    for (const sentence of said) expect(sentence).toMatch(/^desk-events takes nothing from .* on Twilio Functions/);
  },
);

test('a function that is not called as its file is refused', async () => {
  const building = build({ functionsFolder: fixtures('misnamed'), outFolder: join(folder, 'misnamed') });
  await expect(building).rejects.toThrow(/one-name\.ts declares "another-name"/);
});

test('an unknown function is refused with the names that there are', async () => {
  await expect(build({ outFolder: folder, names: ['receive-cal'] })).rejects.toThrow(
    /receive-cal; there are .*receive-call/,
  );
});

test('building one function leaves the others in the lists', async () => {
  const before = read('lambda/functions.json');
  const { bundles } = await build({ outFolder: folder, names: ['receive-call'] });
  expect(bundles).toHaveLength(4);
  expect(read('lambda/functions.json')).toEqual(before);
  expect(Object.keys(read('bundles.json')).length).toBeGreaterThan(4);
});
