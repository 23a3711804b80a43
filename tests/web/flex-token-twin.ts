import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Asked {
  readonly action: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How the next request of an action goes: an answer, no answer, or none that could be read. */
type Trouble =
  | { readonly status: number; readonly code: string; readonly retryAfterSec?: number; readonly session?: string }
  | 'hangs'
  | 'cut'
  | 'nonsense'
  | 'endless';

/** The function `flex-token` of one visitor, as a test wants it to go. What it really does is tested with the function. */
export interface FlexTokenTwin {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** The actions that were asked for, in order. */
  readonly actions: readonly string[];
  /** For the next requests of an action, one after the other; then it works again. */
  readonly troubles: Record<string, Trouble[]>;
  /** Whether the visitor has an open chat. */
  isOpen: boolean;
  availability: object;
  lifetimeMs: number;
  /** For a visitor without a session. */
  newSession: string | undefined;
  nowMs: () => number;
  /** Another way to make a pass: a token and a conversation that Twilio's own client can use. */
  passes: (() => Promise<{ readonly token: string; readonly conversationSid: string }>) | undefined;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Asked['body']> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function answerJson(
  response: ServerResponse,
  status: number,
  json: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
}

function inTrouble(trouble: Trouble, response: ServerResponse): void {
  if (trouble === 'hangs') return;
  if (trouble === 'cut') {
    response.writeHead(200, { 'content-length': 500 }).write('{"token"');
    response.destroy();
    return;
  }
  if (trouble === 'endless') {
    const more = () => {
      while (response.writable && response.write(' '.repeat(10_000)));
      response.once('drain', more);
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    more();
    return;
  }
  if (trouble === 'nonsense') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>proxy</p>');
    return;
  }
  const { status, code, retryAfterSec, session } = trouble;
  const headers = retryAfterSec === undefined ? {} : { 'retry-after': String(retryAfterSec) };
  answerJson(response, status, { error: { code, message: 'No.', id: 'id-1' }, session }, headers);
}

export async function flexTokenTwin(): Promise<FlexTokenTwin> {
  const asked: Asked[] = [];
  const troubles: Record<string, Trouble[]> = {};
  let chats = 0;
  let tokens = 0;

  async function pass(hasSession: boolean): Promise<object> {
    if (!twin.isOpen) chats += 1;
    twin.isOpen = true;
    tokens += 1;
    const conversationSid = `CH${String(chats).padStart(32, '0')}`;
    const iat = twin.nowMs() / 1_000;
    const exp = iat + twin.lifetimeMs / 1_000;
    const claims = Buffer.from(JSON.stringify({ iat, exp })).toString('base64url');
    const expiresAt = new Date(exp * 1_000).toISOString();
    const token = `header.${claims}.token-${tokens}`;
    const session = hasSession ? undefined : twin.newSession;
    return { token, identity: 'visitor', conversationSid, expiresAt, session, ...(await twin.passes?.()) };
  }

  async function answer(action: string, hasSession: boolean): Promise<readonly [status: number, json: object]> {
    if (action === 'availability') return [200, twin.availability];
    if (action === 'refresh' && !twin.isOpen)
      return [409, { error: { code: 'chat_not_open', message: 'No.', id: 'id-1' } }];
    if (action !== 'end') return [200, await pass(hasSession)];
    twin.isOpen = false;
    return [200, { ended: true }];
  }

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const action = String(body.action);
    const { authorization } = request.headers;
    asked.push({ action, authorization, body });
    const trouble = troubles[action]?.shift();
    if (trouble !== undefined) inTrouble(trouble, response);
    else answerJson(response, ...(await answer(action, authorization !== undefined)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const twin: FlexTokenTwin = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/flex-token`,
    asked,
    get actions() {
      return asked.map(({ action }) => action);
    },
    troubles,
    isOpen: false,
    availability: { online: null },
    lifetimeMs: 3_600_000,
    newSession: undefined,
    nowMs: Date.now,
    passes: undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return twin;
}
