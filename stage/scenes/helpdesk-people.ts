import { randomInt } from 'node:crypto';
import type { Records, Row } from '../twins/servicenow/records.ts';
import { newNumber } from './people.ts';
import { NotSeen } from './scene.ts';

/** Somebody whom ServiceNow has on file. */
export interface KnownCaller {
  readonly row: Row;
  /** Their mobile phone. */
  readonly phone: string;
  readonly email: string;
  /** Their address as they say it. */
  readonly spoken: string;
}

const firstNames = ['Ada', 'Grace', 'Alan', 'Mary', 'Emma', 'Linda', 'Peter', 'Anna', 'Martin', 'Susan'];
const lastNames = ['Stone', 'Baker', 'Miller', 'Hill', 'Wood', 'Parker', 'Carter', 'Cooper', 'Fisher', 'Mason'];

const one = (names: readonly string[]) => names[randomInt(names.length)] ?? '';

/** Somebody who has never called before: what is limited for each number and address counts from the start. */
export function newKnownCaller(records: Records): KnownCaller {
  const taken = records.table('sys_user') ?? [];
  for (let tries = 0; tries < 100; tries++) {
    const [first, last] = [one(firstNames), one(lastNames)];
    const user = `${first}.${last}`.toLowerCase();
    if (taken.some(({ user_name }) => user_name === user)) continue;
    const email = `${user}@example.com`;
    const phone = newNumber();
    const values = { user_name: user, name: `${first} ${last}`, email, mobile_phone: phone, active: 'true' };
    const row = records.insert('sys_user', values, 'admin');
    return { row, phone, email, spoken: `${user.replace('.', ' dot ')} at example dot com` };
  }
  throw new NotSeen('somebody who has never called before');
}
