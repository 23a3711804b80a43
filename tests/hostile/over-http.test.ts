import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameOf } from './corpus.ts';
import { hangs, overHttp, stageOverHttp } from './over-http.ts';
import { play } from './play.ts';

let stage: Awaited<ReturnType<typeof stageOverHttp>>;
beforeAll(async () => {
  stage = await stageOverHttp();
});
afterAll(() => stage.close());

const answeredAtOnce = overHttp.filter((input) => !hangs(input));

test.for(answeredAtOnce.map((input) => [nameOf(input), input] as const))('%s', async ([, input]) => {
  const { faults } = await play(input, stage);
  expect(faults, faults.join('\n')).toEqual([]);
});
