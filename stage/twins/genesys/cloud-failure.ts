import { randomUUID } from 'node:crypto';
import type { TwinAnswer } from '../../twin.ts';

/** An error as Genesys Cloud writes it. */
export function failure(status: number, code: string, message: string): TwinAnswer {
  const contextId = randomUUID();
  return { status, body: { message, code, status, messageParams: {}, contextId, details: [], errors: [] } };
}
