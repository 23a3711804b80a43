import * as v from 'valibot';
import { optional, settings } from '../settings.ts';

const isLongEnough = v.pipe(
  v.string(),
  v.check((value) => Buffer.byteLength(value) >= 32),
);

/** What a session secret must be, and what it is said to be for. */
export const sessionSecret = {
  schema: isLongEnough,
  options: { is: 'HS256 secret of the sessions of visitors and agents, at least 32 bytes', secret: true },
} as const;

/** `SESSION_SECRET` where nothing but the link to the agent's page depends on it: without one there is no link. */
export const agentLinkSettings = settings({
  SESSION_SECRET: optional(sessionSecret.schema, undefined, sessionSecret.options),
});
