/**
 * `npm run demo [-- name]`: plays whole handovers through a stage of its own and prints who says and does what. Ends with 0
 * only when every step was seen. Plain JavaScript that also runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { installRoot, pinnedNode, root } from './install.mjs';
import { playScene } from './play-scene.mjs';

const names = [
  'phone',
  'assistant-down',
  'click-to-call',
  'nobody-there',
  'call-back',
  'botcopy',
  'watson-chat',
  'webchat',
  'transfer',
  'nobody-online',
  'desk-down',
  'helpdesk',
  'helpdesk-status',
  'helpdesk-agent',
  'helpdesk-offline',
];
const LONGEST_MS = 120_000;

/** A stage on a free port that knows no settings but its own. Resolves to its address. */
async function openStage() {
  const stage = spawn(
    pinnedNode(),
    ['--disable-warning=ExperimentalWarning', 'stage/main.ts', '--own-settings'],
    // The channel tells the stage when we are gone, however we went.
    { cwd: root, env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const lines = createInterface({ input: stage.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
    });
    stage.once('exit', (code) => reject(new Error(`the stage ended with ${code} before it was ready`)));
  });
  const close = async () => {
    if (stage.exitCode === null && stage.signalCode === null) {
      stage.kill('SIGTERM');
      await once(stage, 'exit');
    }
  };
  return { url, close };
}

async function main(asked) {
  const unknown = asked.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no demo is called ${unknown.join(', ')}; there are: ${names.join(', ')}`);
  installRoot();
  const stage = await openStage();
  const over = AbortSignal.timeout(LONGEST_MS);
  let whole = true;
  try {
    for (const name of asked.length > 0 ? asked : names) whole = (await playScene(stage.url, name, over)) && whole;
  } finally {
    await stage.close();
  }
  return whole;
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
