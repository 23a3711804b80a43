import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What an attribute of ours may hold. Undefined is left out of the item. */
type Value = string | number | Uint8Array | readonly string[] | undefined;

export type Attributes = Readonly<Record<string, Value>>;

/** An item as DynamoDB speaks it. */
export type RawItem = Record<string, AttributeValue>;

function toRaw(value: Exclude<Value, undefined>): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (value instanceof Uint8Array) return { B: value };
  return { L: value.map((entry) => ({ S: entry })) };
}

function fromRaw(raw: AttributeValue): unknown {
  if (raw.S !== undefined) return raw.S;
  if (raw.N !== undefined) return Number(raw.N);
  if (raw.B !== undefined) return raw.B;
  if (raw.L !== undefined) return raw.L.map(fromRaw);
  return null; // no kind of ours: no schema takes it
}

/** Attributes as DynamoDB speaks them. */
export function toRawItem(attributes: Attributes): RawItem {
  const raw: RawItem = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) raw[name] = toRaw(value);
  return raw;
}

/** The values of an item, unchecked: a schema says whether they are what they should be. */
export function fromRawItem(raw: RawItem): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, fromRaw(value)]));
}

/** What a value counts against DynamoDB's limit, a number at its largest. */
function bytesOfValue(value: Value): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 21;
  if (value instanceof Uint8Array) return value.byteLength;
  return value.reduce((bytes, entry) => bytes + 1 + Buffer.byteLength(entry), 3);
}

/** What an item counts against DynamoDB's limit: names and values in bytes of UTF-8. */
export function bytesOf(attributes: Attributes): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + bytesOfValue(value),
    0,
  );
}
