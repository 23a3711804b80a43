import { type ConversationService, conversationService } from './conversation-service.ts';
import { packed, unpacked } from './packets.ts';
import type { SyncEvent } from './sync-objects.ts';

/** Twilio at the other end of a browser's socket, for one visitor. */
export interface TwilioTwin {
  /** Stands for the browser's own class while a test runs. */
  readonly WebSocket: new (
    url: string,
  ) => object;
  readonly service: ConversationService;
  /** `METHOD url` of everything that the client asked for. */
  readonly asked: readonly string[];
  /** The tokens that it brought. */
  readonly tokens: readonly string[];
  readonly openSockets: number;
  /** Refuses these tokens. */
  readonly refused: Set<string>;
  types(identity: string): void;
  endsSoon(): void;
  /** The network goes away; nothing can be opened until it is back. */
  isDown: boolean;
  drop(): void;
}

interface HttpRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
}

interface Subscription {
  readonly object_sid: string;
  readonly object_type: string;
  readonly last_event_id: number;
}

interface Socket {
  receive(header: object, body?: unknown): void;
  lose(): void;
}

export function twilioTwin(identity: string, sid: string): TwilioTwin {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const tokens: string[] = [];
  const refused = new Set<string>();
  const followed = new Set<string>();
  /** What happened to each object, for those who follow it later. */
  const history = new Map<string, SyncEvent[]>();

  const toAll = (header: object, body?: unknown) => {
    for (const socket of sockets) socket.receive(header, body);
  };
  const notify = (type: string, body: object) =>
    toAll({ method: 'notification', id: `TN${Math.floor(performance.now())}`, message_type: type }, body);
  const service = conversationService(identity, sid, (object, change) => {
    const { type, event } = change;
    history.set(object, [...(history.get(object) ?? []), change]);
    if (followed.has(object)) notify(`com.twilio.rtd.cds.${type.replace(/_.*/, '')}`, { event_type: type, event });
  });

  function subscribed(body: Readonly<Record<string, unknown>>): void {
    for (const { object_sid, object_type, last_event_id } of body.requests as readonly Subscription[]) {
      const isNew = body.action === 'establish';
      if (isNew) followed.add(object_sid);
      else followed.delete(object_sid);
      for (const { type, event } of isNew ? (history.get(object_sid) ?? []) : [])
        if (Number(event.id) > last_event_id) notify('twilio.sync.event', { event_type: type, event });
      const state = { replay_status: 'completed', last_event_id: service.eventIdOf(object_sid) };
      notify('twilio.sync.event', {
        event_type: isNew ? 'subscription_established' : 'subscription_canceled',
        correlation_id: body.correlation_id,
        event: { object_sid, object_type, ...state },
      });
    }
  }

  /** What the client is answered to one frame. */
  function answered(header: Readonly<Record<string, unknown>>, body: unknown, socket: Socket): void {
    const reply = (over: object, json?: unknown) =>
      socket.receive({ id: header.id, method: 'reply', status: { code: 200, status: 'OK' }, ...over }, json);
    if (header.method === 'init' || header.method === 'update') {
      const token = String(header.token);
      tokens.push(token);
      if (refused.has(token)) {
        reply({ status: { code: 401, status: 'UNAUTHORIZED', errorCode: 20104, description: 'token expired' } });
        return;
      }
      const continuation = { continuation_token: 'ct', continuation_token_status: { reissued: true } };
      reply({ ...continuation, capabilities: ['client_update'], init_registrations: [] });
      return;
    }
    if (header.method !== 'message') return;
    const { method, host, path, params = {} } = header.http_request as HttpRequest;
    const url = `https://${host}${path}`;
    asked.push(`${method} ${url}`);
    const given = Object(body) as Readonly<Record<string, unknown>>;
    const isSubscription = url.endsWith('/v4/Subscriptions');
    const [status, json] = isSubscription
      ? [200, { max_batch_size: 100, estimated_delivery_in_ms: 60_000 }]
      : service.answer({ method, url, params, body: given });
    reply({ http_status: { code: status, status: String(status) }, http_headers: {} }, json);
    if (isSubscription) subscribed(given);
  }

  class TwinSocket {
    readyState = 0;
    onopen?: (event: object) => void;
    onclose?: (event: object) => void;
    onmessage?: (event: { readonly data: ArrayBuffer }) => void;
    readonly #end: Socket = {
      receive: (header, body) => queueMicrotask(() => this.onmessage?.({ data: packed({ ...header }, body) })),
      lose: () => this.#closed(),
    };

    constructor(_url: string) {
      setTimeout(() => {
        if (twin.isDown) return this.#closed();
        sockets.add(this.#end);
        this.readyState = 1;
        this.onopen?.({});
      }, 0);
    }

    send(frame: ArrayBuffer): void {
      const { header, body } = unpacked(frame);
      answered(header, body, this.#end);
    }

    close(): void {
      setTimeout(() => this.#closed(), 0);
    }

    #closed(): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      sockets.delete(this.#end);
      this.onclose?.({});
    }
  }

  const twin: TwilioTwin = {
    WebSocket: TwinSocket,
    service,
    asked,
    tokens,
    refused,
    get openSockets() {
      return sockets.size;
    },
    types: (who) => notify('twilio.ipmsg.typing_indicator', { channel_sid: sid, identity: who, typing_timeout: 5 }),
    endsSoon: () => toAll({ method: 'client_update', id: 'TM1', client_update_type: 'token_about_to_expire' }),
    isDown: false,
    drop() {
      followed.clear();
      for (const socket of [...sockets]) socket.lose();
    },
  };
  return twin;
}
