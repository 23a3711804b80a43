import * as v from 'valibot';
import { type Caller, defineFunction } from '../../shared/core/function.ts';
import type { Inbound } from '../../shared/core/inbound.ts';
import { json, type Reply } from '../../shared/core/reply.ts';
import type { Env } from '../../shared/core/settings.ts';
import { testClock } from './clock.ts';
import { startFunction } from './start-function.ts';

/** The clock of the tests that speak of sessions: 2026-01-01T00:05:00Z. */
export const NOW_MS = 1_767_225_900_000;

export interface Knocked {
  readonly reply: Reply;
  /** Who was let in; undefined when nobody was. */
  // biome-ignore lint/suspicious/noExplicitAny: each caller has its own shape, and tests look into all of them
  readonly who: any;
  /** The code of the refusal. */
  readonly code: string | undefined;
  readonly lines: readonly string[];
}

/** Sends one call to a function that lets a caller in and answers who it was. */
export async function knock<Who, S>(
  caller: Caller<Who, S>,
  inbound: Inbound,
  { env = {}, nowMs = NOW_MS, media = 'json' }: { env?: Env; nowMs?: number; media?: 'json' | 'form' } = {},
): Promise<Knocked> {
  const fn = defineFunction({
    name: 'receive-call',
    purpose: 'Tells who calls',
    calledBy: 'tests',
    methods: ['POST', 'GET'],
    caller,
    input: { media, schema: v.unknown(), names: [] },
    settings: { infos: [], read: () => ({}) },
    ports: {},
    deadlineMs: 2_000,
    answer: ({ who }) => json(200, { who }),
  });
  const { call, lines } = startFunction(fn, env, testClock(nowMs));
  const reply = await call(inbound);
  const body = JSON.parse(reply.body);
  return { reply, who: body.who, code: body.error?.code, lines };
}
