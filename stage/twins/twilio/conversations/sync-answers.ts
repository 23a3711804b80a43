export type Data = Readonly<Record<string, unknown>>;

export interface Item {
  readonly key: string | number;
  data: Data;
  revision: number;
}

/** A list or a map. */
export interface Collection {
  readonly kind: 'list' | 'map';
  readonly items: Item[];
  eventId: number;
}

export interface Document {
  readonly data: Data;
  readonly eventId: number;
}

export const CDS = 'https://cds.us1.twilio.com/v3';
const at = new Date(0).toISOString();

const describedItem = ({ kind }: Collection, { key, data, revision }: Item) => ({
  [kind === 'list' ? 'index' : 'key']: key,
  data,
  revision: String(revision),
  last_event_id: 0,
  url: `${CDS}/items/${key}`,
  date_updated: at,
});

/** What a client is answered that opens an object; undefined when there is none. */
export function describedObject(
  sid: string,
  collection: Collection | undefined,
  document: Document | undefined,
): object | undefined {
  const base = { sid, unique_name: sid, url: `${CDS}/${sid}`, date_updated: at, date_expires: null };
  if (collection) {
    const links = { items: `${CDS}/Objects/${sid}/Items` };
    const items = collection.items.map((item) => describedItem(collection, item));
    return { ...base, links, items, revision: String(collection.eventId), last_event_id: collection.eventId };
  }
  if (!document) return undefined;
  return { ...base, data: document.data, revision: String(document.eventId), last_event_id: document.eventId };
}

/** A page of items, as a client asks for it. */
export function itemsPage(collection: Collection | undefined, params: Readonly<Record<string, string>>): object {
  const from = params.From ?? params.Index ?? params.Key;
  const isOne = params.From === undefined && from !== undefined;
  const isAskedFor = ({ key }: Item) => {
    if (isOne) return String(key) === from;
    return from === undefined || (typeof key === 'number' ? key >= Number(from) : key >= from);
  };
  const found = collection?.items.filter(isAskedFor) ?? [];
  const size = Number(params.PageSize ?? 50);
  const ordered = params.Order === 'desc' ? [...found].reverse() : found;
  const items = collection ? ordered.slice(0, size).map((item) => describedItem(collection, item)) : [];
  return { items, meta: { previous_token: null, next_token: ordered.length > size ? 'more' : null } };
}
