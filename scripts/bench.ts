import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { build as esbuild } from 'esbuild';
import { createTable } from '../shared/store/create-table.ts';
import { sampleCalls } from './bench/calls.ts';
import { chatAnswers } from './bench/chat.ts';
import { helpdeskOperations, tableOperations } from './bench/operations.ts';
import { type Measured, report } from './bench/report.ts';
import { benchSettings } from './bench/settings.ts';
import { perSecond, type Subject, startUp } from './bench/start-up.ts';
import { startCountingTable } from './bench/table-engine.ts';
import { voiceAnswers } from './bench/voice.ts';
import { root } from './build/bundle.ts';
import { build } from './build.ts';

/** Times an empty function, at most. */
const WITHOUT_TABLE = 1.35;
const WITH_TABLE = 5;
/** A caller hears nothing while the helpdesk starts. */
const strict: Readonly<Record<string, number>> = { 'helpdesk-call': 4 };

const folder = join(root, 'dist/bench');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** Desks and bots take everything. */
const partners = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
});
await new Promise<void>((resolve) => partners.listen(0, '127.0.0.1', resolve));
const table = await startCountingTable();
const env = benchSettings(table.url, `http://127.0.0.1:${(partners.address() as AddressInfo).port}`);
Object.assign(process.env, env);
const client = new DynamoDBClient({});
await createTable(client, env.HANDOVER_TABLE ?? '');
client.destroy();

async function measure(what: string, subject: Omit<Subject, 'env'>, limit?: number): Promise<Measured> {
  const start = await startUp({ ...subject, env });
  const calls = await perSecond({ ...subject, env });
  const unbundled = subject.file.endsWith('.cjs');
  const measured = { what, bytes: unbundled ? undefined : statSync(subject.file).size, start, perSecond: calls, limit };
  console.log(`${what}: ${start.ratio.toFixed(2)} times an empty function, ${calls} calls per second`);
  return measured;
}

const { bundles } = await build({});
const calls = await sampleCalls(env);
const ours: Measured[] = [];
for (const { name, path, tableActions } of bundles.filter(({ runtime }) => runtime === 'lambda')) {
  const call = calls[name];
  if (!call) throw new Error(`scripts/bench/calls.ts has no call for ${name}`);
  const eventFile = join(folder, `${name}.json`);
  writeFileSync(eventFile, JSON.stringify(call.event));
  const limit = strict[name] ?? (tableActions.length > 0 ? WITH_TABLE : WITHOUT_TABLE);
  ours.push(await measure(name, { file: join(root, 'dist', path), eventFile, status: call.status }, limit));
}

const sample = join(root, 'scripts/bench/peers/sample-receive-call.cjs');
const bundled = join(folder, 'sample-receive-call.js');
await esbuild({ entryPoints: [sample], outfile: bundled, bundle: true, minify: true, platform: 'node', format: 'cjs' });
const call = { eventFile: join(folder, 'receive-call.json'), status: 200 };
const peers = [
  ...ours.filter(({ what }) => what === 'receive-call'),
  await measure("Watson's sample on the twilio package", { ...call, file: sample }),
  await measure('the same, bundled and minified', { ...call, file: bundled }),
];

const load = createRequire(join(root, 'dist/here.js'));
const handlers = {
  'pause-check': load('./lambda/pause-check.js').handler,
  'handover-push': load('./lambda/handover-push.js').handler,
};
const helpdesk = load('./lambda/helpdesk-call.js').handler;
const operations = [
  ...(await tableOperations(handlers, table, env)),
  ...(await helpdeskOperations(helpdesk, table, env)),
];
const voice = await voiceAnswers();
const chat = await chatAnswers();
writeFileSync(join(root, 'docs/benchmarks.md'), report(ours, peers, voice, chat, operations));
console.log('docs/benchmarks.md');
await table.close();
partners.close();
const missed = ours.filter(({ start, limit }) => limit !== undefined && start.ratio > limit);
for (const { what, start, limit } of missed)
  console.error(`${what}: ${start.ratio.toFixed(2)}, at most ${limit} wanted`);
const slow = voice.filter(({ medianMs, limitMs }) => medianMs > limitMs);
for (const { what, medianMs, limitMs } of slow)
  console.error(`${what}: ${medianMs.toFixed(1)} ms, at most ${limitMs} wanted`);
const late = chat.filter(
  ({ medianMs, medianLimitMs, slowMs, slowLimitMs }) => medianMs > medianLimitMs || slowMs > slowLimitMs,
);
for (const { what, medianMs, slowMs } of late)
  console.error(`${what}: ${medianMs.toFixed(1)} and ${slowMs.toFixed(1)} ms are more than wanted`);
process.exitCode = missed.length + slow.length + late.length > 0 ? 1 : 0;
