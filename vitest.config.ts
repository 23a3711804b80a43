import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What holds for every test. */
const shared = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // A machine that is busy with other tests takes its time.
  expect: { poll: { timeout: 10_000 } },
  setupFiles: ['tests/support/loopback-only.mjs'],
  env: { NODE_OPTIONS: `--import ${new URL('./tests/support/loopback-only.mjs', import.meta.url)}` },
};

export default defineConfig({
  test: {
    // Many tests wait for deadlines: on two cores two files at a time take half as long as one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // The rules of the repository need no engine, so `npm run check` can run them in seconds.
      { test: { ...shared, name: 'repo', include: ['tests/repo/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'suites',
          include: ['tests/**/*.test.ts', 'stage/**/*.test.ts', 'web/**/*.test.ts'],
          exclude: ['tests/repo/**', '**/node_modules/**'],
          globalSetup: ['tests/support/global-setup.ts'],
        },
      },
    ],
  },
});
