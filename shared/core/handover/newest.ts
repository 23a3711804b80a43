/** The newest that fit together, oldest first; none where already the last does not. */
export function newestThatFit<T>(all: readonly T[], max: number, sizeOf: (one: T) => number): readonly T[] {
  let left = max;
  let from = all.length;
  for (const one of all.toReversed()) {
    left -= sizeOf(one);
    if (left < 0) break;
    from--;
  }
  return all.slice(from);
}
