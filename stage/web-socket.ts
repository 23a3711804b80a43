import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** This end of a WebSocket. */
export interface SocketEnd {
  /** The host and port by which the other end knows us. */
  readonly host: string;
  /** Sends one binary message; nothing when the other end has gone. */
  send(data: Uint8Array): void;
  /** Ends the connection in good order. */
  end(): void;
  /** Breaks the connection. */
  drop(): void;
}

/** What hears what comes. */
export interface SocketEars {
  received(data: Uint8Array): void;
  closed(): void;
}

/** Source: RFC 6455, sections 1.3, 5.2 and 5.5. */
const GREETING = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const CONTINUES = 0;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** 1000: all is well. */
const NORMAL = Buffer.from([3, 232]);
const MOST_BYTES = 1_000_000;

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly payload: Buffer;
  /** Of the whole frame. */
  readonly bytes: number;
}

/** The first frame in what has come; undefined while it is not whole, false when it is none that a browser sends. */
function frameIn(bytes: Buffer): Frame | undefined | false {
  if (bytes.byteLength < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (bytes.readUInt8(1) & 0x80) !== 0;
  if (!isMasked) return false;
  if (bytes.byteLength < 2 + extra + 4) return undefined;
  const size = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (size > MOST_BYTES) return false;
  const begins = 2 + extra + 4;
  if (bytes.byteLength < begins + size) return undefined;
  const mask = bytes.subarray(begins - 4, begins);
  const payload = Buffer.from(bytes.subarray(begins, begins + size));
  for (let at = 0; at < size; at += 1) payload.writeUInt8(payload.readUInt8(at) ^ mask.readUInt8(at % 4), at);
  const first = bytes.readUInt8(0);
  return { opcode: first & 0x0f, isLast: (first & 0x80) !== 0, payload, bytes: begins + size };
}

function framed(opcode: number, payload: Uint8Array): Buffer {
  const size = payload.byteLength;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head.writeUInt8(0x80 | opcode, 0);
  head.writeUInt8(size < 126 ? size : size < 65_536 ? 126 : 127, 1);
  if (head.byteLength === 4) head.writeUInt16BE(size, 2);
  if (head.byteLength === 10) head.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([head, payload]);
}

/** Answers to what comes until the other end goes: messages are handed on, whole. */
function hear(socket: Duplex, ears: SocketEars): (more: Buffer) => void {
  let waiting: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  const take = ({ opcode, isLast, payload }: Frame): void => {
    if (opcode === CLOSE) socket.end(framed(CLOSE, payload.subarray(0, 2)));
    else if (opcode === PING) socket.write(framed(PONG, payload));
    else if (opcode !== PONG) {
      parts = opcode === CONTINUES ? [...parts, payload] : [payload];
      if (isLast) ears.received(Buffer.concat(parts));
    }
  };
  return (more) => {
    waiting = Buffer.concat([waiting, more]);
    for (;;) {
      const frame = frameIn(waiting);
      if (frame === false) return void socket.destroy();
      if (frame === undefined) return;
      waiting = waiting.subarray(frame.bytes);
      take(frame);
    }
  };
}

/**
 * Makes a WebSocket of a request that asks for one; one that does not is answered 400. Of our own because the stage begins
 * without packages that only a browser needs.
 */
export function acceptSocket(incoming: IncomingMessage, socket: Duplex, opens: (end: SocketEnd) => SocketEars): void {
  const key = incoming.headers['sec-websocket-key'];
  if (incoming.headers.upgrade?.toLowerCase() !== 'websocket' || !key) {
    refuseSocket(socket, 400);
    return;
  }
  const accept = createHash('sha1')
    .update(key + GREETING)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const ears = opens({
    host: incoming.headers.host ?? '',
    send: (data) => void (socket.writable && socket.write(framed(BINARY, data))),
    end: () => void (socket.writable && socket.end(framed(CLOSE, NORMAL))),
    drop: () => void socket.destroy(),
  });
  socket.on('data', hear(socket, ears));
  socket.on('error', () => socket.destroy());
  socket.once('close', () => ears.closed());
}

/** Answers a request for a WebSocket that there is not. */
export function refuseSocket(socket: Duplex, status: 400 | 404): void {
  socket.end(`HTTP/1.1 ${status} ${status === 404 ? 'Not Found' : 'Bad Request'}\r\nconnection: close\r\n\r\n`);
}
