import type { Schedule } from '../schedule.ts';
import type { TwilioTwin } from '../twins/twilio/twin.ts';
import type { WatsonTwin } from '../twins/watson/twin.ts';
import { newNumber, type Others } from './people.ts';
import { phonesOf } from './phones.ts';
import { type Scene, type Shown, seen, soon } from './scene.ts';

interface Cast {
  readonly twilio: TwilioTwin;
  readonly watson: WatsonTwin;
  readonly others: Others;
  readonly schedule: Schedule;
  /** The number that customers call. */
  readonly number: string;
}

/** More than a caller waits in line. */
const WAITED_MS = 6 * 60_000;

const MESSAGE = 'My name is Grace. Please call me back about my parcel, it has the wrong colour.';

/** An agent who comes later looks at what is open, and at what the caller said. */
async function readLater(others: Others, handoverId: string, from: string): Promise<readonly Shown[]> {
  const listed = await soon(async () => {
    const { handovers } = await others.view('');
    const all = handovers as readonly { handoverId: string; state: string; reason: string }[];
    const found = all.find((one) => one.handoverId === handoverId);
    return found?.state === 'voicemail' && found;
  }, 'the call in the list, with a message');
  const view = await soon(async () => {
    const whole = await others.view(`?handoverId=${handoverId}`);
    return whole.message === MESSAGE && whole;
  }, 'the message in words');
  seen(view.phone === from, `the caller's number, not ${String(view.phone)}`);
  return [
    { by: 'agent', text: `${listed.state}: ${listed.reason}` },
    { by: 'agent', text: `from ${String(view.phone)}: ${String(view.message)}` },
  ];
}

/** No agent takes a call in time: the caller leaves a message, which an agent who comes later reads in the list. */
export function nobodyThereScene({ twilio, watson, others, schedule, number }: Cast): Scene {
  const phones = phonesOf(twilio);
  const from = newNumber();
  let callSid = '';
  const leg = () => twilio.legs.find(({ sid }) => sid === callSid);
  const task = () => twilio.tasks.all().find(({ attributes }) => attributes.call_sid === callSid);
  const handoverId = () => String(seen(task(), 'the task').attributes.handoverId);

  return {
    name: 'nobody-there',
    title: 'Nobody takes the call in time, and the message of the caller is not lost',
    steps: [
      {
        title: 'A customer calls, and the assistant hands the call over to a person',
        async see() {
          watson.script({ messageToAgent: 'Wants to talk about a parcel', variables: { order: '4711' } });
          const says = ['My parcel has the wrong colour, I want to talk to a person.'];
          const script = { says, presses: ['2'], speaks: [MESSAGE] };
          callSid = twilio.callIn({ from, to: number, script }).leg.sid;
          await soon(task, 'a task for a person');
          return [
            { by: 'caller', text: says.join() },
            { by: 'flex', text: `task ${task()?.sid}` },
          ];
        },
      },
      {
        title: 'The caller hears the place in line and music, and no agent takes the task',
        async see() {
          const { text } = await phones.hears(leg, /in line/, 'the place in line');
          const music = await phones.hears(leg, /plays/, 'music');
          return [{ by: 'line', text }, music];
        },
      },
      {
        title: 'Six minutes later the caller is asked what they want instead, and presses 2',
        async see() {
          await schedule.advance(WAITED_MS);
          const { text } = await phones.hears(leg, /press 2/, 'what there is instead');
          await phones.hears(leg, /presses 2/, 'the key');
          seen(task()?.state === 'canceled', 'the task taken back');
          return [
            { by: 'line', text },
            { by: 'caller', text: '(presses 2)' },
          ];
        },
      },
      {
        title: 'They leave a message after the tone, and hear that it was taken',
        async see() {
          await phones.hears(leg, /beep/, 'the tone');
          const { text } = await phones.hears(leg, /have your message/, 'the thanks');
          await soon(() => leg()?.status === 'completed', 'the end of the call');
          return [
            { by: 'caller', text: MESSAGE },
            { by: 'line', text },
          ];
        },
      },
      {
        title: 'An agent who comes later finds the call in the list, with the message written down',
        see: () => readLater(others, handoverId(), from),
      },
      {
        title: 'The caller was never left in silence',
        async see() {
          watson.script({});
          return [...phones.story(seen(leg(), 'the call')), ...phones.nobodyWasLeftAlone()];
        },
      },
    ],
  };
}
