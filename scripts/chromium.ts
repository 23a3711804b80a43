import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** What happens inside a page. */
interface Happening {
  url(): string;
  text(): string;
}

interface Locator {
  allTextContents(): Promise<string[]>;
  count(): Promise<number>;
  fill(text: string): Promise<void>;
  click(): Promise<void>;
  last(): Locator;
  setInputFiles(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void>;
}

interface Route {
  request(): { url(): string; headers(): Record<string, string> };
  continue(): Promise<void>;
  fulfill(answer: {
    readonly status?: number;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly path?: string;
  }): Promise<void>;
}

/** A page in a page. */
export interface Frame {
  url(): string;
  click(selector: string): Promise<void>;
  textContent(selector: string): Promise<string | null>;
  locator(selector: string, options?: { hasText: string | RegExp }): Locator;
  getByText(text: string | RegExp): Locator;
}

/** The little of Playwright that is used here; its package belongs to the platforms' own tools. */
export interface Page {
  readonly keyboard: { type(text: string): Promise<void>; press(key: string): Promise<void> };
  readonly clock: { setFixedTime(atMs: number): Promise<void>; setSystemTime(atMs: number): Promise<void> };
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  click(selector: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  textContent(selector: string): Promise<string | null>;
  waitForSelector(selector: string): Promise<unknown>;
  locator(selector: string, options?: { hasText: string | RegExp }): Locator;
  getByText(text: string | RegExp): Locator;
  frames(): readonly Frame[];
  /** Runs a script in the page, whatever its policy. */
  evaluate<T>(script: string): Promise<T>;
  evaluate<T, Given>(run: (given: Given) => T, given: Given): Promise<T>;
  waitForFunction(isThere: () => boolean): Promise<unknown>;
  screenshot(options: {
    path: string;
    clip?: { x: number; y: number; width: number; height: number };
  }): Promise<unknown>;
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>;
  emulateMedia(media: { readonly colorScheme: 'light' | 'dark' }): Promise<void>;
  route(url: string | RegExp, answer: (route: Route) => unknown): Promise<void>;
  on(event: 'console' | 'pageerror' | 'request', listener: (about: Happening) => void): void;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly locale?: string;
  readonly timezoneId?: string;
  readonly permissions?: readonly string[];
  readonly extraHTTPHeaders?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Browser {
  newPage(options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);
const platforms = path.resolve(import.meta.dirname, '../platforms/node_modules');

/** Where the checker of accessible pages is: a script for the page. */
export const axeFile = path.join(platforms, 'axe-core/axe.min.js');

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

/** Starts a browser without a network beyond this machine. */
export function launchChromium(): Promise<Browser> {
  return require(path.join(platforms, 'playwright-core')).chromium.launch({
    executablePath: chromiumPath(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      // A page of a made-up desk may frame one of this machine.
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
}
