import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';

test.for([
  ['a host name', () => connect(80, 'example.com')],
  ['an address', () => connect({ port: 80, host: '203.0.113.1' })],
  ['an HTTP request', () => get('http://203.0.113.1/')],
] as const)('a test that reaches beyond this machine is stopped: %s', async ([, open]) => {
  const [error] = await once(open(), 'error');
  expect(String(error)).toContain('loopback');
});

test('the global fetch is stopped too', async () => {
  await expect(fetch('http://203.0.113.1/')).rejects.toThrow('fetch failed');
});

test('so is a Node that a test starts', () => {
  const child = spawnSync(process.execPath, ['-e', "require('node:net').connect(80, '203.0.113.1')"], {
    encoding: 'utf8',
  });
  expect(child.stderr).toContain('loopback');
});

test('loopback is open by all its names', async () => {
  const server = createServer((_, response) => response.end('here')).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const host of ['127.0.0.1', 'localhost']) {
    const answer = await fetch(`http://${host}:${port}`);
    expect(await answer.text()).toBe('here');
  }
  server.closeAllConnections();
  server.close();
});
