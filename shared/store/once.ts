import * as v from 'valibot';
import type { Claim, Once, OnceKey } from '../core/table.ts';
import { DAY_MS, type Items } from './items.ts';
import { hashed, type Key, keyOf } from './keys.ts';
import { jsonText, time } from './schemas.ts';

const schema = v.object({
  fingerprint: v.string(),
  /** The end of the lease, or of the time for which the answer is kept. */
  untilMs: time,
  answer: v.optional(jsonText(v.looseObject({}))),
  writeId: v.string(),
});

const unanswered = '#fingerprint = :fingerprint AND attribute_not_exists(#answer)';

const keyFor = (key: OnceKey): Key =>
  typeof key === 'string'
    ? keyOf({ kind: 'once', hash: hashed(key) })
    : keyOf({ kind: 'once-in-conversation', conversationId: key.conversationId, hash: hashed(key.key) });

/** One effect per key: a claim with a lease, then its result. */
export function openOnce(items: Items): Once {
  const spotOf = (key: OnceKey, forMs: number) => ({
    key: keyFor(key),
    keepMs: forMs + DAY_MS,
    schema,
  });
  return {
    async claim<T>(key: OnceKey, fingerprint: string, nowMs: number, leaseMs: number): Promise<Claim<T>> {
      const { written, there } = await items.putNew(
        { ...spotOf(key, leaseMs), attributes: { fingerprint, untilMs: nowMs + leaseMs } },
        { text: '#untilMs <= :nowMs', values: { nowMs } },
      );
      if (written) return { is: 'mine' };
      if (!there) return { is: 'in-progress' }; // given back in between: whoever repeats it gets it
      if (there.fingerprint !== fingerprint) return { is: 'other' };
      return there.answer ? { is: 'done', result: there.answer.result as T } : { is: 'in-progress' };
    },

    async finish(key, fingerprint, result, nowMs, keepMs) {
      const attributes = { fingerprint, untilMs: nowMs + keepMs, answer: JSON.stringify({ result }) };
      await items.putNew({ ...spotOf(key, keepMs), attributes }, { text: unanswered, values: { fingerprint } });
    },

    async forget(key, fingerprint) {
      const spot = spotOf(key, 0);
      const there = await items.read(spot.key, schema);
      if (there?.fingerprint !== fingerprint || there.answer) return;
      // By its write: a repeat of this removal must not take away the claim of whoever came after us.
      await items.remove(spot.key, { text: '#writeId = :writeId', values: { writeId: there.writeId } });
    },
  };
}
