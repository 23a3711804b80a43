import type { Caller } from '../function.ts';
import type { Inbound } from '../inbound.ts';
import type { Reply } from '../reply.ts';
import type { DeskTold } from './desk-told.ts';

/** How a desk tells us what happens there: who calls, and what its events mean. `S` is what its caller needs to be known. */
export interface DeskTelling<S extends object = object> {
  readonly caller: Caller<unknown, S>;
  /**
   * What a body says, in the order in which it happened; nothing for events that are not for us and for whatever cannot be
   * understood. Called after the caller was let in. Never throws.
   */
  told(body: unknown, inbound: Inbound, settings: S): readonly DeskTold[];
  /**
   * The handover of an event that may be its end, or only the end of one agent's part: the desk is then looked at. Never
   * throws.
   */
  perhapsOver?(body: unknown): string | undefined;
  /** The answer where the desk wants more than 204. */
  answer?(body: unknown, settings: S): Reply;
}
