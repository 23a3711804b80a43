/**
 * `npm run demo [-- name]`: plays whole handovers through a stage of its own and prints who says and does what. Ends with 0
 * only when every step was seen. Plain JavaScript that also runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { installRoot, pinnedNode, root } from './install.mjs';

const names = ['phone', 'botcopy'];
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

/** What the stage tells while it plays a scene, one report after the other. */
async function* reportsOf(url, scene, signal) {
  const answer = await fetch(`${url}/_stage/play`, { method: 'POST', body: JSON.stringify({ scene }), signal });
  if (!answer.ok || !answer.body) throw new Error(`the stage answered ${answer.status}: ${await answer.text()}`);
  let rest = '';
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }
}

/** Plays one scene and prints it. Whether every one of its steps was seen, in order, and its end. */
async function play(url, scene, signal) {
  let steps = 0;
  let seen = 0;
  let over = false;
  for await (const report of reportsOf(url, scene, signal)) {
    if (report.steps) {
      steps = report.steps;
      console.log(`\n${report.title}\n`);
    } else if (report.step) {
      console.log(`${String(report.step).padStart(2)}/${steps}  ${report.title}`);
      for (const { by, text } of report.shown) console.log(`         ${by.padEnd(10)} ${text}`);
      if (report.ok && report.step === seen + 1) seen += 1;
      else console.log(`         NOT SEEN: ${report.missing}`);
    } else over = report.done === true && report.ok === true;
  }
  const whole = over && steps > 0 && seen === steps;
  console.log(whole ? `\n${scene}: all ${steps} steps seen` : `\n${scene}: step ${seen + 1} of ${steps} failed`);
  return whole;
}

async function main(asked) {
  const unknown = asked.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no demo is called ${unknown.join(', ')}; there are: ${names.join(', ')}`);
  installRoot();
  const stage = await openStage();
  const over = AbortSignal.timeout(LONGEST_MS);
  let whole = true;
  try {
    for (const name of asked.length > 0 ? asked : names) whole = (await play(stage.url, name, over)) && whole;
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
