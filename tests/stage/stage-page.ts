import { type Page, type PageOptions, type Watched, watch } from '../support/chromium.ts';

/** The page of a stage as somebody with a desktop sees it, and what it complains about. */
export interface StagePage {
  readonly page: Page;
  readonly complaints: Watched['complaints'];
  /** Clicks the last button of a group that has these words. */
  clickOn(group: string, words: string): Promise<void>;
}

/** Opens the page of a stage. Resolves when the customer can say something. */
export async function openStagePage(
  newPage: (options?: PageOptions) => Promise<Page>,
  { url }: { readonly url: string },
): Promise<StagePage> {
  const page = await newPage({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
  const { complaints } = watch(page);
  await page.goto(url);
  await page.waitForSelector('#customer-says button');
  const clickOn = (group: string, words: string) => page.locator(`${group} button`, { hasText: words }).last().click();
  return { page, complaints, clickOn };
}
