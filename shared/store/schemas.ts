import * as v from 'valibot';

/** A number that conditions compare: one that JavaScript holds exactly. */
export const count = v.pipe(v.number(), v.safeInteger());

/** A time, or the end of one: within what a calendar can hold, so that a broken one does not hold for ever. */
export const time = v.pipe(v.number(), v.maxValue(8.64e15));

/** A text that may be missing; then the property is there and undefined. */
export const maybeText = v.optional(v.string(), () => undefined);

/** A time that may be missing; then the property is there and undefined. */
export const maybeTime = v.optional(time, () => undefined);

/** A text that holds JSON of this shape. */
export const jsonText = <T>(schema: v.GenericSchema<unknown, T>) => v.pipe(v.string(), v.parseJson(), schema);
