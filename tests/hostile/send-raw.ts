import { request } from 'node:http';
import { stopwatch } from '../support/steady-clock.ts';
import type { HostileCall } from './call.ts';
import type { Answer } from './expectations.ts';

/** Sends a call byte for byte: no path is tidied up, no header added but the length. */
export function sendRaw(port: number, { method, url, headers, body }: HostileCall): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const took = stopwatch();
    const lengthOf = body.byteLength > 0 || method === 'POST' ? { 'Content-Length': String(body.byteLength) } : {};
    let answered = false;
    const sent = request(
      { host: '127.0.0.1', port, method, path: url, headers: { ...lengthOf, ...headers }, agent: false },
      (response) => {
        answered = true;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const there = Object.entries(response.headersDistinct).map(([name, values]) => [
            name,
            (values ?? []).join(', '),
          ]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(there),
            body: Buffer.concat(chunks).toString('utf8'),
            ms: took(),
          });
        });
      },
    );
    // A server that refuses a large body may close before it was sent; its answer counts.
    sent.on('error', (error) => answered || reject(error));
    sent.end(body);
  });
}
