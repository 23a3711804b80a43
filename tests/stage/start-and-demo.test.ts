import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function run(
  script: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): { child: ChildProcess; out: () => string } {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env: { ...process.env, ...env } });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      out += chunk;
    });
  }
  return { child, out: () => out };
}

/** Whether a process that was started by another one is still there. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const childrenOf = (pid: number | undefined) =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number);

const addressIn = (out: string) => /^ready (http:\/\/localhost:\d+)$/m.exec(out)?.[1];

test('npm start says once where it is ready, serves there, and ends with a signal', { timeout: 60_000 }, async () => {
  const { child, out } = run('scripts/start.mjs', [], { PORT: '0' });
  await expect.poll(() => addressIn(out()), { timeout: 50_000 }).toBeDefined();
  expect(out().match(/^ready /gm)).toHaveLength(1);
  expect((await fetch(`${addressIn(out())}/_stage/clock`)).status).toBe(200);
  const [stage = 0] = childrenOf(child.pid);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(isRunning(stage)).toBe(false);
});

test('the stage ends when whoever started it is gone', { timeout: 60_000 }, async () => {
  const { child, out } = run('scripts/start.mjs', [], { PORT: '0' });
  await expect.poll(() => addressIn(out()), { timeout: 50_000 }).toBeDefined();
  const [stage = 0] = childrenOf(child.pid);
  child.kill('SIGKILL');
  await expect.poll(() => isRunning(stage), { timeout: 10_000 }).toBe(false);
});

test('a port that is taken ends the start with a word about it', { timeout: 60_000 }, async () => {
  const first = run('stage/main.ts', [], { PORT: '0' });
  await expect.poll(() => addressIn(first.out()), { timeout: 50_000 }).toBeDefined();
  const port = new URL(addressIn(first.out()) ?? '').port;
  const second = run('stage/main.ts', [], { PORT: port });
  expect(await once(second.child, 'close')).toEqual([1, null]);
  expect(second.out()).toBe(`port ${port} is taken; choose another: PORT=3001 npm start\n`);
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');
});

test('the demos play whole handovers, say so, and leave nothing running', { timeout: 60_000 }, async () => {
  // Settings of an account must not lead a demo to it.
  const { child, out } = run('scripts/demo.mjs', [], {
    TWILIO_ACCOUNT_SID: `AC${'f'.repeat(32)}`,
    TWILIO_API_KEY: 'SK',
    DESK: 'webhook',
  });
  await expect.poll(() => childrenOf(child.pid)[0]).toBeGreaterThan(0);
  const [stage = 0] = childrenOf(child.pid);
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(out()).toContain('phone: all 8 steps seen');
  expect(out()).toContain('assistant-down: all 5 steps seen');
  expect(out()).toContain('click-to-call: all 6 steps seen');
  expect(out()).toContain('nobody-there: all 6 steps seen');
  expect(out()).toContain('call-back: all 5 steps seen');
  expect(out()).toContain('botcopy: all 10 steps seen');
  expect(out()).toContain('watson-chat: all 8 steps seen');
  expect(out()).toContain('webchat: all 7 steps seen');
  expect(out()).toContain('transfer: all 6 steps seen');
  expect(out()).toContain('nobody-online: all 6 steps seen');
  expect(out()).toContain('desk-down: all 8 steps seen');
  expect(out()).toContain('helpdesk: all 8 steps seen');
  expect(out()).toContain('helpdesk-status: all 6 steps seen');
  expect(out()).toContain('helpdesk-agent: all 5 steps seen');
  expect(out()).toContain('helpdesk-offline: all 6 steps seen');
  expect(isRunning(stage)).toBe(false);
});

test('a demo that there is not is said, with those that there are', async () => {
  const { child, out } = run('scripts/demo.mjs', ['fax']);
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(out()).toBe(
    'no demo is called fax; there are: phone, assistant-down, click-to-call, nobody-there, call-back, botcopy, watson-chat, webchat, transfer, nobody-online, desk-down, helpdesk, helpdesk-status, helpdesk-agent, helpdesk-offline\n',
  );
});
