import { type Problem, problemKinds } from './problems.ts';

/** What a function answers; every runtime can send it. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(value) };
}

export function noContent(): Reply {
  return { status: 204, headers: {}, body: '' };
}

/** TwiML as text. `text/xml` is said explicitly: OpenWhisk makes a string without a type `text/html`. */
export function xml(text: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: text };
}

/** The JSON answer to a problem: `{"error":{"code","message","id"}}`, and nothing of our insides. */
export function problemReply(problem: Problem, id: string): Reply {
  const { status, says } = problemKinds[problem.code];
  const { retryAfterSec, allowed, extra } = problem.detail;
  return json(
    status,
    { error: { code: problem.code, message: says, id }, ...extra },
    {
      ...(retryAfterSec === undefined ? {} : { 'retry-after': String(retryAfterSec) }),
      ...(allowed === undefined ? {} : { allow: allowed.join(', ') }),
    },
  );
}
