import { startDeadline } from '../shared/core/deadline.ts';
import type { HttpAnswer } from '../shared/core/http.ts';
import { sendHttp } from '../shared/http/client.ts';
import type { StageClock } from './clock.ts';
import type { EventLog } from './events.ts';

export interface WebhookRequest {
  readonly vendor: string;
  readonly method: 'GET' | 'POST';
  /** The public URL, as the partner knows it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long this partner waits for an answer. */
  readonly waitMs: number;
}

/**
 * Sends a partner's request to a function and notes it. Resolves to undefined when no whole answer came in time, and for
 * every address that is not a function of the stage: a twin never leaves this machine.
 */
export type SendWebhook = (request: WebhookRequest) => Promise<HttpAnswer | undefined>;

export interface Webhooks {
  readonly send: SendWebhook;
  /** Resolves when nothing is under way any more, or after `limitMs`. */
  idle(limitMs: number): Promise<void>;
}

/** `localUrl` says where on this machine a public URL is served; undefined when it is not one of ours. */
export function openWebhooks(
  log: EventLog,
  clock: StageClock,
  localUrl: (publicUrl: string) => string | undefined,
): Webhooks {
  const underWay = new Set<Promise<unknown>>();
  const trySend: SendWebhook = async ({ vendor, method, url, headers, body, waitMs }) => {
    const end = log.begin({ atMs: clock.nowMs(), vendor, direction: 'in', method, url, headers, body });
    const target = localUrl(url);
    if (target === undefined) return undefined;
    const deadline = startDeadline(clock, waitMs + 1_000);
    try {
      const sent = method === 'POST' ? { body } : {};
      const answer = await sendHttp({ method, url: target, headers, ...sent, tryMs: waitMs, deadline });
      end(answer.status, answer.body);
      return answer;
    } catch {
      end(0);
      return undefined;
    } finally {
      deadline.close();
    }
  };
  return {
    send(request) {
      const sending = trySend(request);
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending));
      return sending;
    },
    async idle(limitMs) {
      const late = new Promise((resolve) => setTimeout(resolve, limitMs).unref());
      await Promise.race([late, Promise.all(underWay)]);
    },
  };
}

/** What `FUNCTION_URLS` says; nothing where it is malformed, for then every function says so by itself. */
export function functionUrls(setting: string | undefined): Readonly<Record<string, string>> {
  try {
    return Object(JSON.parse(setting || '{}'));
  } catch {
    return {};
  }
}

/**
 * Finds a function by the URL it has outside: under `PUBLIC_BASE_URL` or in `FUNCTION_URLS`. `stageUrl` is where this
 * machine serves it.
 */
export function localUrls(
  baseUrl: string,
  functionUrls: Readonly<Record<string, string>>,
  stageUrl: string,
): (publicUrl: string) => string | undefined {
  const base = baseUrl.replace(/#.*$/s, '').replace(/\/+$/, '');
  return (publicUrl) => {
    const [address = '', ...query] = publicUrl.split('?');
    const suffix = query.length === 0 ? '' : `?${query.join('?')}`;
    const own = Object.entries(functionUrls).find(([, url]) => url === address);
    if (own) return `${stageUrl}/${own[0]}${suffix}`;
    return address.startsWith(`${base}/`) ? `${stageUrl}${address.slice(base.length)}${suffix}` : undefined;
  };
}
