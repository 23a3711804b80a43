import * as v from 'valibot';

/** Control characters, what turns the direction of writing, what cannot be seen, half characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;

/**
 * A customer's words as others may see them: one line, without characters that hide or turn others and without angle
 * brackets, cut to `maxLength` characters. Undefined when nothing is left, for an empty name is no name.
 */
export const plainText = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.maxLength(10_000),
    v.transform((text): string | undefined => {
      const plain = text.replace(/\s+/g, ' ').replace(UNSEEN, '').replace(/[<>]/g, '').trim();
      return [...plain].slice(0, maxLength).join('') || undefined;
    }),
  );
