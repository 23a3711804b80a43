import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { headerMap } from '../shared/core/inbound.ts';
import type { StageClock } from './clock.ts';
import type { EventLog } from './events.ts';
import { type FaultMode, type Faults, type FaultVendor, SLOW_MS } from './faults.ts';

/** What every twin shares. */
export interface TwinParts {
  readonly log: EventLog;
  readonly faults: Faults;
  readonly clock: StageClock;
}

/** A request of the functions to a partner. */
export interface TwinRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TwinAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a text. */
  readonly body?: unknown;
}

interface TwinDeclaration {
  readonly vendor: FaultVendor;
  answer(request: TwinRequest): TwinAnswer | Promise<TwinAnswer>;
  /** How this partner says that it fails. */
  problem(status: 500 | 503 | 429): TwinAnswer;
  /** The URL as the sender meant it; the one it was sent to when absent. */
  intendedUrl?(request: TwinRequest): string;
  /** What is kept of the headers; all when absent. */
  recorded?(headers: TwinRequest['headers']): TwinRequest['headers'];
}

export interface Listener {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** What somebody in between shows in place of the partner. */
export const PAGE = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Please sign in</title>',
} as const;

const textOf = ({ body }: TwinAnswer): string =>
  body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);

function send(response: ServerResponse, answer: TwinAnswer, mode: FaultMode): void {
  const { status, headers, body } = answer;
  const bytes = Buffer.from(textOf(answer));
  response.writeHead(status, {
    ...(typeof body === 'object' && { 'content-type': 'application/json' }),
    ...headers,
    ...(status !== 204 && { 'content-length': bytes.byteLength }),
  });
  if (mode !== 'truncated-201') response.end(bytes);
  else response.write(bytes.subarray(0, bytes.byteLength / 2), () => response.destroy());
}

/** Starts the listener of a twin on a loopback port of its own. What happens to a request is planned in `faults`. */
export async function openTwin({ log, faults, clock }: TwinParts, twin: TwinDeclaration): Promise<Listener> {
  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const mode = faults.take(twin.vendor);
    const url = new URL(incoming.url ?? '/', 'http://twin.invalid');
    const request: TwinRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: headerMap(incoming.headersDistinct),
      body: (await buffer(incoming)).toString('utf8'),
    };
    const end = log.begin({
      atMs: clock.nowMs(),
      vendor: twin.vendor,
      direction: 'out',
      method: request.method,
      url: twin.intendedUrl?.(request) ?? `${address}${incoming.url}`,
      headers: twin.recorded?.(request.headers) ?? request.headers,
      body: request.body,
      ...(mode !== 'ok' && { fault: mode }),
    });
    if (mode === 'hang') return;
    if (mode === '500' || mode === '503' || mode === '429') {
      const answer = twin.problem(Number(mode) as 500 | 503 | 429);
      end(answer.status, textOf(answer));
      return send(response, answer, 'ok');
    }
    if (mode === 'html') {
      end(PAGE.status, PAGE.body);
      return send(response, PAGE, 'ok');
    }
    if (mode === 'slow') await new Promise<void>((resolve) => clock.after(SLOW_MS, resolve));
    const answer = await twin.answer(request);
    if (mode === 'reset-after-send') {
      end(0);
      incoming.socket.resetAndDestroy();
      return;
    }
    end(answer.status, textOf(answer));
    send(response, answer, mode);
  }

  const server = createServer({ maxHeaderSize: 65_536 }, (incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`twin of ${twin.vendor} failed: ${error}`);
    });
  });
  let address = '';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
