import type { IncomingMessage } from 'node:http';

const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** What proxies, tunnels and content networks add. */
const FORWARDED =
  /^(x-forwarded(-.*)?|x-(real|client|cluster-client)-ip|x-original-.*|(cf|fly|fastly|true|client)-(.+-)?ip|forwarded|via)$/;

type Request = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Whether a request comes from this machine, to a loopback name, and through no proxy or tunnel. */
function isLocal({ headers, socket }: Request): boolean {
  return (
    LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') &&
    LOOPBACK_HOST.test(headers.host ?? '') &&
    !Object.keys(headers).some((name) => FORWARDED.test(name))
  );
}

const isOwnPage = ({ headers: { host = '', origin } }: Request) =>
  origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`;

/**
 * Whether a request may use the stage's own requests: it comes from this machine, to a loopback name, through no proxy or
 * tunnel, and from no page of another origin. A tunnel's visitors and a web page that guesses the port may not.
 */
export function mayDirect(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  return isLocal(request) && isOwnPage(request) && (site === undefined || site === 'same-origin' || site === 'none');
}

/** Whether a socket may be opened: as for the stage's own requests, or by a page of an origin that may chat. */
export function mayOpenSocket(request: Request, origins: readonly string[]): boolean {
  return isLocal(request) && (isOwnPage(request) || origins.includes(request.headers.origin ?? ''));
}
