import * as v from 'valibot';
import { readPhone } from '../core/call/written-phone.ts';
import type { ServiceNowUser } from './incidents.ts';
import { sysId } from './table-api.ts';

const text = v.fallback(v.string(), '');

/** Fewer digits are guessed; where it is anything else, it is a mistake and no PIN. */
const pin = v.fallback(v.optional(v.pipe(v.string(), v.regex(/^\d{4,12}$/))), undefined);

/** How a user is read. `home` is the country of numbers without a country code. */
export function userRow(pinField: string | undefined, home: string | undefined) {
  const fields = ['sys_id', 'email', 'name', 'phone', 'mobile_phone', ...(pinField === undefined ? [] : [pinField])];
  const shape = { sys_id: sysId, email: text, name: text, phone: text, mobile_phone: text };
  const row = v.pipe(
    v.looseObject(shape),
    v.transform(({ sys_id, email, name, phone, mobile_phone, ...more }): ServiceNowUser => {
      const mobile = readPhone(mobile_phone, home);
      const numbers = [readPhone(phone, home), mobile].filter((number) => number !== undefined);
      return {
        sysId: sys_id,
        email,
        name: name.trim() === '' ? undefined : name,
        phones: [...new Set(numbers)],
        mobile,
        pin: pinField === undefined ? undefined : v.parse(pin, more[pinField]),
      };
    }),
  );
  return { fields, row };
}
