import * as v from 'valibot';
import { latePattern } from './late-pattern.ts';

/**
 * Control characters, what turns the direction of writing, what cannot be seen, half characters. The two joiners stay:
 * Persian and Indic names and many emoji need them.
 */
const unseen = latePattern(String.raw`(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]`, 'gu');
const VISIBLE = /[^\s\u200C\u200D]/;

/**
 * A customer's words as others may see them: one line, without characters that hide or turn others and without angle
 * brackets, cut to `maxLength` characters. Undefined when nothing is left to see, for an empty name is no name.
 */
export const plainText = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.maxLength(10_000),
    v.transform((text): string | undefined => {
      const seen = text.replace(/\s/g, ' ').replace(unseen(), '').replace(/[<>]/g, '').replace(/ +/g, ' ').trim();
      const cut = [...seen].slice(0, maxLength).join('').trim();
      return VISIBLE.test(cut) ? cut : undefined;
    }),
  );
