import { latePattern } from './late-pattern.ts';
import { parsedUrl } from './parsed-url.ts';
import { isPrivateHost } from './private-host.ts';

/** It is handed on as it is written, so nothing in it may be what `URL` leaves out: blanks, control characters, backslashes. */
const notInUrl = latePattern(String.raw`[\s\p{C}\\]`);

/** Whether a picture may be shown to a customer: https, a public host, no credentials. Nobody of us fetches it. */
export function isPublicPicture(url: string): boolean {
  const parsed = notInUrl().test(url) ? undefined : parsedUrl(url);
  if (!parsed) return false;
  const { protocol, hostname, username, password } = parsed;
  return protocol === 'https:' && username === '' && password === '' && !isPrivateHost(hostname);
}
