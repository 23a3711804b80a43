import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Handle } from '../shared/core/pipeline.ts';
import { Problem } from '../shared/core/problems.ts';
import { json, problemReply, type Reply } from '../shared/core/reply.ts';
import { mayDirect, mayOpenSocket } from './access.ts';
import { bodyOf, inboundOf, sendReply, targetOf } from './inbound-http.ts';
import { type StageRequests, stageInput } from './requests.ts';
import { acceptSocket, refuseSocket, type SocketEars, type SocketEnd } from './web-socket.ts';

/** What is served; it may change while the server runs. */
export interface Served {
  functions: ReadonlyMap<string, Handle>;
  requests: StageRequests;
  /** The page and its parts, by path; undefined for what is none. */
  page: (path: string) => Promise<Reply | undefined>;
  /** Answers that go on for a while, by method and path. */
  streams: ReadonlyMap<string, Stream>;
  /** WebSockets by path, and the origins whose pages may open them besides the stage's own. */
  sockets: ReadonlyMap<string, (end: SocketEnd) => SocketEars>;
  origins: readonly string[];
  /** What answers by itself, in bytes, whatever is below a path; who may open a socket may ask it. */
  raw: ReadonlyMap<string, RawAnswer>;
  /** False in production: then there is nothing but the functions. */
  local: boolean;
}

/**
 * An answer that comes in parts. Takes the input, throws a `Problem` when it is wrong, and gives what writes the parts until
 * it is done or `gone` is aborted: nobody is there any more.
 */
export type Stream = (input: unknown) => (write: (part: string) => void, gone: AbortSignal) => Promise<void>;

const ownHeaders = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const refuse = (problem: Problem): Reply => problemReply(problem, randomUUID());

function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', { extra: { reason: String(error) } });
}

async function stream(answer: Stream, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const writeParts = answer(stageInput(await bodyOf(incoming)));
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const type = incoming.method === 'GET' ? 'text/event-stream' : 'application/x-ndjson';
  response.writeHead(200, { ...ownHeaders, 'content-type': type });
  await writeParts((part) => response.write(part), gone.signal);
  response.end();
}

async function answerOwn(
  served: Served,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | undefined> {
  const { path } = targetOf(incoming);
  const name = `${incoming.method} ${path}`;
  const streaming = served.streams.get(name);
  const request = Object.hasOwn(served.requests, name) ? served.requests[name] : undefined;
  try {
    const page = incoming.method === 'GET' ? await served.page(path) : undefined;
    if (page) return page;
    if (streaming) await stream(streaming, incoming, response);
    if (streaming) return undefined;
    if (!request) throw new Problem('not_found');
    const answer = await request(stageInput(await bodyOf(incoming)));
    return {
      ...json(200, answer ?? {}),
      headers: { 'content-type': 'application/json; charset=utf-8', ...ownHeaders },
    };
  } catch (error) {
    if (response.headersSent) response.destroy();
    return response.headersSent ? undefined : refuse(problemOf(error));
  }
}

export type RawAnswer = (incoming: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

const rawOf = ({ raw }: Served, path: string): RawAnswer | undefined =>
  [...raw].find(([prefix]) => path.startsWith(prefix))?.[1];

/** Pages of other origins that may ask must be told so. */
async function answerRaw(own: RawAnswer, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { origin, host = 'localhost' } = incoming.headers;
  if (origin !== undefined) response.setHeader('access-control-allow-origin', origin).setHeader('vary', 'origin');
  response.setHeader('cache-control', 'no-store');
  if (incoming.method !== 'OPTIONS') return own(incoming, response, new URL(incoming.url ?? '/', `http://${host}`));
  const allowed = { 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': '*' };
  response.writeHead(204, allowed).end();
}

async function answer(served: Served, incoming: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
  const { path } = targetOf(incoming);
  const handle = path.startsWith('/') ? served.functions.get(path.slice(1)) : undefined;
  if (handle) return handle(await inboundOf(incoming));
  const raw = served.local && mayOpenSocket(incoming, served.origins) && rawOf(served, path);
  if (raw) return void (await answerRaw(raw, incoming, response));
  if (served.local && mayDirect(incoming)) return answerOwn(served, incoming, response);
  incoming.resume();
  return refuse(new Problem('not_found'));
}

/** A request that Node's parser refused: it never became a call. */
function refuseUnparsed(error: NodeJS.ErrnoException, socket: import('node:stream').Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const { body } = refuse(new Problem(tooLarge ? 'headers_too_large' : 'invalid_request'));
  const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What a request for a WebSocket opens; undefined where it is none of the stage's. */
function socketOf(served: Served, incoming: IncomingMessage): ((end: SocketEnd) => SocketEars) | undefined {
  const opens = served.sockets.get(targetOf(incoming).path);
  return served.local && mayOpenSocket(incoming, served.origins) ? opens : undefined;
}

/** Listens on `port`, 0 for any free one, with nothing to serve but what `served` holds at each moment. */
export async function listen(port: number, served: Served): Promise<RunningServer> {
  // Whoever asks for another protocol, as some clients do on every request, is answered in this one.
  const shouldUpgradeCallback = (incoming: IncomingMessage) => socketOf(served, incoming) !== undefined;
  const options = { maxHeaderSize: 65_536, shouldUpgradeCallback };
  const server: Server = createServer(options, (incoming, response) => {
    answer(served, incoming, response)
      .then((reply) => reply && sendReply(response, reply))
      .catch(() => response.destroy());
  });
  const sockets = new Set<Duplex>();
  server.on('upgrade', (incoming, socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const opens = socketOf(served, incoming);
    if (opens) acceptSocket(incoming, socket, opens);
    else refuseSocket(socket, 404);
  });
  server.maxHeadersCount = 0;
  server.on('clientError', refuseUnparsed);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}
