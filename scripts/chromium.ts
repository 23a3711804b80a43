import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The little of Playwright that is used here; its package belongs to the platforms' own tools. */
export interface Page {
  goto(url: string): Promise<{ status(): number } | null>;
  click(selector: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  textContent(selector: string): Promise<string | null>;
  innerText(selector: string): Promise<string>;
  getAttribute(selector: string, name: string): Promise<string | null>;
  setContent(html: string): Promise<void>;
  content(): Promise<string>;
  /** Runs a script in the page, whatever its policy. */
  evaluate<T>(script: string): Promise<T>;
  screenshot(options: { readonly path: string; readonly fullPage?: boolean }): Promise<unknown>;
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>;
  emulateMedia(media: { readonly colorScheme: 'light' | 'dark' }): Promise<void>;
  route(url: string, handler: (route: Route) => unknown): Promise<void>;
  clock: { setFixedTime(atMs: number): Promise<void> };
  keyboard: { press(key: string): Promise<void> };
  locator(selector: string): { allTextContents(): Promise<string[]>; count(): Promise<number> };
  frames(): readonly { url(): string; textContent(selector: string): Promise<string | null> }[];
  waitForSelector(selector: string): Promise<unknown>;
  on(event: 'console' | 'pageerror' | 'request', listener: (about: { url(): string; text(): string }) => void): void;
  close(): Promise<void>;
}

interface Route {
  fulfill(answer: { readonly status?: number; readonly contentType?: string; readonly body: string }): Promise<void>;
  abort(): Promise<void>;
}

interface PageOptions {
  readonly locale?: string;
  readonly timezoneId?: string;
  readonly permissions?: readonly string[];
  readonly extraHTTPHeaders?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly reducedMotion?: 'reduce';
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

/** Starts a Chromium that asks nobody but the pages under test. */
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
