import type { Deadline } from './deadline.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Full URL. Its host comes from a setting, never from a request. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Limit of this one try in milliseconds; the deadline ends it earlier. */
  readonly tryMs: number;
  readonly deadline: Deadline;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** No whole answer came. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** False when surely nothing reached the other side, so repeating is safe for any verb. */
  readonly maybeReceived: boolean;

  constructor(maybeReceived: boolean, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.maybeReceived = maybeReceived;
  }
}

/**
 * Sends one request, once. Resolves to whatever status came, redirects too: they are never followed. Throws `NoAnswer`
 * when the connection fails, the time is over, or the answer is cut off or larger than 1 MB.
 */
export type SendHttp = (request: HttpRequest) => Promise<HttpAnswer>;
