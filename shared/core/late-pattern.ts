/**
 * A pattern that is made when it is first used. An engine reads all patterns of a file when it loads the file, also those in
 * functions that are never called, and one with classes of Unicode like `\p{L}` takes it up to half a millisecond: those of
 * all our functions stand here, so that no start pays for them. Takes source and flags, as `RegExp` does.
 */
export function latePattern(source: string, flags = 'u'): () => RegExp {
  let made: RegExp | undefined;
  return () => {
    made ??= new RegExp(source, flags);
    return made;
  };
}
