import type { Env } from '../../../../shared/core/settings.ts';
import type { StageClock } from '../../../clock.ts';
import { clientOfToken } from './access-token.ts';
import { clientApi } from './client-api.ts';
import type { ChatConversation, ChatMedia, Conversations } from './conversations.ts';
import type { Connection, Followers } from './followers.ts';
import type { Packet } from './packets.ts';
import { maySee } from './wire-view.ts';

/** How long before its end a client hears that its token ends. */
const WARNED_MS = 180_000;

/** Source: the package twilsock 1.0.2, `twilsock.js`. */
const TOKEN_EXPIRED = 410;

export interface TalkParts {
  readonly env: () => Env;
  readonly clock: StageClock;
  readonly conversations: Conversations;
  /** Where files are sent and fetched by a browser that knows us by this host, without a slash at the end. */
  mediaUrl(host: string): string;
  media(sid: string): ChatMedia | undefined;
}

interface Parts extends TalkParts, Followers {
  types(conversation: ChatConversation, identity: string): void;
  /** Notes a token that a client brought, and what one asks for. */
  brought(token: string): void;
  asks(what: string): void;
}

/** Warns a client before its token ends, and breaks with it at the end; another token takes its place until then. */
async function watchToken({ clock, connections }: Parts, connection: Connection, endsAtMs: number): Promise<void> {
  const { token, send, end } = connection;
  const isCurrent = () => connections.has(connection) && connection.token === token;
  await clock.until(endsAtMs - WARNED_MS);
  if (isCurrent()) send({ method: 'client_update', id: 'TM1', client_update_type: 'token_about_to_expire' });
  await clock.until(endsAtMs);
  if (!isCurrent()) return;
  send({ method: 'close', id: 'TM2', status: { code: TOKEN_EXPIRED, status: 'TOKEN_EXPIRED' } });
  end();
}

/** A client shows its token: the first, or the next for the same user. */
async function shown(parts: Parts, connection: Connection, header: Packet['header']): Promise<void> {
  const token = String(header.token);
  parts.brought(token);
  const client = await clientOfToken(token, parts.env(), parts.clock.nowMs());
  const reply = (what: object) => connection.send({ id: header.id, method: 'reply', ...what });
  const isOther = 'identity' in client && client.identity !== (connection.client?.identity ?? client.identity);
  if ('code' in client || isOther) {
    const errorCode = 'code' in client ? client.code : undefined;
    reply({ status: { code: 401, status: 'UNAUTHORIZED', errorCode, description: 'invalid token' } });
    return;
  }
  const { identity, endsAtMs } = client;
  connection.token = token;
  connection.client ??= { identity, ask: clientApi(parts, identity, connection.host) };
  void watchToken(parts, connection, endsAtMs);
  const continuation = { continuation_token: 'ct', continuation_token_status: { reissued: true } };
  const can = { capabilities: ['client_update'], init_registrations: [] };
  reply({ status: { code: 200, status: 'OK' }, ...continuation, ...can });
}

/** A client asks for something, by a request that travels through its socket. */
function asked(parts: Parts, connection: Connection, { header, body }: Packet): void {
  const { client } = connection;
  if (!client) return;
  const { method, host, path, params = {} } = Object(header.http_request);
  const url = `https://${host}${path}`;
  parts.asks(`${method} ${url}`);
  const isSubscription = url.endsWith('/v4/Subscriptions');
  const [status, json] = isSubscription
    ? [200, { max_batch_size: 100, estimated_delivery_in_ms: 60_000 }]
    : client.ask({ method, url, params, body });
  const http = { http_status: { code: status, status: String(status) }, http_headers: {} };
  connection.send({ id: header.id, method: 'reply', status: { code: 200, status: 'OK' }, ...http }, json);
  const may = (object: string) => maySee(parts.conversations, client.identity, object);
  if (isSubscription) parts.subscribed(connection, Object(body), may);
}

/** What Twilio does with a frame of a client. Source: the package twilsock 1.0.2, what it sends and takes. */
export function takeFrame(parts: Parts, connection: Connection, packet: Packet): void {
  const { method } = packet.header;
  if (method === 'init' || method === 'update') void shown(parts, connection, packet.header);
  else if (method === 'close') connection.end();
  else if (method === 'message') asked(parts, connection, packet);
}
