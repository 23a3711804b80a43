import { readdirSync, readFileSync } from 'node:fs';
import { textsIn } from '../shared/core/call/languages/index.ts';
import type { Reply } from '../shared/core/reply.ts';
import type { Env } from '../shared/core/settings.ts';
import type { EventLog } from './events.ts';
import type { Stream } from './server.ts';

const folder = new URL('page/', import.meta.url);
const file = (name: string) => readFileSync(new URL(name, folder), 'utf8');

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const part = (type: string, body: string): Reply => ({
  status: 200,
  headers: {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  },
  body,
});

const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

/** The page of the stage and its parts, by path. */
export function stagePage(): ReadonlyMap<string, Reply> {
  const parts = readdirSync(folder).filter((name) => name !== 'index.html');
  return new Map([
    ['/', part('text/html', file('index.html'))],
    ...parts.map(
      (name) => [`/_stage/page/${name}`, part(types[name.split('.').at(-1) ?? ''] ?? '', file(name))] as const,
    ),
  ]);
}

/** What the page must know of this stage: which bot and which desk it has, what can be played, and its words for reasons. */
export const about = ({ BOT_IDS, DESK, STAGE_HELPDESK_NUMBER }: Env, scenes: Readonly<Record<string, unknown>>) => ({
  botId: BOT_IDS?.split(' ')[0] || 'bot-1',
  desk: DESK,
  helpdesk: STAGE_HELPDESK_NUMBER,
  scenes: Object.keys(scenes),
  reasons: textsIn('en').reasons,
});

/** Every event from now on, as it is answered. */
export function liveEvents(log: EventLog): Stream {
  return () => (write, gone) =>
    new Promise((resolve) => {
      write(': here\n\n');
      const stop = log.watch((event) => write(`data: ${JSON.stringify(event)}\n\n`));
      gone.addEventListener('abort', () => {
        stop();
        resolve();
      });
    });
}
