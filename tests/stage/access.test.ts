import { request } from 'node:http';
import { expect, test } from 'vitest';
import { mayDirect } from '../../stage/access.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

/** The status of `GET /_stage/events` with headers that `fetch` would not let through. */
function statusWith(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: stage.port, path: '/_stage/events', headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test.for([['localhost'], ['127.0.0.1'], ['[::1]'], ['LOCALHOST:3000']])(
  'a caller at %s may direct the stage',
  async ([host]) => {
    expect(await statusWith({ host: host ?? '' })).toBe(200);
  },
);

test.for([
  ['another host name', { host: 'handover.example.com' }],
  ['a host name that begins like a loopback one', { host: 'localhost.example.com' }],
  ['a loopback name with a user before it', { host: 'x@localhost' }],
  ['X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
  ['X-Forwarded-Host', { 'x-forwarded-host': 'localhost' }],
  ['X-Forwarded-Proto', { 'x-forwarded-proto': 'https' }],
  ['Forwarded', { forwarded: 'for=127.0.0.1' }],
  ['Via', { via: '1.1 proxy' }],
  ['X-Real-IP', { 'x-real-ip': '127.0.0.1' }],
  ['X-Client-IP', { 'x-client-ip': '127.0.0.1' }],
  ['X-Original-Host', { 'x-original-host': 'localhost' }],
  ['CF-Connecting-IP', { 'cf-connecting-ip': '127.0.0.1' }],
  ['True-Client-IP', { 'true-client-ip': '127.0.0.1' }],
  ['a page of another origin', { origin: 'https://evil.example.net' }],
  ['a page of another port', { origin: 'http://localhost:1' }],
  ['a page without an origin of its own', { origin: 'null' }],
  ['a request that a browser sends for another site', { 'sec-fetch-site': 'cross-site' }],
] as const)('%s finds nothing', async ([, headers]) => {
  expect(await statusWith({ host: `localhost:${stage.port}`, ...headers })).toBe(404);
});

test("the stage's own page may direct it", async () => {
  const host = `localhost:${stage.port}`;
  expect(await statusWith({ host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(200);
});

test.for([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['192.168.1.7', false],
  ['::ffff:10.0.0.1', false],
  ['2001:db8::1', false],
  ['', false],
] as const)('a caller from %s may direct the stage: %s', ([remoteAddress, may]) => {
  const socket = { remoteAddress } as Parameters<typeof mayDirect>[0]['socket'];
  expect(mayDirect({ headers: { host: 'localhost:3000' }, socket })).toBe(may);
});
