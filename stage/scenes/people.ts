import { randomInt } from 'node:crypto';

/** A phone number that nobody has used before: what is limited for each number counts from the start. */
export const newNumber = () => `+1500555${randomInt(2_000, 10_000)}`;
