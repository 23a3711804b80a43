import { afterAll, beforeAll } from 'vitest';
import { type Browser, launchChromium, type Page, type PageOptions } from '../../scripts/chromium.ts';

export type { Page, PageOptions } from '../../scripts/chromium.ts';

/** A browser for the tests of this file. Gives new pages. */
export function chromiumOfFile(): (options?: PageOptions) => Promise<Page> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  return (options) => browser.newPage(options);
}
