/** A moment as callers read it: `2026-12-25T09:00:00.000Z`. */
export const isoTime = (atMs: number): string => new Date(atMs).toISOString();
