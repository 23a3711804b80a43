import * as v from 'valibot';
import { sha256 } from '../hash.ts';
import type { Reply } from '../reply.ts';
import { optional, settings, words } from '../settings.ts';
import type { Html } from './html.ts';

/** The files of a page that run and look. */
export interface PageFiles {
  /** Absent in a page that only says something. */
  readonly script?: string;
  readonly style: string;
}

/** As browsers write it; its letters are put into a header, where a semicolon would begin something else. */
const isOrigin = (value: string) => /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/.test(value);

const flex: readonly string[] = ['https://flex.twilio.com'];

export const frameSettings = settings({
  AGENT_FRAME_ORIGINS: optional(v.pipe(words, v.everyItem(isOrigin)), flex, {
    is: "origins that may show the agent's page in a frame, separated by spaces; https://flex.twilio.com when it is not set",
    example: 'https://flex.twilio.com',
  }),
});

const hashOf = (file: string | undefined): string =>
  file === undefined ? "'none'" : `'sha256-${sha256(file).toString('base64')}'`;

/**
 * A page as it is answered. Its policy lets run exactly the two files that are in it, known by their hashes, lets it ask
 * nobody but where it came from, and lets nobody but the given origins frame it.
 */
export function pageReply(status: number, page: Html, files: PageFiles, frameOrigins: readonly string[]): Reply {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(files.script)}`,
    `style-src ${hashOf(files.style)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameOrigins.join(' ')}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy.join('; ') },
    body: page.markup,
  };
}
