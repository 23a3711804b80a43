import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';

const platforms = createRequire(fileURLToPath(new URL('../../../platforms/package.json', import.meta.url)));

interface RuntimeOptions {
  /** Where `functions/` is, as the build wrote it. */
  readonly folder: string;
  /** What the platform hands the functions as their context. */
  readonly env: Readonly<Record<string, string>>;
  /** The URL that Twilio signs. */
  readonly publicUrl: string;
}

export interface TwilioRuntime {
  readonly url: string;
  close(): Promise<void>;
}

async function listening(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Access and path follow from the name of the file, as on the platform. */
function routesOf(folder: string) {
  const files = readdirSync(join(folder, 'functions')).filter((name) => name.endsWith('.js'));
  return files.map((name) => ({
    name,
    path: `/${name.replace(/(\.protected)?\.js$/, '')}`,
    filePath: join(folder, 'functions', name),
    access: name.endsWith('.protected.js') ? 'protected' : 'public',
  }));
}

/**
 * The local runtime that Twilio publishes, in this process, behind a gate that checks the signature of protected functions:
 * the platform's gateway does, its local runtime does not.
 */
export async function startTwilioRuntime({ folder, env, publicUrl }: RuntimeOptions): Promise<TwilioRuntime> {
  const { LocalDevelopmentServer } = platforms('@twilio/runtime-handler/dev');
  const functions = routesOf(folder);
  const runtime = new LocalDevelopmentServer(0, {
    baseDir: folder,
    env,
    url: publicUrl,
    routes: { functions, assets: [] },
    live: false,
    logs: false,
    forkProcess: false,
  });
  const inner = await listening(runtime.getApp());

  const gate = await listening(async (incoming, outgoing) => {
    const body = await bodyOf(incoming);
    const path = incoming.url ?? '/';
    const route = functions.find((each) => each.path === path.split('?')[0]);
    const fields = Object.fromEntries(new URLSearchParams(body.toString()));
    const signature = String(incoming.headers['x-twilio-signature'] ?? '');
    const token = env.AUTH_TOKEN ?? '';
    if (route?.access === 'protected' && !validateRequest(token, signature, publicUrl + path, fields)) {
      outgoing.writeHead(403).end();
      return;
    }
    const { method, headers } = incoming;
    const forward = request({ host: '127.0.0.1', port: portOf(inner), path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    forward.end(body);
  });

  return {
    url: `http://127.0.0.1:${portOf(gate)}`,
    async close() {
      for (const server of [gate, inner]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}
