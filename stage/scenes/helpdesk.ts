import type { EventLog } from '../events.ts';
import type { ServiceNowTwin } from '../twins/servicenow/twin.ts';
import type { TwilioTwin } from '../twins/twilio/twin.ts';
import { helpdeskCall } from './helpdesk-call.ts';
import { newKnownCaller } from './helpdesk-people.ts';
import { type Scene, type SceneStep, seen, soon } from './scene.ts';

export interface HelpdeskCast {
  readonly twilio: TwilioTwin;
  readonly servicenow: ServiceNowTwin;
  readonly log: EventLog;
  /** The number of the helpdesk. */
  readonly helpdesk: string;
}

/** A caller opens an incident: in words, by key, with an address that is spoken, and hears its number. */
export function helpdeskScene({ twilio, servicenow, log, helpdesk }: HelpdeskCast): Scene {
  let call: ReturnType<typeof helpdeskCall>;
  const known = newKnownCaller(servicenow.records);
  const before = new Set(servicenow.records.table('incident'));
  const opened = () => (servicenow.records.table('incident') ?? []).filter((row) => !before.has(row));

  /** The caller does something and is asked something. */
  const turn = (title: string, does: () => void, words: RegExp, what: string): SceneStep => ({
    title,
    see() {
      does();
      return call.asked(words, what);
    },
  });

  return {
    name: 'helpdesk',
    title: 'A caller opens an incident by voice, and hears its number',
    steps: [
      {
        title: 'A caller rings the helpdesk; Twilio asks helpdesk-call, signed, and the helpdesk says what it can do',
        async see() {
          call = helpdeskCall(twilio, { from: known.phone, to: helpdesk });
          const heard = await call.greeted();
          const asked = log
            .all()
            .findLast(({ url, body }) => url.includes('/helpdesk-call') && body.includes(call.leg.sid));
          seen(asked?.status === 200 && asked.headers['x-twilio-signature'], 'a signed request, answered with 200');
          return heard;
        },
      },
      turn(
        'They have a problem with their email; the helpdesk asks for the address',
        () => call.says('I have a problem with my email'),
        /What is your email address\?/,
        'the question for the address',
      ),
      turn(
        'They say it aloud, and the helpdesk reads back what it has heard',
        () => call.says(known.spoken),
        /Is that right\?/,
        'the address read back',
      ),
      turn(
        'It is right: ServiceNow is asked who that is, while the caller has heard so; priorities are read out with their keys',
        () => call.presses('1'),
        /For high, press 3/,
        'the priorities with their keys',
      ),
      turn(
        'They press 3, for a high priority',
        () => call.presses('3'),
        /problem description/,
        'the question for a description',
      ),
      turn(
        'They describe the problem, and hear everything before anything is done',
        () => call.says("Can't log in to my email"),
        /Should I open an incident/,
        'everything that is to be opened',
      ),
      {
        title: 'They say yes: one incident is opened, with caller, urgency and impact, and its number is read out',
        async see() {
          call.says('Yes please');
          const heard = await call.asked(/Successfully opened up incident INC\d+/, 'the number of the incident');
          const [incident, ...others] = opened();
          seen(incident && others.length === 0, `one incident, not ${others.length + 1}`);
          const {
            number = '',
            short_description,
            description,
            urgency,
            impact,
            caller_id,
          } = seen(incident, 'the incident');
          seen(
            heard.some(({ text }) => text.includes(number)),
            `the number ${number}`,
          );
          seen(urgency === '1' && impact === '1', `urgency and impact 1, not ${urgency} and ${impact}`);
          const caller = servicenow.records.find('sys_user', caller_id ?? '');
          seen(caller?.email === known.email, `the caller ${known.email}, not ${caller?.email}`);
          return [
            ...heard,
            { by: 'servicenow', text: `${number}: ${short_description}` },
            { by: 'servicenow', text: `for ${caller?.name}, urgency ${urgency}, impact ${impact}` },
            ...(description ?? '').split('\n').map((text) => ({ by: 'servicenow', text })),
          ];
        },
      },
      {
        title: 'They say goodbye, and the call is over; they were never in silence for more than 3 s',
        async see() {
          call.says('Goodbye');
          const heard = await call.hears(/Goodbye/, 'a goodbye');
          await soon(() => call.leg.status === 'completed', 'the end of the call');
          return [...heard, ...call.wasNotLeftAlone()];
        },
      },
    ],
  };
}
