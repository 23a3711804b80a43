import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPlaces } from '../../shared/store/places.ts';
import { openEnded } from '../support/open-ended.ts';

/** Work that ends when the test says so. */
function openWork() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end: () => end(), ended };
}

test('never more than so many run at once, and all of them in order of arrival', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (count, works) => {
        const inPlace = openPlaces(count);
        let running = 0;
        let most = 0;
        const begun: number[] = [];
        const all = works.map((fails, index) =>
          inPlace(openEnded.signal, async () => {
            begun.push(index);
            most = Math.max(most, ++running);
            await new Promise((resolve) => setImmediate(resolve));
            running--;
            if (fails) throw new Error('failed');
          }),
        );
        const outcomes = await Promise.allSettled(all);
        expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(works);
        expect(most).toBeLessThanOrEqual(count);
        expect(begun).toEqual(works.map((_, index) => index));
      },
    ),
  );
});

test('whoever is called off while waiting is told, and does not take a place afterwards', async () => {
  const inPlace = openPlaces(1);
  const first = openWork();
  const holding = inPlace(openEnded.signal, () => first.ended);
  const call = new AbortController();
  let ran = false;
  const second = inPlace(call.signal, async () => {
    ran = true;
  });
  call.abort();
  await expect(second).rejects.toMatchObject({ code: 'state_unavailable' });
  first.end();
  await holding;
  expect(ran).toBe(false);
  expect(await inPlace(openEnded.signal, async () => 'next')).toBe('next');
});
