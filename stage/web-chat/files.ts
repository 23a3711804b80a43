import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { isInstalled, root } from '../../scripts/install.mjs';
import type { Reply } from '../../shared/core/reply.ts';
import type { Env } from '../../shared/core/settings.ts';

/** Which chat is in the page: the real Carbon AI Chat, a small window of ours, or none for want of packages. */
type WebChatKind = 'real' | 'plain' | 'missing';

const webFolder = join(root, 'web');
const realFolder = join(webFolder, 'carbon-ai-chat');

/** Asked anew whenever the chat is opened: it may have been installed meanwhile. */
function webChatKind(): WebChatKind {
  if (!isInstalled(webFolder)) return 'missing';
  return isInstalled(realFolder) ? 'real' : 'plain';
}

const policies: Readonly<Record<WebChatKind, string>> = {
  // It makes its own styles as it goes.
  real: "style-src 'self' 'unsafe-inline'; font-src data:; img-src data: blob:",
  plain: "style-src 'self'; img-src data:",
  missing: "style-src 'self'",
};

const TWILIO = 'wss://tsock.us1.twilio.com https://*.us1.twilio.com';

function reply(type: string, body: string, policy = ''): Reply {
  return {
    status: 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      ...(policy && { 'content-security-policy': policy }),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body,
  };
}

/** The script of a chat and what it loads later, by name. Takes a second. */
async function build(kind: 'real' | 'plain'): Promise<ReadonlyMap<string, string>> {
  const { build: bundle } = await import('esbuild');
  const { outputFiles } = await bundle({
    entryPoints: { chat: join(import.meta.dirname, `${kind}.js`) },
    outdir: '/',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  return new Map(outputFiles.map(({ path, text }) => [path.replace(/^.*[\\/]/, ''), text]));
}

const PATH = /^\/_stage\/web-chat\/(?:(real|plain)\/)?([\w.-]*)$/;

/**
 * The page of the web chat and its files, bundled when they are asked for first, so that the stage need not wait for it. At
 * `/_stage/web-chat/` is the best that is installed, at `…/plain/` always the small window.
 */
export function webChatFiles(
  env: () => Env,
  isOwnAccount: () => boolean,
): (path: string) => Promise<Reply | undefined> {
  const built = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const file = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

  function page(kind: WebChatKind): Reply {
    const ask = isOwnAccount() ? `'self' ${TWILIO}` : `'self' ${env().TWILIO_API_BASE_URL ?? ''}`;
    const policy = `default-src 'none'; script-src 'self'; connect-src ${ask}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`;
    const isFlex = env().DESK === 'flex';
    const body = file(`${kind}.html`)
      .replace('data-twilio="stage"', `data-twilio="${isOwnAccount() ? 'own' : 'stage'}"`)
      .replace('data-desk="stage"', `data-desk="${isFlex ? 'flex' : 'stage'}"`);
    return reply('text/html', body, `${policy}; ${policies[kind]}`);
  }

  async function script(kind: 'real' | 'plain', name: string): Promise<string | undefined> {
    const building = built.get(kind) ?? build(kind);
    built.set(kind, building);
    // What failed may go when it is asked for again: packages may have come meanwhile.
    building.catch(() => built.delete(kind));
    return (await building).get(name);
  }

  return async (path) => {
    const [isOurs, named, name = ''] = PATH.exec(path) ?? [];
    if (isOurs === undefined) return undefined;
    const there = webChatKind();
    const kind = named === 'plain' && there !== 'missing' ? 'plain' : there;
    if (name === '') return page(kind);
    if (name === 'chat.css') return reply('text/css', file(name));
    const text = kind === 'missing' ? undefined : await script(kind, name);
    return text === undefined ? undefined : reply('text/javascript', text);
  };
}
