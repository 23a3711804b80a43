import type { Schedule } from '../schedule.ts';
import type { TwilioTwin } from '../twins/twilio/twin.ts';
import type { Leg } from '../twins/twilio/voice/leg.ts';
import { newName, newNumber, type Others } from './people.ts';
import { type Phones, phonesOf } from './phones.ts';
import { type Scene, type Shown, seen, soon } from './scene.ts';

interface Cast {
  readonly twilio: TwilioTwin;
  readonly others: Others;
  readonly schedule: Schedule;
  /** The phones of the agents. */
  readonly agents: readonly string[];
}

/** Longer than it takes until a call-back is due. */
const LATER_MS = 20 * 60_000;

type LegOf = () => Leg | undefined;

async function talkAtLast(phones: Phones, agentsLeg: LegOf, customersLeg: LegOf): Promise<readonly Shown[]> {
  const whisper = await phones.hears(agentsLeg, /press 1/, 'the whisper');
  seen(whisper.text.includes('Grace'), '"Grace" in the whisper');
  const { by, text } = await phones.hears(customersLeg, /sorry that you had to wait/, "the agent's greeting");
  return [
    { by: 'agent', text: `hears: ${whisper.text}` },
    { by, text },
  ];
}

/** No agent answers: the customer asks for a call-back by key, is called when it is due, and talks to an agent. */
export function callBackScene({ twilio, others, schedule, agents }: Cast): Scene {
  const phones = phonesOf(twilio);
  const phone = newNumber();
  const sub = newName('visitor');
  const callsTo = (number: string) =>
    twilio.legs.filter(({ to, direction }) => to === number && direction === 'outbound-api');
  const nth = (count: number) => () => callsTo(phone)[count - 1];
  let requestId = '';
  const asked = () => others.wish(sub, { requestId });

  return {
    name: 'call-back',
    title: 'No agent answers, so the customer is called back',
    steps: [
      {
        title: 'A customer asks for a call, and no agent answers',
        async see() {
          for (const agent of agents) twilio.script(agent, { name: 'agent', answers: 'no-answer' });
          twilio.script(phone, { name: 'customer', presses: ['1'] });
          requestId = String(
            (await others.wish(sub, { phone, topic: 'my order', name: 'Grace', language: 'en' })).requestId,
          );
          const { text } = await phones.hears(nth(1), /nobody can take your call/, 'that nobody is there');
          return [{ by: 'line', text }];
        },
      },
      {
        title: 'They press 1 for a call-back, and are told that it will come',
        async see() {
          await phones.hears(nth(1), /presses 1/, 'the key');
          const { text } = await phones.hears(nth(1), /call you back/, 'the promise');
          await soon(() => nth(1)()?.status === 'completed', 'the end of the first call');
          const { status, reason } = await soon(async () => {
            const now = await asked();
            return now.reason === 'call_back' && now;
          }, 'the reason call_back');
          return [
            { by: 'line', text },
            { by: 'system', text: `status: ${String(status)}, ${String(reason)}` },
          ];
        },
      },
      {
        title: 'Before its time nobody is called; twenty minutes later the customer is',
        async see() {
          seen((await schedule.sweep())?.status === 200, 'a sweep');
          seen(callsTo(phone).length === 1, 'no call before its time');
          for (const agent of agents)
            twilio.script(agent, { name: 'agent', presses: ['1'], says: ['Hello Grace, sorry that you had to wait.'] });
          twilio.script(phone, { name: 'customer' });
          await schedule.advance(LATER_MS);
          const { text } = await phones.hears(nth(2), /asked for a call/, 'the greeting of the second call');
          return [
            { by: 'schedule', text: 'sweep' },
            { by: 'line', text },
          ];
        },
      },
      {
        title: 'An agent hears who waits, presses 1, and the two talk',
        see: () => talkAtLast(phones, () => phones.legTo(agents[0] ?? ''), nth(2)),
      },
      {
        title: 'The customer says goodbye; they were called twice in all, and never left in silence',
        async see() {
          const leg = seen(nth(2)(), 'the second call');
          twilio.hangUp(leg.sid);
          await soon(() => leg.status === 'completed', 'the end of the call');
          await schedule.advance(LATER_MS);
          seen(callsTo(phone).length === 2, 'two calls, not more');
          return [...phones.story(leg), ...phones.nobodyWasLeftAlone()];
        },
      },
    ],
  };
}
