import type { Row } from '../twins/servicenow/records.ts';
import type { HelpdeskCast } from './helpdesk.ts';
import { type HelpdeskCall, helpdeskCall } from './helpdesk-call.ts';
import { newKnownCaller } from './helpdesk-people.ts';
import { newNumber } from './people.ts';
import { type Scene, type Shown, seen, soon } from './scene.ts';

/** What the caller has opened before, the oldest first. */
const earlier = [
  { short_description: 'A new monitor', state: '7', opened_at: '2026-02-03 08:00:00' },
  { short_description: 'Outlook is slow', state: '6', opened_at: '2026-05-21 09:57:06' },
  { short_description: 'Problem with email', state: '2', opened_at: '2026-06-02 10:20:00' },
  { short_description: 'Problem resetting password', state: '1', opened_at: '2026-06-03 12:12:49' },
];

/** Callers ask how their tickets stand: who is known by their number hears it, anybody else proves first who they are. */
export function helpdeskStatusScene({ twilio, servicenow, helpdesk }: HelpdeskCast): Scene {
  const { records } = servicenow;
  const known = newKnownCaller(records);
  let call: HelpdeskCall;
  let rows: readonly Row[] = [];
  const ticket = ({ number, short_description }: Row) => `${number}: "${short_description}"`;
  const isRead = (shown: readonly Shown[]) =>
    rows.some(({ number = '' }) => shown.some(({ text }) => text.includes(number)));

  async function asksForStatus(from: string, stirVerstat?: string): Promise<readonly Shown[]> {
    call = helpdeskCall(twilio, { from, to: helpdesk, ...(stirVerstat !== undefined && { stirVerstat }) });
    const hello = await call.greeted();
    call.says('What is the status of my tickets?');
    return [
      ...hello.slice(0, 1),
      ...(await call.asked(/What is your email address\?/, 'the question for the address')),
    ];
  }

  /** They say their address, and that it was understood. */
  async function saysAddress(): Promise<readonly Shown[]> {
    call.says(known.spoken);
    const heard = await call.asked(/Is that right\?/, 'the address read back');
    call.presses('1');
    return heard;
  }

  return {
    name: 'helpdesk-status',
    title: 'A caller hears how their tickets stand, and nobody else does',
    steps: [
      {
        title: 'Somebody has four tickets at ServiceNow, and calls from the phone that is on file there',
        async see() {
          const { sys_id = '' } = known.row;
          const about = { caller_id: sys_id, opened_by: sys_id };
          rows = earlier.map((values) => records.insert('incident', { ...values, ...about }, 'bo.lind'));
          const heard = await asksForStatus(known.phone);
          return [...rows.map((row) => ({ by: 'servicenow', text: ticket(row) })), ...heard];
        },
      },
      {
        title:
          'The network vouches for the number, and it is that of the address: three are read out, the newest first',
        async see() {
          const heard = [...(await saysAddress()), ...(await call.asked(/And \d+ more/, 'that there are more'))];
          const numbers = heard.flatMap(({ text }) => /Incident (INC\d+):/.exec(text)?.[1] ?? []);
          const newest = rows.map(({ number }) => number).toReversed();
          seen(numbers.join() === newest.slice(0, 3).join(), `the three newest, not ${numbers.join()}`);
          call.says('Goodbye');
          await soon(() => call.leg.status === 'completed', 'the end of the call');
          return [...heard, ...call.wasNotLeftAlone()];
        },
      },
      {
        title: 'Somebody calls from another phone, for which nobody vouches, and asks for the same',
        see: () => asksForStatus(newNumber(), ''),
      },
      {
        title: 'A code goes by text to the phone on file, not to the one that calls; nothing is read out before it',
        async see() {
          const heard = [...(await saysAddress()), ...(await call.asked(/key in the code/, 'the question for a code'))];
          seen(!isRead(heard), 'no ticket');
          const text = seen(twilio.texts().at(-1), 'a text message');
          seen(text.to === known.phone, `a text to ${known.phone}, not to ${text.to}`);
          return [...heard, { by: 'phone', text: `(text to ${text.to}) ${text.body.replace(/\d{6}/, '……')}` }];
        },
      },
      {
        title: 'A wrong code reads nothing',
        async see() {
          call.presses('000000#');
          const heard = await call.asked(/That is not the code/, 'that it is the wrong code');
          seen(!isRead(heard), 'no ticket');
          return heard;
        },
      },
      {
        title: 'The code of the text message does',
        async see() {
          const code = seen(/\d{6}/.exec(twilio.texts().at(-1)?.body ?? '')?.[0], 'the code');
          call.presses(`${code}#`);
          const heard = await call.asked(/And \d+ more/, 'the tickets');
          seen(isRead(heard), 'the tickets');
          call.hangsUp();
          // What was pressed is nobody's business.
          const shown = heard.map(({ by, text }) => ({ by, text: text.replace(code, '……') }));
          return [...shown, ...call.wasNotLeftAlone()];
        },
      },
    ],
  };
}
