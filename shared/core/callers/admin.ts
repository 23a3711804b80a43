import type { Caller } from '../function.ts';
import { Problem } from '../problems.ts';
import { optional, settings, words } from '../settings.ts';
import { sameAsAny, withoutBearer } from './secrets.ts';

interface AdminSettings {
  readonly ADMIN_KEY: readonly string[];
}

const none: readonly string[] = [];

/**
 * The platform's own schedule, or whoever presents `ADMIN_KEY` in `Authorization`, as it is or after `Bearer`; two keys
 * verify during a rotation. Without a key nobody gets in over HTTP.
 */
export const scheduleOrAdminCaller: Caller<'schedule' | 'admin', AdminSettings> = {
  kind: 'token',
  settings: settings({
    ADMIN_KEY: optional(words, none, {
      is: 'what an operator or a foreign schedule presents; two values separated by a space while it is rotated',
      secret: true,
    }),
  }),
  needsRawBody: false,
  async check({ inbound, settings: own }) {
    if (inbound.trust === 'platform-key') return 'schedule';
    if (sameAsAny(withoutBearer(inbound.headers.authorization), own.ADMIN_KEY)) return 'admin';
    throw new Problem('unauthorized', { reason: 'no ADMIN_KEY' });
  },
};
