import { afterAll, beforeAll } from 'vitest';
import { type Browser, launchChromium, type Page, type PageOptions } from '../../scripts/chromium.ts';

export type { Frame, Page, PageOptions } from '../../scripts/chromium.ts';

/** What a page complains about, and which origins it asks. */
export interface Watched {
  readonly complaints: string[];
  readonly asked: string[];
}

/** Watches a page from now on; several may be watched together. */
export function watch(page: Page, watched: Watched = { complaints: [], asked: [] }): Watched {
  page.on('console', (message) => watched.complaints.push(message.text()));
  page.on('pageerror', (error) => watched.complaints.push(String(error)));
  page.on('request', (request) => watched.asked.push(new URL(request.url()).origin));
  return watched;
}

/** A browser for the tests of this file. Gives new pages. */
export function chromiumOfFile(): (options?: PageOptions) => Promise<Page> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  return (options) => browser.newPage(options);
}
