import type { Deadline } from '../../core/deadline.ts';
import type { SendHttp } from '../../core/http.ts';
import { earlier } from '../../core/in-time.ts';
import { postJson } from '../../http/post-json.ts';

/** Of the 2.4 s that a bot has, for nobody hears anything meanwhile. */
const TRY_MS = 2_300;
/** What is left to say what came of it: a message that has not arrived is sent once more. */
const RESERVE_MS = 100;

export interface RasaTarget {
  /** Where the server is, without the path of its channel. */
  readonly url: string;
  /** Stands alone in `Authorization`. */
  readonly authorization: string | undefined;
  readonly send: SendHttp;
}

export interface RasaSaid {
  readonly sender: string;
  readonly message: string;
}

/**
 * Gives Rasa a message, once, over its REST channel. Resolves to the JSON that it answers: Rasa has then done whatever the
 * message asked for. Throws `NotTaken`.
 */
export async function sendMessage({ url, authorization, send }: RasaTarget, said: RasaSaid, deadline: Deadline) {
  return postJson(send, {
    url: `${url.replace(/\/+$/, '')}/webhooks/rest/webhook`,
    headers: authorization === undefined ? {} : { authorization },
    body: JSON.stringify(said),
    tryMs: TRY_MS,
    deadline: earlier(deadline, RESERVE_MS),
  });
}
