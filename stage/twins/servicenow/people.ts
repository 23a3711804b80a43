import type { Row } from './records.ts';
import { newSysId } from './sys-id.ts';

/** The field in which PINs are on this instance. */
export const PIN_FIELD = 'u_helpdesk_pin';

const user = (name: string, email: string, more: Row = {}): Row => ({
  sys_id: newSysId(),
  user_name: email.replace(/@.*/, ''),
  name,
  email,
  active: 'true',
  phone: '',
  mobile_phone: '',
  [PIN_FIELD]: '',
  ...more,
});

/**
 * Who is on file: a caller and an agent of the desk, and callers of the helpdesk, whose numbers are written as people do.
 * Of two the number is the same, one has none, one has left, two have PINs.
 */
export const people = (): Row[] => [
  user('Ada Berg', 'ada@example.com', { user_name: 'ada.berg' }),
  user('Bo Lind', 'bo.lind@example.com'),
  user('Abraham Lincoln', 'abraham.lincoln@example.com', {
    phone: '(500) 555-0120',
    mobile_phone: '+1 500 555 0121',
    [PIN_FIELD]: '2468',
  }),
  user('Beth Anglin', 'beth.anglin@example.com', { mobile_phone: '500-555-0122', [PIN_FIELD]: '135790' }),
  user('David Miller', 'david.miller@example.com', { phone: '+1 (500) 555-0130', mobile_phone: '+15005550123' }),
  user('Fred Luddy', 'fred.luddy@example.com', { phone: '500.555.0130', mobile_phone: '1-500-555-0124' }),
  user('W. Huang', 'w.huang@example.com', { mobile_phone: '+1 500 555 0125' }),
  user('Jane Doe', 'jane.doe@example.com', { phone: '5005550126' }),
  user('Jane Doe', 'jane.doe@example.com', { user_name: 'jane.doe.left', phone: '5005550126', active: 'false' }),
  user('J. P. K.', 'jpk@bespoken.io', { mobile_phone: '+1 500-555-0127' }),
  user('Anna Smith', 'anna.smith7@example.org', { mobile_phone: '+15005550128' }),
  user('Mike O.', 'mike_o@example.net', { phone: '(500)555-0129' }),
  user('Li Na', 'li-na@example.com', { mobile_phone: '001 500 555 0131' }),
  user('Sue White', 'sue.white@mail.example.com', { mobile_phone: '+1.500.555.0132' }),
  user('Tom', 'tom99@example.com'),
];

const DAY_MS = 86_400_000;

/** What they have asked for before: incidents in every state, and in one that only this instance has. */
const before: readonly (readonly [userName: string, title: string, state: string, daysAgo: number])[] = [
  ['abraham.lincoln', 'Laptop does not start', '7', 90],
  ['abraham.lincoln', 'Cannot reach the file server', '3', 12],
  ['abraham.lincoln', 'New monitor for the theatre', '2', 3],
  ['abraham.lincoln', 'Problem with email', '1', 1],
  ['beth.anglin', 'Badge for the new building', '8', 40],
  ['beth.anglin', 'R&D printer is out of <toner>', '6', 8],
  ['david.miller', 'Access to the payroll system', '11', 5],
  ['fred.luddy', 'Problem resetting password', '2', 2],
];

/** The incidents that are there before anything happens, oldest last in the list of nobody. */
export const incidentsOf = (users: readonly Row[], nowMs: number, written: (atMs: number) => string): readonly Row[] =>
  before.map(([userName, short_description, state, daysAgo]) => {
    const caller = users.find(({ user_name }) => user_name === userName)?.sys_id ?? '';
    const opened_at = written(nowMs - daysAgo * DAY_MS);
    return {
      ...{ short_description, state, opened_at, sys_created_on: opened_at, sys_updated_on: opened_at },
      ...{ caller_id: caller, opened_by: caller, contact_type: 'phone' },
      active: String(!['7', '8'].includes(state)),
    };
  });
