import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that arrived. */
export interface Recorded {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface RecordingServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly Recorded[];
  close(): Promise<void>;
}

/** A server on loopback that keeps what it is asked and answers with a status and JSON. */
export async function startRecordingServer(
  answer: (request: Recorded) => readonly [status: number, json: unknown],
): Promise<RecordingServer> {
  const requests: Recorded[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    const [status, json] = answer(request);
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
