import { join } from 'node:path';
import { root } from './build/bundle.ts';
import { readFunctions } from './build/functions.ts';
import { settingsOf } from './build/lambda-list.ts';
import { makeDesk } from './new/desk.ts';

const usage = 'npm run new desk NAME';

/** `npm run new desk NAME`: everything that a new desk needs, so that its contract test passes before the first change. */
async function main([kind, name, ...more]: readonly string[]): Promise<void> {
  if (kind !== 'desk' || name === undefined || more.length > 0) throw new Error(`usage: ${usage}`);
  const functions = await readFunctions(join(root, 'functions'));
  const settings = new Set(functions.flatMap(({ fn }) => settingsOf(fn).map((info) => info.name)));
  const { written, next } = makeDesk(root, name, settings);
  for (const path of written) console.log(path);
  console.log(`\n${next}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
