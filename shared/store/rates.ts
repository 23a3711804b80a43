import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import type { Rates } from '../core/table.ts';
import { DAY_MS, type Items, newWriteId } from './items.ts';
import { dayOf, hashed, keyOf } from './keys.ts';
import { count } from './schemas.ts';

/** DynamoDB bears 1,000 writes a second on one partition key; ten keys bear ten times that. */
const SHARDS = 10;

/** Each place is `<when it was taken> <by which take>`, so that a take finds its own even after others have followed. */
const windowSchema = v.object({
  places: v.array(v.pipe(v.string(), v.regex(/^\d+(\.\d+)? \S+$/))),
  writeId: v.string(),
});
const shardSchema = v.object({ taken: count });

const takenMs = (place: string): number => Number(place.split(' ')[0]);

/** Milliseconds until one of `limit` places is free; undefined when one is. The newest places come first. */
function untilFree(places: readonly string[], limit: number, windowMs: number, nowMs: number): number | undefined {
  if (limit < 1) return windowMs;
  const blocking = places[limit - 1];
  const freeMs = blocking === undefined ? nowMs : takenMs(blocking) + windowMs;
  return freeMs <= nowMs ? undefined : freeMs - nowMs;
}

/** What each shard may give out so that all of them together give out `limit`. */
const shareOf = (shard: number, limit: number): number => Math.floor((limit + shard) / SHARDS);

/** How often something was done: a sliding window in one item, or a calendar day spread over many. */
export function openRates(items: Items): Rates {
  function shardOf(key: string, shard: number, nowMs: number) {
    return {
      key: keyOf({ kind: 'daily-rate', hash: hashed(key), day: dayOf(nowMs), shard }),
      keepMs: 2 * DAY_MS,
      schema: shardSchema,
    };
  }

  async function takeFrom(shard: number, key: string, limit: number, nowMs: number): Promise<boolean> {
    const spot = shardOf(key, shard, nowMs);
    const { written, there } = await items.change(
      spot,
      { text: '#taken = if_not_exists(#taken, :zero) + :one', values: { zero: 0, one: 1 } },
      { text: 'attribute_not_exists(#taken) OR #taken < :share', values: { share: shareOf(shard, limit) } },
    );
    return written || (!there && (await items.putNew({ ...spot, attributes: { taken: 1 } })).written);
  }

  async function hasRoom(shard: number, key: string, limit: number, nowMs: number): Promise<boolean> {
    const there = await items.read(shardOf(key, shard, nowMs).key, shardSchema);
    return (there?.taken ?? 0) < shareOf(shard, limit);
  }

  return {
    async take(key, limit, windowMs, nowMs) {
      const spot = { key: keyOf({ kind: 'rate', hash: hashed(key) }), keepMs: windowMs + DAY_MS, schema: windowSchema };
      const mine = `${nowMs} ${newWriteId()}`;
      let there = await items.read(spot.key, windowSchema);
      // Whoever loses a round lost it to somebody who took a place, so there are few rounds.
      for (;;) {
        const places = there?.places ?? [];
        if (places.includes(mine)) return undefined;
        const waitMs = untilFree(places, limit, windowMs, nowMs);
        if (waitMs !== undefined) return waitMs;
        // The newest `limit` stay whatever their age: a clock that lags behind must still find them.
        const newest = [mine, ...places].sort((a, b) => takenMs(b) - takenMs(a)).slice(0, limit);
        const item = { ...spot, attributes: { places: newest } };
        const outcome = there
          ? await items.putIf(item, { text: '#writeId = :seen', values: { seen: there.writeId } })
          : await items.putNew(item);
        if (outcome.written) return undefined;
        there = outcome.there;
      }
    },

    async takeDaily(key, limit, nowMs) {
      const shards = Array.from({ length: SHARDS }, (_, shard) => shard).filter((shard) => shareOf(shard, limit) > 0);
      const [first] = shards.splice(randomInt(Math.max(1, shards.length)), 1);
      if (first !== undefined && (await takeFrom(first, key, limit, nowMs))) return undefined;
      const room = await Promise.all(shards.map((shard) => hasRoom(shard, key, limit, nowMs)));
      for (const shard of shards.filter((_, index) => room[index])) {
        if (await takeFrom(shard, key, limit, nowMs)) return undefined;
      }
      return DAY_MS - (nowMs % DAY_MS);
    },
  };
}
