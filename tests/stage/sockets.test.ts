import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { signJwt } from '../../shared/core/callers/jwt.ts';
import { clientOfToken } from '../../stage/twins/twilio/conversations/access-token.ts';
import { testSettings } from '../support/calls.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();
const PATH = '/_stage/twilio/v3/wsconnect';

/** The status by which a request for another protocol is answered. */
function upgraded(path: string, headers: Record<string, string> = {}): Promise<number> {
  const asks = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: stage.port,
      path,
      headers: { ...asks, ...headers },
      agent: false,
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('upgrade', ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    asked.on('error', reject).end();
  });
}

const local = () => ({ host: `localhost:${stage.port}` });

test.for([
  ['a program on this machine', () => local(), 101],
  ["the stage's own page", () => ({ ...local(), origin: `http://localhost:${stage.port}` }), 101],
  ['a page of an origin that may chat', () => ({ ...local(), origin: 'https://shop.example.com' }), 101],
  ['a page of another origin', () => ({ ...local(), origin: 'https://evil.example.net' }), 404],
  ['another host name', () => ({ host: 'handover.example.com' }), 404],
  ['a proxy', () => ({ ...local(), via: '1.1 proxy' }), 404],
  ['somebody without a key', () => ({ ...local(), 'sec-websocket-key': '' }), 400],
] as const)('%s that asks for the socket is answered', async ([, headers, status]) => {
  expect(await upgraded(PATH, headers())).toBe(status);
});

test('a client that would rather speak another protocol is answered in this one', async () => {
  expect(await upgraded('/_stage/clock', { ...local(), upgrade: 'h2c' })).toBe(200);
  expect(await upgraded(PATH, { ...local(), upgrade: 'h2c' })).toBe(400);
});

/** A socket that is open, for bytes that no browser would send. */
async function raw(): Promise<Socket> {
  const socket = connect(stage.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(
    `GET ${PATH} HTTP/1.1\r\nhost: localhost:${stage.port}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n`,
  );
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('101 Switching Protocols');
  return socket;
}

const MASK = [0, 0, 0, 0];

test.for([
  ['a frame without a mask', [0x82, 1, 65]],
  ['a frame of 4 GB', [0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, ...MASK]],
  ['a message that is none of Twilio', [0x82, 0x83, ...MASK, 65, 66, 67]],
] as const)('%s breaks the connection', async ([, bytes]) => {
  const socket = await raw();
  socket.on('error', () => {});
  socket.write(Uint8Array.from(bytes));
  await once(socket, 'close');
});

test('a ping is answered, and a close closes', async () => {
  const socket = await raw();
  socket.write(Uint8Array.from([0x89, 0x82, ...MASK, 104, 105]));
  const [pong] = await once(socket, 'data');
  expect([...pong]).toEqual([0x8a, 2, 104, 105]);
  socket.write(Uint8Array.from([0x88, 0x80, ...MASK]));
  await once(socket, 'end');
});

describe('a token for Conversations', () => {
  const SERVICE = 'IS00000000000000000000000000000001';
  const env = { ...testSettings, FLEX_CONVERSATIONS_SERVICE_SID: SERVICE };
  const nowMs = 1_800_000_000_000;
  const nowSec = nowMs / 1_000;
  const good = {
    iss: env.TWILIO_API_KEY,
    sub: env.TWILIO_ACCOUNT_SID,
    iat: nowSec - 10,
    exp: nowSec + 3_590,
    grants: { identity: 'visitor-1', chat: { service_sid: SERVICE } },
  };
  const of = async (claims: object, secret: string = env.TWILIO_API_SECRET) =>
    clientOfToken(await signJwt({ ...good, ...claims }, secret, { cty: 'twilio-fpa;v=1' }), env, nowMs);

  test('lets its user in until it ends', async () => {
    expect(await of({})).toEqual({ identity: 'visitor-1', endsAtMs: good.exp * 1_000 });
  });

  test.for([
    ['another secret', {}, 20101, 'another-secret-0123456789abcdef'],
    ['another key', { iss: 'SK1' }, 20101],
    ['another account', { sub: 'AC1' }, 20101],
    ['another service', { grants: { identity: 'a', chat: { service_sid: 'IS1' } } }, 20101],
    ['no identity', { grants: { chat: { service_sid: SERVICE } } }, 20101],
    ['nothing to chat with', { grants: { identity: 'a' } }, 20101],
    ['an end that has come', { exp: nowSec }, 20104],
    ['more than a day', { exp: nowSec + 86_401 }, 20104],
    ['a beginning that has not come', { nbf: nowSec + 60 }, 20101],
  ] as const)('with %s is refused', async ([, claims, code, secret]) => {
    expect(await of(claims, secret)).toEqual({ code });
  });
});
