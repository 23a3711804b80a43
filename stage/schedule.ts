import { headerMap, type Inbound } from '../shared/core/inbound.ts';
import type { Handle } from '../shared/core/pipeline.ts';
import { Problem } from '../shared/core/problems.ts';
import type { Env } from '../shared/core/settings.ts';
import type { StageClock } from './clock.ts';
import type { EventLog } from './events.ts';

/** How often a platform would do it. */
const EVERY_MS = 60_000;

/** The function that a platform calls by its schedule. */
const SWEEP = 'sweep';

/** A call by the platform's own schedule: no HTTP around it, so whoever set it up holds the platform's key. */
const byThePlatform: Inbound = {
  method: 'POST',
  query: '',
  headers: headerMap({}),
  body: undefined,
  fields: {},
  trust: 'platform-key',
  sourceAddress: undefined,
};

/** The platform's schedule: it calls `sweep` every minute, and whenever the clock has been moved. */
export interface Schedule {
  /** Calls it now, after whatever call is under way. Undefined when there is no such function. */
  sweep(): Promise<{ readonly status: number; readonly answer: unknown } | undefined>;
  /** Moves the clock on and lets happen what is due then. */
  advance(ms: number): Promise<void>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  close(): void;
}

interface Parts {
  readonly functions: () => ReadonlyMap<string, Handle>;
  readonly env: () => Env;
  readonly clock: StageClock;
  readonly log: EventLog;
}

const jsonIn = (body: string): unknown => (body === '' ? {} : JSON.parse(body));

export function openSchedule({ functions, env, clock, log }: Parts): Schedule {
  let last: Promise<unknown> = Promise.resolve();

  const sweepOnce: Schedule['sweep'] = async () => {
    const handle = functions().get(SWEEP);
    if (!handle) return undefined;
    const url = `${env().PUBLIC_BASE_URL}/${SWEEP}`;
    const about = { vendor: 'schedule', direction: 'in', method: 'POST', url, headers: {}, body: '' } as const;
    const end = log.begin({ atMs: clock.nowMs(), ...about });
    const { status, body } = await handle(byThePlatform);
    end(status, body);
    return { status, answer: jsonIn(body) };
  };
  const sweep: Schedule['sweep'] = () => {
    const next = last.then(sweepOnce);
    last = next.catch(() => undefined);
    return next;
  };
  const timer = setInterval(() => void sweep().catch(() => undefined), EVERY_MS).unref();
  return {
    sweep,
    async advance(ms) {
      clock.moveBy(ms);
      await sweep();
    },
    async idle() {
      await last;
    },
    close: () => clearInterval(timer),
  };
}

/** The stage's own request to sweep: what the function answers. */
export async function sweepNow(schedule: Schedule): Promise<unknown> {
  const answered = await schedule.sweep();
  if (!answered) throw new Problem('not_found', { extra: { reason: `there is no function ${SWEEP}` } });
  return answered;
}
