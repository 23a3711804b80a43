import type { Faults } from '../faults.ts';
import type { HelpdeskCast } from './helpdesk.ts';
import { type HelpdeskCall, helpdeskCall, rowsOf } from './helpdesk-call.ts';
import { newKnownCaller } from './helpdesk-people.ts';
import { newNumber, type Others } from './people.ts';
import { type Scene, type Shown, seen, soon } from './scene.ts';

interface Cast extends HelpdeskCast {
  readonly others: Others;
  readonly faults: Faults;
}

/** Whoever has spoken hears by then that nothing comes of it. */
const APOLOGY_WITHIN_SEC = 8;

/** ServiceNow does not answer, and then the line breaks: nobody is left in silence, and nothing has to be said twice. */
export function helpdeskOfflineScene({ twilio, servicenow, others, faults, helpdesk }: Cast): Scene {
  const known = newKnownCaller(servicenow.records);
  let call: HelpdeskCall;
  const from = newNumber();
  const openedBefore = servicenow.records.table('incident')?.length ?? 0;
  const task = () => twilio.tasks.all().find(({ attributes }) => attributes.call_sid === call.leg.sid);

  /** Begins to open an incident, up to the question for its description. */
  async function begins(caller: string): Promise<readonly Shown[]> {
    call = helpdeskCall(twilio, { from: caller, to: helpdesk });
    const hello = await call.greeted();
    call.says('I have a problem with my email');
    await call.asked(/What is your email address\?/, 'the question for the address');
    call.says(known.spoken);
    await call.asked(/Is that right\?/, 'the address read back');
    call.says('Yes');
    await call.asked(/For high, press 3/, 'the priorities');
    call.says('High');
    return [...hello.slice(0, 1), ...(await call.asked(/description/, 'the question for a description'))];
  }

  async function describes(): Promise<readonly Shown[]> {
    call.says('Outlook asks for my password again and again');
    return call.asked(/Should I open an incident/, 'everything that is to be opened');
  }

  /** Seconds from the caller's last word to these. */
  function secondsTo(words: RegExp): number {
    const { heard, party } = call.leg;
    const spoke = heard.findLast(({ by }) => by === party.name);
    const answer = heard.findLast(({ text }) => words.test(text));
    return seen(answer, 'the apology').atSec - (spoke ? spoke.atSec + spoke.forSec : 0);
  }

  return {
    name: 'helpdesk-offline',
    title: 'ServiceNow does not answer, then the line breaks: nobody is left in silence, or has to say it twice',
    steps: [
      {
        title: 'A caller begins to open an incident',
        see: async () => [...(await begins(known.phone)), ...(await describes())],
      },
      {
        title: 'They say yes, and ServiceNow hangs: one moment, still looking, and an apology within 8 s',
        async see() {
          faults.plan('servicenow', 'hang');
          call.says('Yes');
          const heard = [
            ...(await call.hears(/One moment/, 'one moment')),
            ...(await call.hears(/Still looking/, 'that it takes longer')),
            ...(await call.hears(/does not answer/, 'an apology')),
          ];
          const seconds = secondsTo(/does not answer/);
          seen(seconds <= APOLOGY_WITHIN_SEC, `an apology within ${APOLOGY_WITHIN_SEC} s, not after ${seconds}`);
          return [...heard, { by: 'twilio', text: `${seconds.toFixed(1)} s after their last word` }];
        },
      },
      {
        title: 'They get a person, who has the incident to be opened',
        async see() {
          const { attributes } = await soon(task, 'a task for a person');
          const music = await call.hears(/plays/, 'music in line');
          const view = await others.view(`?handoverId=${String(attributes.handoverId)}`);
          const draft = rowsOf(view.draft);
          seen(draft.includes('short_description: Problem with email'), 'the incident');
          const silence = call.wasNotLeftAlone();
          faults.plan('servicenow', 'ok');
          call.hangsUp();
          return [...music, ...draft.map((text) => ({ by: 'agent', text: `incident, ${text}` })), ...silence];
        },
      },
      {
        title: 'Somebody else is in the middle of it when the line breaks',
        async see() {
          const heard = await begins(from);
          call.hangsUp();
          await soon(() => call.leg.status === 'completed', 'the end of the call');
          return [...heard, { by: 'line', text: '(the line breaks)' }];
        },
      },
      {
        title: 'They call again from the same phone, and are asked whether to go on; nothing of it is read out before',
        async see() {
          call = helpdeskCall(twilio, { from, to: helpdesk });
          const heard = await call.asked(/go on where your last call stopped/, 'the question whether to go on');
          seen(!heard.some(({ text }) => text.includes(known.email)), 'no address');
          return heard;
        },
      },
      {
        title: 'They say yes, and only what is missing is asked; the incident is opened once',
        async see() {
          call.says('Yes');
          const asked = await call.asked(/description/, 'the question for a description');
          const all = await describes();
          call.says('Yes');
          const opened = await call.asked(/Successfully opened up incident/, 'the number of the incident');
          const count = (servicenow.records.table('incident')?.length ?? 0) - openedBefore;
          // The first call may have been taken by ServiceNow although it did not answer.
          seen(count === 1, `one incident, not ${count}`);
          call.hangsUp();
          return [...asked, ...all, ...opened, ...call.wasNotLeftAlone()];
        },
      },
    ],
  };
}
