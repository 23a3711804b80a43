import * as v from 'valibot';
import { isSigned, signNow } from '../callers/agent-link.ts';
import { id } from '../decode.ts';

/** Which handover a visitor may join, and whose conversation it is about. */
export interface Joinable {
  readonly handoverId: string;
  readonly conversationId: string;
}

/** Where it stands in what an assistant hands to a service desk: in `transfer_info.additional_data`. */
export const JOIN_PROOF_NAME = 'handover_proof';

const joinable = v.strictTuple([id, id]);

/**
 * Proves for 15 minutes that whoever holds it was given it by the bot of this conversation: with it `flex-token` lets a
 * visitor into what people and bot have said there, and without it into nothing but a chat of their own.
 */
export function joinProof({ handoverId, conversationId }: Joinable, secret: string, nowMs: number): string {
  const about = Buffer.from(JSON.stringify([handoverId, conversationId])).toString('base64url');
  return `${about}.${signNow('join', about, secret, nowMs)}`;
}

/** What a proof proves; undefined for everything that was not signed with one of the secrets in the last 15 minutes. */
export function provenJoin(presented: string, secrets: readonly string[], nowMs: number): Joinable | undefined {
  const dot = presented.indexOf('.');
  const about = presented.slice(0, Math.max(0, dot));
  if (!isSigned('join', presented.slice(dot + 1), about, secrets, nowMs)) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), joinable), Buffer.from(about, 'base64url').toString());
  if (!parsed.success) return undefined;
  const [handoverId, conversationId] = parsed.output;
  return { handoverId, conversationId };
}
