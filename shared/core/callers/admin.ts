import type { Caller, CallerCheck } from '../function.ts';
import { Problem } from '../problems.ts';
import { optional, settings, words } from '../settings.ts';
import { sameAsAny, withoutBearer } from './secrets.ts';

interface AdminSettings {
  readonly ADMIN_KEY: readonly string[];
}

const none: readonly string[] = [];

const adminKey = settings({
  ADMIN_KEY: optional(words, none, {
    is: 'what an operator or a foreign schedule presents; two values separated by a space while it is rotated',
    secret: true,
  }),
});

type Check = CallerCheck<AdminSettings>;

function admin({ inbound, settings: own }: Check): 'admin' {
  if (sameAsAny(withoutBearer(inbound.headers.authorization), own.ADMIN_KEY)) return 'admin';
  throw new Problem('unauthorized', { reason: 'no ADMIN_KEY' });
}

/**
 * Whoever presents `ADMIN_KEY` in `Authorization`, as it is or after `Bearer`; two keys verify during a rotation. Without a key
 * nobody gets in.
 */
export const adminCaller: Caller<'admin', AdminSettings> = {
  kind: 'token',
  settings: adminKey,
  needsRawBody: false,
  check: async (call) => admin(call),
};

/** The platform's own schedule, or whoever `adminCaller` lets in. Without a key nobody gets in over HTTP. */
export const scheduleOrAdminCaller: Caller<'schedule' | 'admin', AdminSettings> = {
  ...adminCaller,
  check: async (call) => (call.inbound.trust === 'platform-key' ? 'schedule' : admin(call)),
};
