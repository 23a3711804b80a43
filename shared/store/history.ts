import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import type { Line } from '../core/handover/line.ts';
import { time } from './schemas.ts';

/** Of one item, so that the whole item stays below 350 KB. */
const PART_BYTES = 340_000;

/** Far above what a request can bring (1 MB), so that a broken item cannot unpack without end. */
const MAX_UNPACKED_BYTES = 16_000_000;

const schema = v.array(
  v.object({
    by: v.picklist(['customer', 'bot', 'agent', 'system']),
    text: v.string(),
    atMs: time,
    id: v.string(),
  }),
);

/** Lines in few bytes: deflated JSON in as many parts as it needs, one where it can be. */
export interface PackedHistory {
  /** Tells the parts of one history from those of another. */
  readonly digest: string;
  readonly parts: readonly Uint8Array[];
}

/** Packs lines for storing. */
export function packHistory(lines: readonly Line[]): PackedHistory {
  const packed = deflateRawSync(JSON.stringify(lines));
  const parts: Uint8Array[] = [];
  for (let start = 0; start === 0 || start < packed.length; start += PART_BYTES)
    parts.push(packed.subarray(start, start + PART_BYTES));
  return { digest: createHash('sha256').update(packed).digest('base64url').slice(0, 22), parts };
}

/** The lines of a packed history. Undefined when a part is missing or broken. */
export function unpackHistory(parts: readonly (Uint8Array | undefined)[]): readonly Line[] | undefined {
  const there = parts.filter((part) => part !== undefined);
  if (there.length < parts.length) return undefined;
  try {
    const unpacked = inflateRawSync(Buffer.concat(there), { maxOutputLength: MAX_UNPACKED_BYTES });
    const parsed = v.safeParse(schema, JSON.parse(unpacked.toString('utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined; // not what we packed: counts as absent, like every broken item
  }
}
