/** Header names in lower case, repeated headers joined with ", ". The object has no prototype. */
export type HeaderMap = Readonly<Record<string, string>>;

/** What a platform can say about who called, before any check of ours. */
export type PlatformTrust =
  /** Nothing: everything must be checked here. */
  | 'none'
  /** Twilio Functions: the gateway verified the signature of a `.protected` function before our code ran. */
  | 'twilio-gateway'
  /** A plain OpenWhisk action, or a Lambda invoked directly or by a schedule: whoever did that holds the platform's own key. */
  | 'platform-key';

/** One call, as every runtime hands it over. A runtime translates its event into this and nothing else. */
export interface Inbound {
  /** Upper case. */
  readonly method: string;
  /** Raw query string without "?", exactly as received; empty when there is none. */
  readonly query: string;
  readonly headers: HeaderMap;
  /** Raw bytes. Absent when the platform keeps them to itself or what it gave cannot be decoded. */
  readonly body: Uint8Array | undefined;
  /** What the platform parsed instead of handing over the bytes: query and body merged. Absent when `body` is there. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly trust: PlatformTrust;
  /** The client's address as the platform itself saw it, never from a header the client can write. */
  readonly sourceAddress: string | undefined;
}

/** The media type that a call says its body has, in lower case and without parameters; empty when it says none. */
export function mediaType({ headers }: Pick<Inbound, 'headers'>): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Builds a `HeaderMap` from whatever a platform has: missing maps, lists of values, any letter case. */
export function headerMap(source: Readonly<Record<string, unknown>> | null | undefined): HeaderMap {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(source ?? {})) {
    if (value === undefined || value === null) continue;
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? text : `${headers[key]}, ${text}`;
  }
  return headers;
}
