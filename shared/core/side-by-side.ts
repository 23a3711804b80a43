/**
 * Does something with each of many in their order, at most `count` at a time. Settles when all are done. What it throws for one
 * rejects, and the others under way go on; so whoever must not leave any out catches for itself.
 */
export async function sideBySide<T>(many: readonly T[], count: number, does: (one: T) => Promise<void>): Promise<void> {
  const waiting = many.values();
  async function work(): Promise<void> {
    for (const one of waiting) await does(one);
  }
  await Promise.all(Array.from({ length: count }, work));
}
