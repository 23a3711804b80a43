import type { ClientAnswer, ClientAsks } from './client-api.ts';
import type { Packet } from './packets.ts';
import { type SyncObjects, syncObjects } from './sync-objects.ts';

/** A client that has shown its token. */
interface Client {
  readonly identity: string;
  readonly ask: (asked: ClientAsks) => ClientAnswer;
}

/** The socket of a browser. */
export interface Connection {
  readonly host: string;
  client: Client | undefined;
  token: string;
  /** The objects of whose changes it hears. */
  readonly follows: Set<string>;
  send(header: Packet['header'], body?: unknown): void;
  end(): void;
  drop(): void;
}

interface Subscription {
  readonly object_sid: string;
  readonly object_type: string;
  readonly last_event_id: number;
}

/** The sockets that are open, the objects of the conversations, and who hears of which. */
export interface Followers {
  readonly connections: Set<Connection>;
  readonly objects: SyncObjects;
  notify(connection: Connection, type: string, body: object): void;
  /** Does what a client asks of its subscriptions to objects that it may see, and tells it what it has missed. */
  subscribed(
    connection: Connection,
    body: Readonly<Record<string, unknown>>,
    maySee: (object: string) => boolean,
  ): void;
}

/** Source: the packages twilsock 1.0.2 and twilio-sync 4.0.1, what they send and take. */
export function followers(): Followers {
  const connections = new Set<Connection>();
  let notices = 0;
  const notify: Followers['notify'] = ({ send }, type, body) => {
    notices += 1;
    send({ method: 'notification', id: `TN${notices}`, message_type: type }, body);
  };
  const objects = syncObjects((object, { type, event }) => {
    for (const one of connections)
      if (one.follows.has(object))
        notify(one, `com.twilio.rtd.cds.${type.replace(/_.*/, '')}`, { event_type: type, event });
  });
  return {
    connections,
    objects,
    notify,
    subscribed(connection, body, maySee) {
      const isNew = body.action === 'establish';
      for (const { object_sid, object_type, last_event_id } of body.requests as readonly Subscription[]) {
        if (isNew && !maySee(object_sid)) continue;
        if (isNew) connection.follows.add(object_sid);
        else connection.follows.delete(object_sid);
        for (const { type, event } of isNew ? objects.since(object_sid, last_event_id) : [])
          notify(connection, 'twilio.sync.event', { event_type: type, event });
        const state = { replay_status: 'completed', last_event_id: objects.lastEventId(object_sid) };
        notify(connection, 'twilio.sync.event', {
          event_type: isNew ? 'subscription_established' : 'subscription_canceled',
          correlation_id: body.correlation_id,
          event: { object_sid, object_type, ...state },
        });
      }
    },
  };
}
