import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

/** What requests to the table cost. */
export interface Cost {
  readonly requests: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** As DynamoDB would count them. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface CountingTable {
  readonly url: string;
  /** What was asked since the last time. */
  taken(): Cost;
  close(): Promise<void>;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const nothing: Cost = { requests: 0, bytesUp: 0, bytesDown: 0, readUnits: 0, writeUnits: 0 };

/** Bytes of the first line and the headers, as they travel. */
const headBytes = (line: string, raw: readonly string[]) =>
  line.length + 4 + raw.reduce((sum, part) => sum + part.length + 2, 0);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

function ask(port: number, headers: IncomingHttpHeaders, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const asked = request({ host: '127.0.0.1', port, method: 'POST', headers: { ...headers, ...length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          rawHeaders: answer.rawHeaders,
          body: Buffer.concat(chunks),
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** dynalite in memory behind a proxy that counts what passes, and asks what each request consumed. */
export async function startCountingTable(): Promise<CountingTable> {
  const engine = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  const port = await listen(engine);
  let cost = nothing;
  const proxy = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const asked = JSON.stringify({ ...JSON.parse(sent.toString()), ReturnConsumedCapacity: 'TOTAL' });
    const { status, headers, rawHeaders, body } = await ask(port, incoming.headers, asked);
    const { ConsumedCapacity: consumed, ...answer } = JSON.parse(body.toString() || '{}');
    const given = Buffer.from(JSON.stringify(answer));
    const isWrite = /\.(Put|Update|Delete|BatchWrite)/.test(String(incoming.headers['x-amz-target']));
    const units: number = consumed?.CapacityUnits ?? (isWrite ? 1 : 0);
    cost = {
      requests: cost.requests + 1,
      bytesUp: cost.bytesUp + headBytes('POST / HTTP/1.1', incoming.rawHeaders) + sent.byteLength,
      bytesDown: cost.bytesDown + headBytes('HTTP/1.1 200 OK', rawHeaders) + given.byteLength,
      readUnits: cost.readUnits + (isWrite ? 0 : units),
      writeUnits: cost.writeUnits + (isWrite ? units : 0),
    };
    // The checksum of the engine is that of what it said, with what the request consumed.
    const { 'x-amz-crc32': _checksum, 'content-length': _length, ...rest } = headers;
    outgoing.writeHead(status, rest).end(given);
  });
  const proxyPort = await listen(proxy);
  return {
    url: `http://127.0.0.1:${proxyPort}`,
    taken() {
      const taken = cost;
      cost = nothing;
      return taken;
    },
    async close() {
      for (const server of [proxy, engine]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}
