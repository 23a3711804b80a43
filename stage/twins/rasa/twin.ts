import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import { type StageRequests, takes } from '../../requests.ts';
import { type Listener, openTwin, type TwinAnswer, type TwinParts, type TwinRequest } from '../../twin.ts';
import { type Dialogue, helpdeskDialogue, ordersDialogue, type Tracker, type Uttered } from './helpdesk.ts';

const posted = v.object({ sender: v.optional(v.string(), 'default'), message: v.string() });

/** A server for each bot, under a path of its own. */
const hosts = ['helpdesk', 'orders'] as const;
type Host = (typeof hosts)[number];

interface Conversation extends Tracker {
  readonly host: Host;
  readonly sender: string;
  readonly lines: { readonly by: 'user' | 'bot'; readonly said: unknown }[];
}

const scripted = v.strictObject({
  host: v.optional(v.picklist(hosts), 'helpdesk'),
  /** What the next messages are answered with, one list for each. */
  answers: v.array(v.array(v.record(v.string(), v.unknown()))),
});

/** Two Rasa servers, reached by their REST channel: a helpdesk, and another bot that it may hand over to. */
export interface RasaTwin {
  readonly listener: Listener;
  readonly requests: StageRequests;
  reset(): void;
}

/** As Sanic, which Rasa runs on, says that something went wrong. */
const sanicFault = (status: number, description: string, message: string): TwinAnswer => ({
  status,
  body: { description, status, message },
});

/** The channel splits a text at empty lines. */
const asMessages = (sender: string, uttered: readonly Uttered[]) =>
  uttered.flatMap(({ text, buttons, ...rest }) => {
    const recipient_id = sender;
    if (typeof text !== 'string' || buttons !== undefined)
      return [
        { recipient_id, ...rest, ...(text !== undefined && { text }), ...(buttons !== undefined && { buttons }) },
      ];
    return text.split('\n\n').map((part) => ({ recipient_id, ...rest, text: part }));
  });

interface RasaParts extends TwinParts {
  readonly env: () => Env;
}

/**
 * Speaks the REST channel to the letter: `POST /webhooks/rest/webhook`, a list of messages, an empty one where nothing is
 * said or Rasa fails inside, and no signature. Something in front of the helpdesk wants `RASA_AUTHORIZATION`, where that is
 * set. Source: Rasa 3.6, rasa/core/channels/rest.py and channel.py, and rasa.com/docs, REST channel, read 2026-11-28.
 */
export async function openRasaTwin({ env, ...parts }: RasaParts): Promise<RasaTwin> {
  const conversations = new Map<string, Conversation>();
  const scripts = new Map<Host, (readonly Uttered[])[]>();
  const dialogues: Readonly<Record<Host, Dialogue>> = {
    helpdesk: helpdeskDialogue(() => `${listener.url}/orders`),
    orders: ordersDialogue,
  };

  function conversationOf(host: Host, sender: string): Conversation {
    const key = JSON.stringify([host, sender]);
    const found = conversations.get(key) ?? { host, sender, asks: undefined, slots: {}, from: undefined, lines: [] };
    conversations.set(key, found);
    return found;
  }

  function talk(host: Host, body: string): TwinAnswer {
    const asked = v.safeParse(v.pipe(v.string(), v.parseJson(), posted), body);
    if (!asked.success) return sanicFault(400, 'Bad Request', 'Failed when parsing body as json');
    const { sender, message } = asked.output;
    const conversation = conversationOf(host, sender);
    const uttered = scripts.get(host)?.shift() ?? dialogues[host](message, conversation);
    conversation.lines.push({ by: 'user', said: message }, ...uttered.map((said) => ({ by: 'bot' as const, said })));
    return { status: 200, body: asMessages(sender, uttered) };
  }

  function answer({ method, path, headers, body }: TwinRequest): TwinAnswer {
    const [, name, rest] = /^\/(\w+)(\/.*)$/.exec(path) ?? [];
    const host = hosts.find((one) => one === name);
    const wanted = host === 'helpdesk' ? env().RASA_AUTHORIZATION : undefined;
    if (wanted !== undefined && headers.authorization !== wanted)
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="rasa"' }, body: '<html>401</html>' };
    if (host && rest === '/webhooks/rest/') return { status: 200, body: { status: 'ok' } };
    if (!host || rest !== '/webhooks/rest/webhook')
      return sanicFault(404, 'Not Found', `Requested URL ${path} not found`);
    if (method !== 'POST') return sanicFault(405, 'Method Not Allowed', `Method ${method} not allowed for URL ${path}`);
    return talk(host, body);
  }

  const listener = await openTwin(parts, {
    vendor: 'rasa',
    answer,
    problem: (status) =>
      status === 500
        ? sanicFault(500, 'Internal Server Error', 'The server encountered an internal error')
        : // What is in front of it says so: Rasa has neither limit.
          { status, headers: status === 429 ? { 'retry-after': '1' } : {}, body: `<html><h1>${status}</h1></html>` },
    recorded: ({ authorization: _, ...headers }) => headers,
  });
  return {
    listener,
    requests: {
      'GET /_stage/rasa': () => [...conversations.values()],
      'POST /_stage/rasa/script': takes(scripted, ({ host, answers }) => {
        scripts.set(host, [...answers]);
      }),
    },
    reset() {
      conversations.clear();
      scripts.clear();
    },
  };
}
