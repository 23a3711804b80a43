import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a stand-in answers. `reset-after-send` and `truncated-201` break off after the request was taken. */
export type Manner =
  | 'ok'
  | 'hang'
  | 'reset-after-send'
  | 'truncated-201'
  | 'success-false'
  | 'html'
  | 'redirect'
  | number;

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A partner's server on this machine that notes what it is sent. */
export interface StandIn {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** The JSON bodies, in order. */
  bodies(): readonly Readonly<Record<string, unknown>>[];
  /** One manner for all requests, or a list of which each takes one; after it all is well. */
  behave(how: Manner | readonly Manner[]): void;
  /** What it answers when all is well: a JSON value, or a function that makes one for each request. */
  answer: unknown;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function misbehave(how: Exclude<Manner, 'ok'>, response: ServerResponse): void {
  if (how === 'hang') return;
  if (how === 'reset-after-send') response.socket?.resetAndDestroy();
  else if (how === 'truncated-201') {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"ticket":', () => response.socket?.destroy());
  } else if (how === 'success-false') response.end('{"success":false}');
  else if (how === 'html') response.end('<!doctype html><title>Please sign in</title>');
  else if (how === 'redirect') response.writeHead(302, { location: '/elsewhere' }).end();
  else response.writeHead(how, how === 429 ? { 'retry-after': '1' } : {}).end('{"error":"no"}');
}

export async function startStandIn(answer: unknown = {}): Promise<StandIn> {
  let standing: Manner = 'ok';
  let queued: Manner[] = [];
  const standIn = { url: '', seen: [] as SeenRequest[], answer };
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const { method = '', url = '' } = request;
    const seen = { method, path: url, headers: request.headers as Record<string, string>, body };
    standIn.seen.push(seen);
    const how = queued.shift() ?? standing;
    if (how !== 'ok') return misbehave(how, response);
    response.setHeader('content-type', 'application/json');
    const given = typeof standIn.answer === 'function' ? standIn.answer(seen) : standIn.answer;
    response.end(given === undefined ? '' : JSON.stringify(given));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  standIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  return Object.assign(standIn, {
    bodies: () => standIn.seen.map(({ body }) => JSON.parse(body)),
    behave(how: Manner | readonly Manner[]) {
      if (typeof how === 'object') [standing, queued] = ['ok', [...how]];
      else [standing, queued] = [how, []];
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
