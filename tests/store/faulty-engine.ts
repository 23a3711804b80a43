import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (incoming: IncomingMessage, response: ServerResponse) => void;

const say =
  (status: number, body: string, type = 'application/x-amz-json-1.0'): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };

const problem = (status: number, name: string): Answer =>
  say(status, JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no' }));

/** What can go wrong between a function and its table, by name. */
export const faults: Readonly<Record<string, Answer>> = {
  'never answers': () => {},
  'begins to answer and stops': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': '100' }).write('{"Item"');
  },
  'answers a letter at a time': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': '100000' });
    const drip = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(drip));
  },
  throttles: problem(400, 'ProvisionedThroughputExceededException'),
  'throttles by another name': problem(400, 'ThrottlingException'),
  'throttles and asks for patience': (_, response) => {
    response.writeHead(429, { 'content-type': 'application/x-amz-json-1.0', 'retry-after': '5' }).end('{}');
  },
  fails: problem(500, 'InternalServerError'),
  'is not there for now': problem(503, 'ServiceUnavailable'),
  'resets the connection': (incoming) => incoming.socket.resetAndDestroy(),
  'breaks off half-way': (incoming, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"Item":', () => incoming.socket.destroy());
  },
  'answers with a page': say(200, '<html>Welcome</html>', 'text/html'),
  'answers with broken JSON': say(200, '{"Item":{'),
  'does not know the table': problem(400, 'ResourceNotFoundException'),
  'does not know us': problem(400, 'AccessDeniedException'),
};

export interface FaultyEngine {
  readonly endpoint: string;
  tries(): number;
  stop(): void;
}

async function serve(answer: Answer): Promise<FaultyEngine> {
  let tries = 0;
  const server = createServer((incoming, response) => {
    tries++;
    incoming.resume().on('end', () => answer(incoming, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tries: () => tries,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** An engine that always fails in one way. */
export const startFaultyEngine = (fault: string): Promise<FaultyEngine> => serve(faults[fault] ?? (() => {}));

/** What AWS bears between its clock and that of a request. */
const MOST_OFF_MS = 300_000;

/** An engine without any items whose clock is off by so much, and which refuses what was signed at another time. */
export const startSkewedEngine = (offMs: number): Promise<FaultyEngine> =>
  serve((incoming, response) => {
    const nowMs = Date.now() + offMs;
    const signed = String(incoming.headers['x-amz-date']);
    const signedMs = Date.parse(signed.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
    const isRefused = !(Math.abs(signedMs - nowMs) <= MOST_OFF_MS);
    response.setHeader('date', new Date(nowMs).toUTCString());
    if (isRefused) problem(400, 'InvalidSignatureException')(incoming, response);
    else say(200, '{}')(incoming, response);
  });

/** A way to an engine on which the answer to every first try is lost after the work has been done. */
export async function startForgetfulWay(engineEndpoint: string): Promise<FaultyEngine> {
  let tries = 0;
  const server = createServer((incoming, response) => {
    tries++;
    const isFirstTry = String(incoming.headers['amz-sdk-request']).startsWith('attempt=1');
    const { method, headers } = incoming;
    const onward = request(engineEndpoint, { ...(method ? { method } : {}), headers }, (answer) => {
      if (isFirstTry) answer.resume().on('end', () => incoming.socket.resetAndDestroy());
      else answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers));
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tries: () => tries,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
