import { clipped } from './line.ts';

/** How many fields a handover takes along. */
export const MAX_FIELDS = 40;

const MAX_NAME_LENGTH = 100;
const MAX_FIELD_BYTES = 1_000;

/** What a bot collected, by name: numbers and yes or no as texts, everything nested left out. */
export function scalars(collected: unknown): readonly (readonly [string, string])[] {
  if (typeof collected !== 'object' || collected === null) return [];
  return Object.entries(collected).flatMap(([name, value]) => {
    const isScalar = ['string', 'number', 'boolean'].includes(typeof value) && value !== '';
    return isScalar && name.length <= MAX_NAME_LENGTH ? [[name, clipped(String(value), MAX_FIELD_BYTES)] as const] : [];
  });
}
