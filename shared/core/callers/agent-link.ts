import { hmacSha256 } from '../hash.ts';
import type { PublicUrls } from '../public-urls.ts';
import { derivedKey, sameSecret } from './secrets.ts';

/** What is signed, and how long it is good for. */
const purposes = {
  /** Opens the page of one handover. It stands in task attributes and logs of the desk, so it soon is worth nothing. */
  link: { key: 'agent link', goodForMs: 15 * 60_000 },
  /** Lets the opened page ask for more; a shift long. It lives in the page alone. */
  view: { key: 'agent view', goodForMs: 8 * 3_600_000 },
  /** Lets the opened list of an agent ask for more, likewise, unless their session ends before. */
  list: { key: 'agent list', goodForMs: 8 * 3_600_000 },
  /** Lets a visitor join one handover. It stands in the answer of an assistant, which asks for a person at once. */
  join: { key: 'join proof', goodForMs: 15 * 60_000 },
} as const;

type Purpose = keyof typeof purposes;

/** Another instance that made it may have a clock ahead of ours. */
const LEEWAY_MS = 60_000;

function sign(purpose: Purpose, about: string, madeAt: string, secret: string): string {
  const key = derivedKey(secret, purposes[purpose].key);
  return `${madeAt}.${hmacSha256(key, `${madeAt}.${about}`).toString('base64url')}`;
}

/** Signs for one purpose that somebody may see what `about` names, from now on. */
export function signNow(purpose: Purpose, about: string, secret: string, nowMs: number): string {
  return sign(purpose, about, Math.floor(nowMs / 1_000).toString(36), secret);
}

/** Whether what is presented was signed for this purpose with one of the secrets and is still good. */
export function isSigned(
  purpose: Purpose,
  presented: string,
  about: string,
  secrets: readonly string[],
  nowMs: number,
): boolean {
  const madeAt = /^[0-9a-z]{1,9}(?=\.)/.exec(presented)?.[0];
  if (madeAt === undefined) return false;
  const signed = secrets.map((secret) => sameSecret(presented, sign(purpose, about, madeAt, secret)));
  const ageMs = nowMs - Number.parseInt(madeAt, 36) * 1_000;
  return signed.includes(true) && ageMs >= -LEEWAY_MS && ageMs < purposes[purpose].goodForMs;
}

/** Signs a link for one handover: the value of `link` in the address of the agent's page, beside `handoverId`. */
export function signAgentLink(handoverId: string, secret: string, nowMs: number): string {
  return signNow('link', handoverId, secret, nowMs);
}

/** The address at which an agent's browser sees one handover, for 15 minutes from now on: for task attributes and texts. */
export function agentLink(urls: PublicUrls, secret: string, handoverId: string, nowMs: number): string {
  const link = signAgentLink(handoverId, secret, nowMs);
  return `${urls.of('agent-view')}?handoverId=${encodeURIComponent(handoverId)}&link=${link}`;
}
