import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** What happens inside a page. */
interface Happening {
  url(): string;
  text(): string;
}

interface Locator {
  allTextContents(): Promise<string[]>;
  count(): Promise<number>;
  click(): Promise<void>;
  last(): Locator;
  setInputFiles(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void>;
}

/** The little of Playwright that is used in tests; its package belongs to the platforms' own tools. */
export interface Page {
  readonly keyboard: { type(text: string): Promise<void>; press(key: string): Promise<void> };
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  click(selector: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  textContent(selector: string): Promise<string | null>;
  locator(selector: string, options?: { hasText: string | RegExp }): Locator;
  getByText(text: string | RegExp): Locator;
  evaluate<T, Given>(run: (given: Given) => T, given: Given): Promise<T>;
  screenshot(options: { path: string }): Promise<unknown>;
  route(url: string | RegExp, answer: (route: { fulfill(answer: object): Promise<void> }) => void): Promise<void>;
  on(event: 'console' | 'pageerror' | 'request', listener: (about: Happening) => void): void;
  close(): Promise<void>;
}

interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);
const playwright = path.resolve(import.meta.dirname, '../../platforms/node_modules/playwright-core');

/** The Chromium of this machine, under one of the names that it has. */
function chromiumPath(): string {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => existsSync(file));
  if (!found) throw new Error(`none of ${names.join(', ')} is on the PATH`);
  return found;
}

/** A browser for the tests of this file, without a network beyond this machine. Gives new pages. */
export function chromiumOfFile(): () => Promise<Page> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await require(playwright).chromium.launch({
      executablePath: chromiumPath(),
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    });
  });
  afterAll(() => browser?.close());
  return () => browser.newPage();
}
