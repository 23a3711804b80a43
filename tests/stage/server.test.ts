import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { findFunctions } from '../../stage/functions.ts';
import { openStage } from '../../stage/stage.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

/** Sends bytes as they are and resolves to everything that comes back until the connection ends. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(stage.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

test('every function of the repository is served at its name', async () => {
  for (const { name } of await findFunctions()) {
    const answer = await stage.send(`/${name}`, { method: 'DELETE' });
    expect([name, answer.status]).toEqual([name, 405]);
  }
});

test.for([
  ['/nothing'],
  ['/receive-call/'],
  ['//receive-call'],
  ['/Receive-Call'],
  ['/%72eceive-call'],
  ['/_stage/nothing'],
])('%s is not found, as JSON', async ([path = '']) => {
  const answer = await stage.send(path, { method: 'POST' });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
});

test('what stands between the host and the path of a target in full is no path', async () => {
  const answer = await exchange('POST http://x/receive-call HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1.1 404 /);
});

test('7 MiB are refused by the function itself, at once, and the connection goes on', async () => {
  const took = stopwatch();
  const answer = await stage.send('/pause-check', { method: 'POST', body: 'A'.repeat(7 * 1_024 * 1_024) });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ error: { code: 'too_large' }, paused: false });
  expect(took()).toBeLessThan(1_000);
});

test('16 kB of headers reach the function, which refuses them', async () => {
  const answer = await stage.send('/pause-check', { method: 'POST', headers: { 'x-pad': 'A'.repeat(16_384) } });
  expect(answer.status).toBe(431);
  expect(await answer.json()).toMatchObject({ error: { code: 'headers_too_large' }, paused: false });
});

test('headers beyond what is read at all are refused in the same form', async () => {
  const answer = await exchange(`GET / HTTP/1.1\r\nHost: x\r\nX-Pad: ${'A'.repeat(80_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 431 /);
  expect(answer).toContain('"code":"headers_too_large"');
});

test('what is no HTTP is refused as JSON', async () => {
  const answer = await exchange('HELLO\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain('"code":"invalid_request"');
});

test('a header that is sent twice reaches the function joined, not cut', async () => {
  const { nowMs } = await stage.ask<{ nowMs: number }>('GET', '/_stage/clock');
  expect(nowMs).toBeGreaterThan(0);
  const head = 'POST /pause-check HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n';
  const token = 'Authorization: botcopy-access-token-0123456789\r\n';
  const body = '{"conversationId":"c-1"}';
  const once = await exchange(`${head}${token}Content-Length: ${body.length}\r\n\r\n${body}`);
  const twice = await exchange(`${head}${token}${token}Content-Length: ${body.length}\r\n\r\n${body}`);
  expect(once).toMatch(/^HTTP\/1.1 200 /);
  expect(twice).toMatch(/^HTTP\/1.1 401 /);
});

test('a call of a function writes one log line', async () => {
  await stage.send('/pause-check', { method: 'POST', body: '{}' });
  expect(stage.lines).toHaveLength(1);
  expect(JSON.parse(stage.lines[0] ?? '')).toMatchObject({ function: 'pause-check', status: 401 });
});

test('in production there are the functions and nothing else', async () => {
  // A twin is reached without https, as nothing is in production.
  const given = { STAGE: 'production', TWILIO_API_BASE_URL: 'none' };
  const production = await openStage({ given, port: 0, write: () => {} });
  const statuses = await Promise.all(
    ['/', '/_stage/events', '/_stage/page/page.js', '/pause-check'].map(
      async (path) => (await fetch(production.url + path)).status,
    ),
  );
  await production.close();
  expect(statuses).toEqual([404, 404, 404, 405]);
});

test('a port that is taken is said', async () => {
  await expect(openStage({ given: {}, port: stage.port, write: () => {} })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
