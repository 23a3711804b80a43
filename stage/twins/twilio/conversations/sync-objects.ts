import {
  CDS,
  type Collection,
  type Data,
  type Document,
  describedObject,
  type Item,
  itemsPage,
} from './sync-answers.ts';

/** A change of an object, as those hear of it who follow it. */
export interface SyncEvent {
  readonly type: string;
  readonly event: Data;
}

const at = new Date(0).toISOString();
const MOST_KEPT = 500;

/**
 * The objects of Twilio Sync in which a conversation is kept: documents, lists and maps. Source: the package twilio-sync 4.0.1,
 * what its `SyncDocument`, `SyncList` and `SyncMap` read.
 */
export function syncObjects(hear: (sid: string, event: SyncEvent) => void) {
  const documents = new Map<string, Document>();
  /** What happened to each object, for those who follow it later. */
  const history = new Map<string, SyncEvent[]>();
  const collections = new Map<string, Collection>();

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
      const item = items.find((one) => one.key === key);
      if (!item) return;
      items.splice(items.indexOf(item), 1);
      change('map', sid, 'removed', item);
    },
    described: (sid: string) => describedObject(sid, collections.get(sid), documents.get(sid)),
    page: (sid: string, params: Readonly<Record<string, string>>) => itemsPage(collections.get(sid), params),
  };
}

export type SyncObjects = ReturnType<typeof syncObjects>;
