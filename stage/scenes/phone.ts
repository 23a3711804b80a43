import type { EventLog } from '../events.ts';
import type { TwilioTwin } from '../twins/twilio/twin.ts';
import type { ScriptedParty } from '../twins/twilio/voice/party.ts';
import type { WatsonTwin } from '../twins/watson/twin.ts';
import type { Others } from './people.ts';
import { type Scene, type SceneStep, type Shown, seen, soon } from './scene.ts';

interface PhoneCast {
  readonly twilio: TwilioTwin;
  readonly watson: WatsonTwin;
  readonly log: EventLog;
  readonly others: Others;
  /** The number that the customer calls. */
  readonly number: string;
  readonly customer: string;
}

/** One playing of the scene: the call, and what can be seen of it. */
function playing({ twilio, watson, log }: PhoneCast) {
  let started: ReturnType<TwilioTwin['callIn']> | undefined;
  const call = () => seen(started, 'the call');
  return {
    begin(from: string, to: string): void {
      started = twilio.callIn({ from, to, script: {} });
    },
    call,
    task: () => twilio.tasks.all().find(({ attributes }) => attributes.call_sid === call().leg.sid),
    assistant: () => watson.calls().at(-1),
    heard: (text: RegExp): Shown | undefined => call().leg.heard.find((line) => text.test(line.text)),
    /** The last request to a function in this call, when it was answered with 200. */
    asked(name: string) {
      const event = log
        .all()
        .findLast(
          ({ direction, url, body }) => direction === 'in' && url.includes(`/${name}`) && body.includes(call().leg.sid),
        );
      return event?.status === 200 ? event : undefined;
    },
  };
}

type Playing = ReturnType<typeof playing>;

function untilHandedOver(
  { twilio, watson, number, customer }: PhoneCast,
  { begin, call, task, assistant, heard, asked }: Playing,
): readonly SceneStep[] {
  return [
    {
      title: 'A customer calls the number; its Studio flow asks receive-call what to do',
      async see() {
        watson.script({ messageToAgent: 'Wants to talk about an order' });
        begin(customer, number);
        await soon(() => asked('receive-call'), 'a signed request to receive-call, answered with 200');
        const [first, second] = twilio.flowPath(call().leg.sid);
        return [
          { by: 'caller', text: `calls ${number} from ${customer}` },
          { by: 'studio', text: `${first} → ${second}` },
        ];
      },
    },
    {
      title: 'The assistant answers by SIP; the handover id came with the call',
      async see() {
        const { text } = await soon(() => heard(/this is the assistant/), "the assistant's greeting");
        const { uri, headers } = seen(assistant(), 'a SIP call at the assistant');
        seen(
          uri.startsWith(`sip:${number}@`) && uri.includes(';secure=true'),
          `a secure SIP URI for ${number}, not ${uri}`,
        );
        seen(headers['x-handover-id'], 'the header X-Handover-Id');
        return [
          { by: 'twilio', text: `INVITE ${uri}` },
          { by: 'assistant', text },
        ];
      },
    },
    {
      title: 'The customer asks for a person; the assistant hands the call over by SIP REFER',
      async see() {
        const text = 'I want to talk to a person about my order.';
        call().party.prompt(text);
        await soon(() => heard(/connect you with a person/), "the assistant's announcement");
        const { referTo = '' } = seen(assistant(), 'the assistant');
        seen(referTo.includes('User-to-User='), 'a REFER with the session history key');
        return [
          { by: 'caller', text },
          { by: 'assistant', text: 'One moment, I will connect you with a person.' },
          { by: 'assistant', text: `REFER ${referTo.slice(0, 60)}…` },
        ];
      },
    },
    {
      title: 'Twilio asks refer-handler, and the call comes back to the flow with key and handover id',
      async see() {
        await soon(() => asked('refer-handler'), 'a signed request to refer-handler, answered with 200');
        await soon(task, 'a task in the queue');
        return [{ by: 'studio', text: twilio.flowPath(call().leg.sid).join(' → ') }];
      },
    },
  ];
}

function untilTheEnd({ twilio, others }: PhoneCast, { call, task, assistant, heard }: Playing): readonly SceneStep[] {
  let agent: ScriptedParty | undefined;
  return [
    {
      title: 'The caller waits in line, and the task knows what was said before',
      async see() {
        const { attributes, sid } = seen(task(), 'the task');
        const { sessionHistoryKey, headers } = seen(assistant(), 'the assistant');
        const values = Object.values(attributes);
        seen(values.includes(sessionHistoryKey), 'the session history key in the task attributes');
        seen(values.includes(headers['x-handover-id']), 'the handover id in the task attributes');
        await soon(() => heard(/plays/), 'music for the caller');
        // Twilio's own come first: call, account, numbers, direction, status.
        const own = Object.entries(attributes)
          .slice(8)
          .filter(([, value]) => value !== '');
        return [
          { by: 'line', text: '(hold music)' },
          { by: 'flex', text: `task ${sid}` },
          ...own.map(([name, value]) => ({ by: 'flex', text: `  ${name}: ${String(value)}` })),
        ];
      },
    },
    {
      title: 'The link in the task opens a page with who, why, and everything that was said',
      async see() {
        const url = String(seen(task(), 'the task').attributes.handoverUrl);
        const said = [
          'Hello, this is the assistant',
          'I want to talk to a person about my order',
          'Wants to talk about an order',
        ];
        await soon(async () => {
          const page = await others.open(url);
          return said.every((words) => page.includes(words));
        }, 'all of it on the page');
        return [
          { by: 'agent', text: `opens ${url.replace(/link=.*/, 'link=…')}` },
          ...said.map((text) => ({ by: 'agent', text })),
        ];
      },
    },
    {
      title: 'A Flex agent accepts, and the two talk',
      async see() {
        const accepted = seen(twilio.accept({}, seen(task(), 'the task').sid), 'a task that waits');
        agent = accepted.agent;
        const { text } = await soon(() => heard(/this is Ada/), "the agent's greeting");
        const answer = 'Good. The parcel has the wrong colour.';
        call().party.prompt(answer);
        const leg = await soon(() => twilio.legs.find(({ party }) => party === agent), "the agent's leg");
        await soon(() => leg.heard.some((line) => line.text === answer), "the customer's words at the agent");
        return [
          { by: 'agent', text },
          { by: 'caller', text: answer },
        ];
      },
    },
    {
      title: 'The agent helps and hangs up; the call is over and nothing went wrong',
      async see() {
        const text = 'I will send the right one today. Goodbye.';
        seen(agent, 'the agent').prompt(text, 'hang-up');
        await soon(
          () => call().leg.status === 'completed' && task()?.state === 'completed',
          'the end of call and task',
        );
        seen(heard(/right one today/), "the agent's last words");
        const [alert] = call().leg.alerts;
        seen(alert === undefined, `no alert, but there is ${alert?.code}: ${alert?.says}`);
        return [
          { by: 'agent', text },
          { by: 'twilio', text: `completed after ${Math.round(call().leg.seconds)} s` },
        ];
      },
    },
  ];
}

/** A caller talks to an assistant and is handed to a Flex agent, who knows what was said before. */
export function phoneScene(cast: PhoneCast): Scene {
  const play = playing(cast);
  return {
    name: 'phone',
    title: 'A phone call is handed from the assistant to a Flex agent',
    steps: [...untilHandedOver(cast, play), ...untilTheEnd(cast, play)],
  };
}
