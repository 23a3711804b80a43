import { readFileSync } from 'node:fs';
import { axeFile } from '../../scripts/chromium.ts';
import type { Page } from './chromium.ts';

/** What comes into a page has faint colours until it is there. */
const endAnimations = `for (const animation of document.getAnimations()) {
  if (animation.effect.getComputedTiming().endTime === Infinity) animation.cancel();
  else animation.finish();
}`;

/** What axe finds wrong with a page as it is now. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(axeFile, 'utf8'));
  await page.evaluate(endAnimations);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`);
}
