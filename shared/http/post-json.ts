import type { Deadline } from '../core/deadline.ts';
import { answerTo, takenAnswer } from '../core/handover/not-taken.ts';
import type { SendHttp } from '../core/http.ts';

export interface JsonPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as text: a signature covers these very bytes. */
  readonly body: string;
  readonly tryMs: number;
  readonly deadline: Deadline;
}

/** Sends JSON once. Resolves to the JSON of the answer, undefined when there is none. Throws `NotTaken`. */
export async function postJson(send: SendHttp, { headers, ...post }: JsonPost): Promise<unknown> {
  const typed = { 'content-type': 'application/json', ...headers };
  return takenAnswer(await answerTo(send, { method: 'POST', headers: typed, ...post }));
}
