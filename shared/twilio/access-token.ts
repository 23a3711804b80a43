import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { signJwt } from '../core/callers/jwt.ts';
import { isoTime } from '../core/iso-time.ts';
import { Problem } from '../core/problems.ts';
import { required, type SettingsOf, settings } from '../core/settings.ts';
import type { TwilioSettings } from './settings.ts';

/** Twilio allows a day; a token that leaks should be worth little. */
const MAX_TTL_SEC = 3_600;

export const chatTokenSettings = settings({
  FLEX_CONVERSATIONS_SERVICE_SID: required(v.pipe(v.string(), v.regex(/^IS[0-9a-fA-F]{32}$/)), {
    is: 'the Conversations service that Flex uses, in which visitors may chat',
    example: 'IS00000000000000000000000000000001',
  }),
});

interface ChatToken {
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/**
 * An access token for Twilio Conversations: one identity, one service, at most an hour, and not beyond `endsAtMs`, the end
 * of the session it is for. Its form is that of Twilio's AccessToken with a ChatGrant. Source:
 * twilio.com/docs/iam/access-tokens, read 2026-11-21.
 */
export async function chatToken(
  own: TwilioSettings & SettingsOf<typeof chatTokenSettings>,
  identity: string,
  endsAtMs: number,
  nowMs: number,
): Promise<ChatToken> {
  const iat = Math.floor(nowMs / 1_000);
  const exp = Math.min(iat + MAX_TTL_SEC, Math.floor(endsAtMs / 1_000));
  if (exp <= iat) throw new Problem('unauthorized', { reason: 'the session ends now' });
  const claims = {
    jti: `${own.TWILIO_API_KEY}-${randomUUID()}`,
    iss: own.TWILIO_API_KEY,
    sub: own.TWILIO_ACCOUNT_SID,
    iat,
    exp,
    grants: { identity, chat: { service_sid: own.FLEX_CONVERSATIONS_SERVICE_SID } },
  };
  const token = await signJwt(claims, own.TWILIO_API_SECRET, { cty: 'twilio-fpa;v=1' });
  return { token, expiresAt: isoTime(exp * 1_000) };
}
