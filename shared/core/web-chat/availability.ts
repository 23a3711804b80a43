import type { Deadline } from '../deadline.ts';
import type { Availability } from '../handover/desk.ts';

/** Asks whether somebody is there for a topic. Never throws: what cannot be found out is `null`. */
export type AskAvailability = (topic: string | undefined, deadline: Deadline) => Promise<Availability>;

/** Where no desk can tell. */
export const unknownAvailability: AskAvailability = async () => ({ online: null });
