import type { Deadline } from '../core/deadline.ts';
import { notAnswered, takenAnswer } from '../core/handover/not-taken.ts';
import type { HttpAnswer, SendHttp } from '../core/http.ts';

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
  let answer: HttpAnswer;
  try {
    answer = await send({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, ...post });
  } catch (error) {
    throw notAnswered(error);
  }
  return takenAnswer(answer);
}
