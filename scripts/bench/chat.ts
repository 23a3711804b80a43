import { setTimeout as sleep } from 'node:timers/promises';
import { openStage } from '../../stage/stage.ts';

/** What a chat waits for, in milliseconds: most of the time, and at worst. */
export interface ChatAnswer {
  readonly what: string;
  readonly medianMs: number;
  readonly medianLimitMs: number;
  readonly slowMs: number;
  readonly slowLimitMs: number;
}

const PER_SECOND = 200;
const WARMING = 200;
const MEASURED = 1_000;
const AVAILABILITY = 200;

/** What `pause-check` may take: the desk's time-out and what the table takes. */
const DEADLINE_MS = 3_500;

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** How long a bot and a page wait for their answers on a stage of its own, its table and HTTP included. */
export async function chatAnswers(): Promise<readonly ChatAnswer[]> {
  const stage = await openStage({ given: {}, port: 0, write: () => {} });
  const key = stage.settings.BOT_ACCESS_TOKEN ?? '';

  async function send(path: string, body: object, headers: Readonly<Record<string, string>>): Promise<string> {
    const answer = await fetch(`${stage.url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${text}`);
    return text;
  }
  async function post(...given: Parameters<typeof send>): Promise<number> {
    const beganMs = performance.now();
    await send(...given);
    return performance.now() - beganMs;
  }
  const ask = (body: object) => post('pause-check', body, { authorization: key });

  const asked: Promise<number>[] = [];
  const beganMs = performance.now();
  for (let n = 0; n < WARMING + MEASURED; n++) {
    await sleep(Math.max(0, beganMs + (n * 1_000) / PER_SECOND - performance.now()));
    asked.push(ask({ conversationId: `bench-${n}`, text: 'And then it happened again' }));
  }
  const plain = (await Promise.all(asked)).slice(WARMING).sort((a, b) => a - b);

  const { token } = JSON.parse(await send('_stage/session', { sub: 'visitor-1' }, {}));
  const origin = (stage.settings.ALLOWED_ORIGINS ?? '').split(' ')[0] ?? '';
  const visitor = { authorization: `Bearer ${token}`, origin };
  const available: number[] = [];
  for (let n = 0; n < AVAILABILITY; n++) available.push(await post('flex-token', { action: 'availability' }, visitor));
  available.splice(0, AVAILABILITY / 4);
  available.sort((a, b) => a - b);

  await ask({ conversationId: 'hanging', handover: {} });
  await post('_stage/faults', { vendor: 'desk', mode: 'hang' }, {});
  const hanging = await ask({ conversationId: 'hanging', text: 'Is anybody there?' });
  await stage.close();
  return [
    {
      what: `pause-check, ${PER_SECOND} questions a second, slowest hundredth`,
      medianMs: at(plain, 0.5),
      medianLimitMs: 6,
      slowMs: at(plain, 0.99),
      slowLimitMs: 40,
    },
    {
      what: 'flex-token, availability from cache, slowest twentieth',
      medianMs: at(available, 0.5),
      medianLimitMs: 10,
      slowMs: at(available, 0.95),
      slowLimitMs: 40,
    },
    {
      what: 'pause-check while the desk hangs',
      medianMs: hanging,
      medianLimitMs: DEADLINE_MS,
      slowMs: hanging,
      slowLimitMs: DEADLINE_MS,
    },
  ];
}
