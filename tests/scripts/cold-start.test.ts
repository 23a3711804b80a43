import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleCalls } from '../../scripts/bench/calls.ts';
import { benchSettings } from '../../scripts/bench/settings.ts';
import { bundle, root } from '../../scripts/build/bundle.ts';
import { readFunctions } from '../../scripts/build/functions.ts';
import { connect } from '../../shared/store/client.ts';
import { createTable } from '../../shared/store/create-table.ts';
import { credentials } from '../store/engines.ts';
import { startDynalite } from '../support/dynalite.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const names = ['helpdesk-call', 'refer-handler', 'pause-check'];
const folder = temporaryFolder();
let engine: Awaited<ReturnType<typeof startDynalite>>;
let env: Record<string, string>;

beforeAll(async () => {
  await bundle(await readFunctions(join(root, 'functions'), names), 'lambda', folder);
  engine = await startDynalite();
  env = benchSettings(engine.endpoint, 'http://127.0.0.1:9');
  const { client } = connect({ region: 'us-east-1', endpoint: engine.endpoint, credentials });
  await createTable(client, env.HANDOVER_TABLE ?? '');
  client.destroy();
}, 60_000);
afterAll(() => engine.stop());

/** Answers one call in a process of its own; its last line says how, and which modules of Node that took. */
const once = `
const [, bundle, event] = process.argv;
require(bundle).handler(JSON.parse(event)).then(({ statusCode }) => {
  const modules = process.moduleLoadList.map((one) => one.replace('NativeModule ', ''));
  process.stdout.write(JSON.stringify({ statusCode, modules }) + '\\n', () => process.exit());
});`;

async function started(name: string) {
  const call = (await sampleCalls(env))[name];
  // What keeps tests on this machine is loaded by modules of Node that are looked for here. Only the table is asked.
  const { NODE_OPTIONS: _, ...rest } = process.env;
  const args = ['-e', once, join(folder, `lambda/${name}.js`), JSON.stringify(call?.event)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...rest, ...env } });
  const said = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  return { statusCode: said.statusCode, wanted: call?.status, modules: said.modules as readonly string[] };
}

test.for(names)('%s answers its first call without modules of Node that it has no use for', async (name) => {
  const { statusCode, wanted, modules } = await started(name);
  expect(statusCode).toBe(wanted);
  expect(modules).toContain('https');
  // The SDK would read files of settings, unpack, and look at the streams of the web.
  const useless = ['fs/promises', 'zlib', 'internal/webstreams/readablestream'];
  expect(modules.filter((one) => useless.includes(one))).toEqual([]);
});

test('a function that imports late what shares modules with the rest is not built', async () => {
  const [known] = await readFunctions(join(root, 'functions'), ['voice-fallback']);
  const file = join(folder, 'late.ts');
  const [decode, fn] = ['shared/core/decode.ts', 'functions/voice-fallback.ts'].map((one) => join(root, one));
  writeFileSync(file, `export { default } from '${fn}';\nglobalThis.late = () => import('${decode}');\n`);
  const late = known ? [{ file, fn: known.fn }] : [];
  await expect(bundle(late, 'lambda', join(folder, 'late'))).rejects.toThrow(
    /late\.ts imports shared\/core\/decode\.ts late/,
  );
});
