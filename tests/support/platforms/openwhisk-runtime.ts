import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface OpenWhiskContainer {
  post(path: '/init' | '/run', body: unknown): Promise<{ status: number; answer: Record<string, unknown> }>;
  /** Everything written to stdout after the port. */
  output(): string;
  close(): Promise<void>;
}

/** Ends what one activation writes, on a line of its own. */
const END = '_THE_END_OF_A_WHISK_ACTIVATION_';

/** Starts a container in a process of its own, without any setting in its environment. */
export async function startOpenWhiskContainer(): Promise<OpenWhiskContainer> {
  const script = fileURLToPath(new URL('./openwhisk-container.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const [first] = await once(child.stdout, 'data');
  const port = Number(String(first));
  let output = '';
  let runs = 0;
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return {
    async post(path, body) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: JSON.stringify(body) });
      runs += path === '/run' && answer.status !== 403 ? 1 : 0;
      // What an activation wrote may come after its answer; the mark ends it.
      while (output.split(END).length - 1 < runs) await once(child.stdout, 'data');
      return { status: answer.status, answer: (await answer.json()) as Record<string, unknown> };
    },
    output: () => output,
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
