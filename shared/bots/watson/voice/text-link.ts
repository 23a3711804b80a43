import { destinationOf } from '../../../core/call/destination.ts';
import type { SendText } from '../../../core/call/telephony.ts';
import type { Deadline } from '../../../core/deadline.ts';
import { parsedUrl } from '../../../core/parsed-url.ts';
import { isPrivateHost } from '../../../core/private-host.ts';
import type { VoiceCaller } from '../../../core/voice-bot/voice-bot.ts';
import type { Link } from './spoken-answer.ts';

const MAX_TEXT_LENGTH = 600;

/** How callers get text messages. */
export interface Texts {
  readonly sendText: SendText;
  /** E.164. */
  readonly from: string;
  /** ISO countries to which texts are sent. */
  readonly countries: readonly string[];
}

const isPublic = (url: URL | undefined): url is URL =>
  url?.protocol === 'https:' && url.username === '' && url.password === '' && !isPrivateHost(url.hostname);

/**
 * Sends a caller the link to a web chat. Only to a number for which the network vouches: else whoever calls with somebody's
 * number could have texts sent to them. True where it was sent, or may have been.
 */
export async function textLink(
  { message, url: given }: Link,
  { phone, isAttested }: VoiceCaller,
  { sendText, from, countries }: Texts,
  deadline: Deadline,
): Promise<boolean> {
  const url = parsedUrl(given);
  if (phone === undefined || !isAttested || !isPublic(url)) return false;
  const text = `${message.trim()} ${url.href}`.trim();
  if (text.length > MAX_TEXT_LENGTH) return false;
  if (!countries.includes(destinationOf(phone))) return false;
  const { is } = await sendText({ to: phone, from, text }, deadline);
  return is === 'done' || is === 'unknown';
}
