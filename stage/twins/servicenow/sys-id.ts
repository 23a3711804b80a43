import { randomUUID } from 'node:crypto';

/** A name for a record, as the instance makes them. */
export const newSysId = (): string => randomUUID().replaceAll('-', '');
