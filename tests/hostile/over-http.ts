import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { corpusSettings, type Input, inputs } from './corpus.ts';
import { sendRaw } from './send-raw.ts';
import { askStage, type Way } from './way.ts';

/** Longest wait for a line that a process wrote before it answered. */
const LINE_WAIT_MS = 1_000;

/** The inputs that are HTTP calls and need no other settings than the stage has. */
export const overHttp: readonly Input[] = inputs.filter((input) => input.call && !input.given.env);

/** Whether somebody who never answers makes an input slow. */
export const hangs = ({ given }: Input) => Object.values(given.faults ?? {}).includes('hang');

/** Starts a stage as anybody does: a process of its own, reached over HTTP. */
export async function stageOverHttp(): Promise<Way & { close(): Promise<void> }> {
  const main = fileURLToPath(new URL('../../stage/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    // Away from the project's `.env`, which is somebody's own.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH: process.env.PATH, ...corpusSettings, PORT: '0', NODE_OPTIONS: process.env.NODE_OPTIONS },
    // The channel tells the stage when we are gone, however we went.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const output = child.stdout;
  if (!output) throw new Error('the stage has no output');
  let lines: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the stage ended with ${code}`)));
    createInterface(output).on('line', (line) => {
      const ready = /^ready (http:\S+)$/.exec(line)?.[1];
      if (ready) resolve(ready);
      else lines.push(line);
    });
  });
  const port = Number(new URL(url).port);
  return {
    stage: { holds: undefined },
    begin() {},
    send: (call) => sendRaw(port, call),
    ask: (method, path, body) => askStage(url, method, path, body),
    async takeLogLines(functionName, atLeast) {
      const ofFunction = () => lines.filter((line) => Object(JSON.parse(line)).function === functionName);
      for (let waitedMs = 0; ofFunction().length < atLeast && waitedMs < LINE_WAIT_MS; waitedMs += 10) await sleep(10);
      const taken = ofFunction();
      lines = [];
      return taken;
    },
    async close() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
