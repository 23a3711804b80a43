import { createServer, type IncomingMessage, Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { headerMap } from '../../shared/core/inbound.ts';
import type { StageClock } from '../clock.ts';
import { SLOW_MS } from '../faults.ts';
import { type Listener, PAGE, type TwinParts } from '../twin.ts';

export interface EmbeddedTable extends Listener {
  /** An address behind the door; another one after each reset. */
  directUrl(): string;
  /** Throws everything away and begins anew. */
  reset(): Promise<void>;
}

/** DynamoDB's errors as the SDK knows them. Throttling is a 400. */
const problems = {
  '500': { status: 500, type: 'InternalServerError', message: 'The request processing has failed.' },
  '503': { status: 503, type: 'ServiceUnavailable', message: 'The service is unavailable.' },
  '429': {
    status: 400,
    type: 'ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  },
} as const;

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

/** Stops listening. dynalite's own `close` also closes its database, and throws when a request is still under way. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    Server.prototype.close.call(server, () => resolve());
    server.closeAllConnections();
  });
}

/** Lets the work be done but not the answer arrive: all of it is lost, or its second half. */
function spoilAnswer(response: ServerResponse, keepHalf: boolean): void {
  const write = response.write.bind(response);
  response.end = ((chunk?: string | Buffer) => {
    if (!keepHalf || chunk === undefined) response.socket?.resetAndDestroy();
    else write(chunk.slice(0, chunk.length / 2), () => response.destroy());
    return response;
  }) as typeof response.end;
}

/** Lets the work be done at once, and the answer take its time. */
function delayAnswer(response: ServerResponse, clock: StageClock): void {
  const end = response.end.bind(response);
  response.end = ((chunk?: string | Buffer) => {
    clock.after(SLOW_MS, () => end(chunk));
    return response;
  }) as typeof response.end;
}

/**
 * The table of the stage: dynalite in memory, behind a door that notes every request and does what `faults` says.
 * `createTable` is called with an address behind that door.
 */
export async function openEmbeddedTable(
  { log, faults, clock }: TwinParts,
  createTable: (endpoint: string) => Promise<void>,
): Promise<EmbeddedTable> {
  async function fresh(): Promise<{ readonly server: Server; readonly url: string }> {
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
    const url = await listen(server);
    await createTable(url);
    return { server, url };
  }
  let engine = await fresh();
  // Waiting for a table to be usable takes a second now and then, so the next one is made ahead.
  let next = fresh();
  next.catch(() => undefined);

  function serve(incoming: IncomingMessage, response: ServerResponse): void {
    const mode = faults.take('dynamodb');
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { authorization: _, ...headers } = headerMap(incoming.headersDistinct);
      const end = log.begin({
        atMs: clock.nowMs(),
        vendor: 'dynamodb',
        direction: 'out',
        method: incoming.method ?? 'POST',
        url: `${address}${incoming.url}`,
        headers,
        body: Buffer.concat(chunks).toString('utf8'),
        ...(mode !== 'ok' && { fault: mode }),
      });
      response.on('close', () => {
        if (mode !== 'hang') end(response.writableFinished ? response.statusCode : 0);
      });
    });
    if (mode === 'hang') return;
    if (mode === '500' || mode === '503' || mode === '429') {
      const { status, type, message } = problems[mode];
      incoming.on('end', () => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }));
      });
      return;
    }
    if (mode === 'html') {
      incoming.on('end', () => response.writeHead(PAGE.status, PAGE.headers).end(PAGE.body));
      return;
    }
    if (mode === 'slow') delayAnswer(response, clock);
    else if (mode !== 'ok') spoilAnswer(response, mode === 'truncated-201');
    engine.server.emit('request', incoming, response);
  }

  const door = createServer(serve);
  const address = await listen(door);
  return {
    url: address,
    directUrl: () => engine.url,
    async reset() {
      const old = engine;
      engine = await next;
      next = fresh();
      next.catch(() => undefined);
      await close(old.server);
    },
    async close() {
      await Promise.all([close(door), close(engine.server), next.then(({ server }) => close(server))]);
    },
  };
}
