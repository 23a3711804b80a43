import type { IncomingMessage, ServerResponse } from 'node:http';
import { headerMap, type Inbound } from '../shared/core/inbound.ts';
import type { Reply } from '../shared/core/reply.ts';

/** More than the pipeline takes, so it refuses by itself; the rest of a larger body is read and thrown away. */
const MOST_KEPT_BYTES = 1_100_000;

/** The target of a request as it was sent, taken apart at the first "?". */
export function targetOf(incoming: IncomingMessage): { readonly path: string; readonly query: string } {
  const target = incoming.url ?? '/';
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

/**
 * As much of a larger body is read all the same, so that whoever is still sending it hears the answer: a connection that is
 * closed on them breaks first.
 */
const MOST_READ_BYTES = 16_000_000;

/** The body, or its first part where it is larger than anybody takes. Resolves when it is read. */
export function bodyOf(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      if (bytes <= MOST_KEPT_BYTES) chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > MOST_READ_BYTES) resolve(Buffer.concat(chunks));
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
  });
}

/** A request of Node's own server as functions take it. */
export async function inboundOf(incoming: IncomingMessage): Promise<Inbound> {
  return {
    method: (incoming.method ?? 'GET').toUpperCase(),
    query: targetOf(incoming).query,
    headers: headerMap(incoming.headersDistinct),
    body: await bodyOf(incoming),
    fields: undefined,
    trust: 'none',
    sourceAddress: incoming.socket.remoteAddress,
  };
}

export function sendReply(response: ServerResponse, { status, headers, body }: Reply): void {
  const bytes = Buffer.from(body, 'utf8');
  response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': bytes.byteLength }) });
  response.end(bytes);
}
