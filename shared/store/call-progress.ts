import * as v from 'valibot';
import type { CallProgress } from '../core/table.ts';
import { DAY_MS, type Items } from './items.ts';
import { keyOf } from './keys.ts';
import { count } from './schemas.ts';

const schema = v.object({ status: v.string(), sequence: count });

/** Twilio's words for a call that is over. */
const final = { completed: 'completed', busy: 'busy', failed: 'failed', noAnswer: 'no-answer', canceled: 'canceled' };
const isFinal = `#status IN (${Object.keys(final).map((name) => `:${name}`)})`;

/** How far each known call has come: the highest sequence wins, and nothing comes after a final status. */
export function openCallProgress(items: Items): CallProgress {
  const itemOf = (callSid: string, status: string, sequence: number) => ({
    key: keyOf({ kind: 'progress', callSid }),
    attributes: { status, sequence },
    keepMs: 7 * DAY_MS, // Twilio repeats a callback within minutes
    schema,
  });
  return {
    async begin(callSid) {
      await items.putNew(itemOf(callSid, '', -1));
    },

    async advance(callSid, status, sequence) {
      const condition = { text: `#sequence < :seen AND NOT ${isFinal}`, values: { seen: sequence, ...final } };
      return (await items.putIf(itemOf(callSid, status, sequence), condition)).written;
    },
  };
}
