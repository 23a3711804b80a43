import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { isoTime } from '../../../../shared/core/iso-time.ts';
import type { Env } from '../../../../shared/core/settings.ts';
import type { StageClock } from '../../../clock.ts';
import { newSid } from '../sid.ts';
import { clientOfToken } from './access-token.ts';
import type { ChatMedia } from './conversations.ts';

/** Less than Twilio takes: it is kept in memory. */
const MOST_BYTES = 10_000_000;
const MOST_FILES = 100;

interface Kept extends ChatMedia {
  readonly bytes: Uint8Array;
  readonly author: string;
  readonly atMs: number;
}

/** The files that clients send: before the message that they belong to, each to an address of its own. */
export interface MediaFiles {
  find(sid: string): ChatMedia | undefined;
  /** Answers `…/Media`, `…/Media/{sid}`, `…/Media/{sid}/Content` and `…/MediaSet`; `url` is the whole address that was asked. */
  answer(incoming: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  reset(): void;
}

/** The media service of Twilio. Source: the package @twilio/mcs-client 1.0.1, what it sends and reads. */
export function mediaFiles(env: () => Env, clock: Pick<StageClock, 'nowMs'>): MediaFiles {
  const files = new Map<string, Kept>();

  function resource({ sid, filename, contentType, size, author, atMs }: Kept, base: string) {
    const url = `${base}/Media/${sid}`;
    return {
      ...{ sid, service_sid: env().FLEX_CONVERSATIONS_SERVICE_SID, filename, content_type: contentType, size, author },
      ...{ date_created: isoTime(atMs), date_upload_updated: isoTime(atMs), date_updated: isoTime(atMs) },
      ...{ category: 'media', message_sid: null, channel_sid: null, is_multipart_upstream: false, url },
      links: { content: `${url}/Content`, content_direct_temporary: `${url}/Content` },
    };
  }
  function keep(bytes: Uint8Array, contentType: string, filename: string, author: string): Kept {
    const about = { filename, contentType, size: bytes.byteLength, author, atMs: clock.nowMs() };
    const file = { sid: newSid('ME'), bytes, ...about };
    files.set(file.sid, file);
    const oldest = files.size > MOST_FILES ? files.keys().next().value : undefined;
    if (oldest !== undefined) files.delete(oldest);
    return file;
  }

  return {
    find: (sid) => files.get(sid),
    async answer(incoming, response, url) {
      const json = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      const [, base = '', sid, content] =
        /^(.*)\/Media(?:Set)?(?:\/(ME\w+))?(\/Content)?$/.exec(url.origin + url.pathname) ?? [];
      const file = sid === undefined ? undefined : files.get(sid);
      if (content && file && incoming.method === 'GET') {
        // Whatever it is, it is shown in no page of the stage.
        const safe = { 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' };
        response.writeHead(200, { 'content-type': file.contentType, ...safe }).end(file.bytes);
        return;
      }
      const client = await clientOfToken(String(incoming.headers['x-twilio-token']), env(), clock.nowMs());
      if ('code' in client) return void json(401, { status: 401, code: client.code, message: 'invalid token' });
      if (incoming.method === 'GET' && file) return void json(200, resource(file, base));
      if (incoming.method !== 'POST' || sid !== undefined) return void json(404, { status: 404, code: 20404 });
      if (!(Number(incoming.headers['content-length']) <= MOST_BYTES))
        return void json(413, { status: 413, message: 'too large' });
      const bytes = await buffer(incoming);
      if (!url.pathname.endsWith('/MediaSet')) {
        const { 'content-type': type = 'application/octet-stream' } = incoming.headers;
        return void json(
          201,
          resource(keep(bytes, type, url.searchParams.get('Filename') ?? 'file', client.identity), base),
        );
      }
      const { list = [] } = Object(JSON.parse(bytes.toString()));
      const records = (list as readonly { readonly media_sid: string }[]).map(({ media_sid }) => {
        const one = files.get(media_sid);
        return one ? { code: 200, media_record: resource(one, base) } : { code: 404, media_record: { sid: media_sid } };
      });
      json(200, records);
    },
    reset: () => files.clear(),
  };
}
