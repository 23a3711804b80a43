import { Problem } from '../problems.ts';

/** For whoever goes on without the table; anything else than that it is away is a fault of ours and goes on as one. */
export function tableIsAway(error: unknown): true {
  if (!(error instanceof Problem)) throw error;
  return true;
}

/** The same for what is only added to an answer. */
export function nothingMore(error: unknown): Record<string, never> {
  tableIsAway(error);
  return {};
}
