import { readFileSync } from 'node:fs';
import type { Reply } from '../shared/core/reply.ts';
import type { EventLog } from './events.ts';
import type { Stream } from './server.ts';

const file = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
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

/** The page of the stage and its parts, by path. */
export function stagePage(): ReadonlyMap<string, Reply> {
  const scripts = ['page.js', 'calls.js', 'dom.js', 'scenes.js', 'traffic.js'];
  return new Map([
    ['/', part('text/html', file('index.html'))],
    ['/_stage/page/page.css', part('text/css', file('page.css'))],
    ...scripts.map((name) => [`/_stage/page/${name}`, part('text/javascript', file(name))] as const),
  ]);
}

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
