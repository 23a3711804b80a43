import type { Inbound } from '../shared/core/inbound.ts';
import type { Handle } from '../shared/core/pipeline.ts';
import type { StageClock } from './clock.ts';
import type { EventLog } from './events.ts';

/** Every browser says so, and no program does. What a page only reads is asked for again and again. */
const isAskedByPage = ({ method, headers }: Inbound) => method === 'POST' && headers['sec-fetch-site'] !== undefined;

/** The functions, with a note of what a page in a browser asks them itself, like a web chat for its token. */
export function notedForPages(
  functions: ReadonlyMap<string, Handle>,
  { log, clock, url }: { readonly log: EventLog; readonly clock: StageClock; readonly url: string },
): ReadonlyMap<string, Handle> {
  const noted =
    (name: string, handle: Handle): Handle =>
    async (inbound) => {
      if (!isAskedByPage(inbound)) return handle(inbound);
      const end = log.begin({
        atMs: clock.nowMs(),
        vendor: 'browser',
        direction: 'in',
        method: inbound.method,
        url: `${url}/${name}`,
        headers: inbound.headers,
        body: Buffer.from(inbound.body ?? '').toString('utf8'),
      });
      const reply = await handle(inbound);
      end(reply.status, reply.body);
      return reply;
    };
  return new Map([...functions].map(([name, handle]) => [name, noted(name, handle)]));
}
