import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
// @ts-expect-error: plain JavaScript, because a demo starts before anything is installed
import { playScene } from '../../scripts/play-scene.mjs';
import { keepLogLines } from '../support/log-lines.ts';

const begins = { scene: 's', title: 'A scene', steps: 2 };
const step = (number: number, ok = true) => ({
  ...{ scene: 's', step: number, title: `step ${number}`, ok, shown: [{ by: 'customer', text: 'Hello' }] },
  ...(ok ? {} : { missing: 'the ticket' }),
});
const ends = (ok = true) => ({ scene: 's', done: true, ok });

/** Plays a scene of which a stage tells this. */
async function whole(status: number, ...reports: readonly object[]): Promise<{ whole: boolean; said: string }> {
  const lines = keepLogLines();
  const server = createServer((_, response) => {
    const text = reports.map((report) => `${JSON.stringify(report)}\n`).join('');
    response.writeHead(status);
    response.write(text.slice(0, 40));
    response.end(text.slice(40));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return { whole: await playScene(url, 's', AbortSignal.timeout(5_000)), said: lines.join('\n') };
  } finally {
    server.close();
    vi.restoreAllMocks();
  }
}

test('a scene is whole when every step was seen, and says who said what', async () => {
  const { whole: all, said } = await whole(200, begins, step(1), step(2), ends());
  expect(all).toBe(true);
  expect(said).toContain(' 1/2  step 1\n         customer   Hello');
  expect(said).toContain('s: all 2 steps seen');
});

test.for([
  ['a step that is not seen', [begins, step(1), step(2, false), ends(false)], 's: step 2 of 2 failed'],
  ['a step that is missing', [begins, step(1), ends()], 's: step 2 of 2 failed'],
  ['a step out of turn', [begins, step(2), step(1), ends()], 'NOT SEEN'],
  ['an end that is not well', [begins, step(1), step(2), ends(false)], 'failed'],
  ['no end', [begins, step(1), step(2)], 'failed'],
  ['no steps', [{ ...begins, steps: 0 }, ends()], 'failed'],
] as const)('with %s it is not', async ([, reports, says]) => {
  const { whole: all, said } = await whole(200, ...reports);
  expect(all).toBe(false);
  expect(said).toContain(says);
});

test('a stage that refuses to play is an error', async () => {
  await expect(whole(400, { error: 'no such scene' })).rejects.toThrow('the stage answered 400');
});
