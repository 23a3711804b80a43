type Data = Readonly<Record<string, unknown>>;

interface Item {
  readonly key: string | number;
  data: Data;
  revision: number;
}

/** A change of an object, as those hear of it who follow it. */
export interface SyncEvent {
  readonly type: string;
  readonly event: Data;
}

const CDS = 'https://cds.us1.twilio.com/v3';
const at = new Date(0).toISOString();
const MOST_KEPT = 500;

/**
 * The objects of Twilio Sync in which a conversation is kept: documents, lists and maps. Source: the package twilio-sync 4.0.1,
 * what its `SyncDocument`, `SyncList` and `SyncMap` read.
 */
export function syncObjects(hear: (sid: string, event: SyncEvent) => void) {
  const documents = new Map<string, { data: Data; eventId: number }>();
  /** What happened to each object, for those who follow it later. */
  const history = new Map<string, SyncEvent[]>();
  const collections = new Map<string, { readonly kind: 'list' | 'map'; readonly items: Item[]; eventId: number }>();

  function tell(sid: string, event: SyncEvent): void {
    history.set(sid, [...(history.get(sid) ?? []), event].slice(-MOST_KEPT));
    hear(sid, event);
  }

  function collection(kind: 'list' | 'map', sid: string) {
    const there = collections.get(sid) ?? { kind, items: [], eventId: 0 };
    collections.set(sid, there);
    return there;
  }

  function change(kind: 'list' | 'map', sid: string, type: string, item: Item): void {
    const own = collection(kind, sid);
    own.eventId += 1;
    const name = kind === 'list' ? 'item_index' : 'item_key';
    tell(sid, {
      type: `${kind}_item_${type}`,
      event: {
        id: own.eventId,
        [`${kind}_sid`]: sid,
        [`${kind}_revision`]: String(own.eventId),
        [name]: item.key,
        item_data: item.data,
        item_revision: String(item.revision),
        item_url: `${CDS}/items/${item.key}`,
        date_created: at,
      },
    });
  }

  const describedItem = (kind: 'list' | 'map', { key, data, revision }: Item) => ({
    [kind === 'list' ? 'index' : 'key']: key,
    data,
    revision: String(revision),
    last_event_id: 0,
    url: `${CDS}/items/${key}`,
    date_updated: at,
  });

  return {
    /** Sets the data of a document. */
    put(sid: string, data: Data): void {
      const eventId = (documents.get(sid)?.eventId ?? -1) + 1;
      documents.set(sid, { data, eventId });
      const event = {
        id: eventId,
        document_sid: sid,
        document_data: data,
        document_revision: String(eventId),
        date_created: at,
      };
      tell(sid, { type: 'document_updated', event });
    },
    /** Makes a list or a map without items. */
    open: (kind: 'list' | 'map', sid: string): void => void collection(kind, sid),
    /** What happened to an object after an event. */
    since: (sid: string, eventId: number): readonly SyncEvent[] =>
      (history.get(sid) ?? []).filter(({ event }) => Number(event.id) > eventId),
    lastEventId: (sid: string): number => collections.get(sid)?.eventId ?? documents.get(sid)?.eventId ?? 0,
    reset(): void {
      documents.clear();
      collections.clear();
      history.clear();
    },
    /** Adds an item to a list or a map, or changes one. */
    set(kind: 'list' | 'map', sid: string, key: string | number, data: Data): void {
      const { items } = collection(kind, sid);
      const there = items.find((item) => item.key === key);
      if (there) {
        there.data = { ...there.data, ...data };
        there.revision += 1;
        change(kind, sid, 'updated', there);
        return;
      }
      const item = { key, data, revision: 0 };
      items.push(item);
      change(kind, sid, 'added', item);
    },
    remove(sid: string, key: string): void {
      const { items } = collection('map', sid);
      const [item] = items.splice(
        items.findIndex((one) => one.key === key),
        1,
      );
      if (item) change('map', sid, 'removed', item);
    },
    /** What a client is answered that opens an object; undefined when there is none. */
    described(sid: string): object | undefined {
      const own = collections.get(sid);
      const document = documents.get(sid);
      const base = { sid, unique_name: sid, url: `${CDS}/${sid}`, date_updated: at, date_expires: null };
      if (own) {
        const links = { items: `${CDS}/Objects/${sid}/Items` };
        const items = own.items.map((item) => describedItem(own.kind, item));
        return { ...base, links, items, revision: String(own.eventId), last_event_id: own.eventId };
      }
      if (!document) return undefined;
      return { ...base, data: document.data, revision: String(document.eventId), last_event_id: document.eventId };
    },
    /** A page of items, as a client asks for it. */
    page(sid: string, params: Readonly<Record<string, string>>): object {
      const own = collections.get(sid);
      const from = params.From ?? params.Index ?? params.Key;
      const isOne = params.From === undefined && from !== undefined;
      const found = (own?.items ?? []).filter(({ key }) =>
        isOne
          ? String(key) === from
          : from === undefined || (typeof key === 'number' ? key >= Number(from) : key >= from),
      );
      const size = Number(params.PageSize ?? 50);
      const ordered = params.Order === 'desc' ? [...found].reverse() : found;
      const items = ordered.slice(0, size).map((item) => describedItem(own?.kind ?? 'map', item));
      return { items, meta: { previous_token: null, next_token: ordered.length > size ? 'more' : null } };
    },
  };
}

export type SyncObjects = ReturnType<typeof syncObjects>;
