import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TwilioRequest } from './twilio-openapi.ts';

/** How the next request is treated. The call is placed, or the chat begun, for all that begin with `placed`. */
export type Treatment =
  | 'placed'
  | 'placed, then hangs'
  | 'placed, then reset'
  | 'placed, answer cut off'
  | 'placed, answer empty'
  | 'placed, answer html'
  | 'placed, then 500'
  | 'hangs'
  | 'reset'
  | '500'
  | '503'
  | 'redirected'
  | 'refused'
  | { readonly busy: string | undefined };

export interface FakeTwilio {
  /** For `TWILIO_API_BASE_URL`. */
  readonly url: string;
  /** Every request that makes something or looks something up, in order: but for those about a chat that is there. */
  readonly requests: readonly TwilioRequest[];
  /** What is asked about chats that are there, which is always answered well. */
  readonly aboutChats: readonly TwilioRequest[];
  /** How often a call was placed or a chat begun. */
  readonly placed: () => number;
  /** Treats the next requests so, one each, and those after them as `placed`. Forgets what was said before. */
  next(...treatments: readonly Treatment[]): void;
  /** The `authorization` of the last request. */
  readonly authorization: () => string | undefined;
}

const sidOf = (kind: string, count: number) => `${kind}${count.toString(16).padStart(32, '0')}`;

/** What Twilio answers once it has made something. */
function madeOf(path: string, body: string, count: number): string {
  if (path.endsWith('/Messages.json')) return JSON.stringify({ sid: sidOf('SM', count), status: 'queued' });
  if (path.endsWith('/Tasks')) return JSON.stringify({ sid: sidOf('WT', count) });
  if (path !== '/v2/WebChats') return JSON.stringify({ sid: sidOf('CA', count), status: 'queued' });
  const identity = new URLSearchParams(body).get('Identity');
  return JSON.stringify({ conversation_sid: sidOf('CH', count), identity });
}

/** What Twilio answers about a chat that is there; undefined for everything else. */
function aboutChat(method: string, path: string): object | undefined {
  if (/\/Workspaces\/\w+\/Tasks\?/.test(path)) return { tasks: [] };
  const [, name, part] = /^\/v1\/Services\/\w+\/Conversations\/(\w+)(?:\/(\w+))?/.exec(path) ?? [];
  if (name === undefined) return undefined;
  if (part === 'Webhooks')
    return method === 'GET'
      ? { webhooks: [] }
      : { sid: sidOf('WH', 1), configuration: { url: 'https://x.example.com' } };
  if (part === 'Participants') return { sid: sidOf('MB', 1) };
  return part === 'Messages' ? { sid: sidOf('IM', 1), messages: [] } : { sid: name, state: 'active', attributes: '{}' };
}

function answer(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A server that answers like Twilio's REST API, or fails like it. It is closed when the test is over. */
export async function fakeTwilio(): Promise<FakeTwilio> {
  const requests: TwilioRequest[] = [];
  const aboutChats: TwilioRequest[] = [];
  const treatments: Treatment[] = [];
  let placed = 0;
  let authorization: string | undefined;

  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    authorization = request.headers.authorization;
    const { method = '', url: path = '' } = request;
    const seen = { method, host: String(request.headers['x-twilio-host']), path, body };
    const known = aboutChat(method, path);
    if (known) {
      aboutChats.push(seen);
      return answer(response, 200, JSON.stringify(known));
    }
    requests.push(seen);
    const treatment = treatments.shift() ?? 'placed';
    if (typeof treatment === 'object') {
      return answer(
        response,
        429,
        '{"code":20429}',
        treatment.busy === undefined ? {} : { 'retry-after': treatment.busy },
      );
    }
    if (treatment.startsWith('placed')) placed++;
    const json = madeOf(request.url ?? '', body, placed);
    switch (treatment) {
      case 'placed':
        return answer(response, 201, json);
      case 'placed, then hangs':
      case 'hangs':
        return;
      case 'placed, then reset':
      case 'reset':
        return request.socket.destroy();
      case 'placed, answer cut off':
        response.writeHead(201, { 'content-length': String(json.length) });
        response.write(json.slice(0, 10));
        return setTimeout(() => request.socket.destroy(), 5);
      case 'placed, answer empty':
        return answer(response, 201, '');
      case 'placed, answer html':
        return answer(response, 201, '<html>');
      case 'placed, then 500':
      case '500':
        return answer(response, 500, '{"code":20500}');
      case '503':
        return answer(response, 503, '');
      case 'redirected':
        return answer(response, 302, '', { location: 'http://169.254.169.254/' });
      case 'refused':
        return answer(response, 400, '{"code":21211,"message":"Invalid To"}');
      default:
        treatment satisfies never;
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    aboutChats,
    placed: () => placed,
    next: (...only) => treatments.splice(0, treatments.length, ...only),
    authorization: () => authorization,
  };
}
