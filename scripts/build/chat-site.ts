import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './bundle.ts';
import { buildWeb } from './web.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
};

const document = '<!doctype html><html lang="en"><body><script type="module" src="/page.js"></script></body></html>';

/** A site with one page: the real Carbon AI Chat with the service desk as `npm run build` writes it. */
export interface ChatSite {
  readonly origin: string;
  /** Builds the page; until then the site has nothing to show. */
  build(): Promise<void>;
  close(): void;
}

/** Opens the site on loopback; what it serves is built into a folder. */
export async function chatSite(folder: string): Promise<ChatSite> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const file = [join(folder, path), join(folder, 'web', path)].find((one) => extname(one) !== '' && existsSync(one));
    if (path === '/') response.writeHead(200, { 'content-type': types['.html'] }).end(document);
    else if (file)
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'font/woff2' }).end(readFileSync(file));
    else response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async build() {
      await buildWeb(folder);
      await build({
        absWorkingDir: root,
        entryPoints: ['web/carbon-ai-chat/page.ts'],
        outdir: folder,
        bundle: true,
        splitting: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        define: { 'process.env.NODE_ENV': '"production"' },
        logLevel: 'warning',
      });
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
