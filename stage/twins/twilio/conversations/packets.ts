/**
 * The frames of Twilio's socket: a line with the size of the header, the header as JSON, the body as JSON. Source: the package
 * twilsock 1.0.2, `parser.js`.
 */
export interface Packet {
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function packed(header: Packet['header'], body?: unknown): Uint8Array {
  const payload = body === undefined ? '' : JSON.stringify(body);
  const size = encoder.encode(payload).length;
  const head = JSON.stringify({ ...header, payload_size: size, payload_type: 'application/json' });
  return encoder.encode(`TWILSOCK V3.0 ${encoder.encode(head).length}\r\n${head}\r\n${payload}`);
}

export function unpacked(bytes: Uint8Array): Packet {
  const lineEnd = bytes.indexOf(13);
  const size = Number(decoder.decode(bytes.subarray(0, lineEnd)).split(' ').at(-1));
  const headEnd = lineEnd + 2 + size;
  const header = JSON.parse(decoder.decode(bytes.subarray(lineEnd + 2, headEnd)));
  const body = decoder.decode(bytes.subarray(headEnd + 2));
  const isJson = body !== '' && String(header.payload_type).includes('json');
  return { header, body: isJson ? JSON.parse(body) : body };
}
