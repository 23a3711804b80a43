import * as v from 'valibot';
import type { BrowserClock } from './clock.ts';
import type { Pass } from './conversation.ts';
import type { FlexToken } from './flex-token.ts';
import type { Refusal } from './refusal.ts';

/** How long before its end a token is renewed. */
const AHEAD_MS = 180_000;
const LEAST_MS = 15_000;
/** A token lives an hour at most. */
const MOST_MS = 3_600_000;
/** After a failure that may pass. */
const AGAIN_MS = 15_000;

/** Why there will be no other token: signing in again, or another chat. */
const forGood = ['chat_not_open', 'unauthorized', 'session_too_old', 'origin_not_allowed'];

const claims = v.object({ iat: v.number(), exp: v.number() });

/** How long a token lives that has just been issued, by its own claims: the clock of a visitor may be hours off. */
function lifetimeMs({ token, endsAtMs }: Pick<Pass, 'token' | 'endsAtMs'>, nowMs: number): number {
  try {
    const [, part = ''] = token.split('.');
    const { iat, exp } = v.parse(claims, JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/'))));
    return (exp - iat) * 1_000;
  } catch {
    return endsAtMs - nowMs;
  }
}

interface TokenRenewalParts {
  readonly clock: BrowserClock;
  readonly refresh: FlexToken['refresh'];
  readonly use: (token: string) => Promise<void>;
  /** The chat was ended elsewhere: there is none to have a token for. */
  readonly onNotOpen: () => void;
}

export interface TokenRenewal {
  /** Renews at once. Resolves to whether there is another token. */
  now(): Promise<boolean>;
  stop(): void;
}

/** Has a token renewed before it ends, by the clock here and whenever somebody says that it is time. */
export function tokenRenewal(pass: Pass, { clock, refresh, use, onNotOpen }: TokenRenewalParts): TokenRenewal {
  let isOver = false;
  let cancel = () => {};
  let underWay: Promise<boolean> | undefined;

  function plan(delayMs: number): void {
    cancel();
    cancel = clock.after(delayMs, () => void now());
  }

  function planFor(issued: Pass): void {
    const leftMs = lifetimeMs(issued, clock.nowMs());
    const delayMs = leftMs > 2 * AHEAD_MS ? leftMs - AHEAD_MS : leftMs / 2;
    plan(Math.min(MOST_MS, Math.max(LEAST_MS, delayMs)));
  }

  async function renew(): Promise<boolean> {
    try {
      const next = await refresh();
      if (isOver) return false;
      await use(next.token);
      if (!isOver) planFor(next);
      return true;
    } catch (error) {
      const { code } = error as Refusal;
      if (isOver) return false;
      if (code === 'chat_not_open') onNotOpen();
      else if (!forGood.includes(code)) plan(AGAIN_MS);
      return false;
    }
  }

  function now(): Promise<boolean> {
    underWay ??= renew().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  planFor(pass);
  return {
    now,
    stop() {
      isOver = true;
      cancel();
    },
  };
}
