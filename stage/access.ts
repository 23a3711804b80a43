import type { IncomingMessage } from 'node:http';

const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** What proxies, tunnels and content networks add. */
const FORWARDED =
  /^(x-forwarded(-.*)?|x-(real|client|cluster-client)-ip|x-original-.*|(cf|fly|fastly|true|client)-(.+-)?ip|forwarded|via)$/;

/**
 * Whether a request may use the stage's own requests: it comes from this machine, to a loopback name, through no proxy or
 * tunnel, and from no page of another origin. A tunnel's visitors and a web page that guesses the port may not.
 */
export function mayDirect({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  const { host = '', origin } = headers;
  const site = headers['sec-fetch-site'];
  return (
    LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') &&
    LOOPBACK_HOST.test(host) &&
    !Object.keys(headers).some((name) => FORWARDED.test(name)) &&
    (origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`) &&
    (site === undefined || site === 'same-origin' || site === 'none')
  );
}
