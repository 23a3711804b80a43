import type { ScriptedParty } from '../twins/twilio/voice/party.ts';
import type { HelpdeskCast } from './helpdesk.ts';
import { type HelpdeskCall, helpdeskCall, rowsOf } from './helpdesk-call.ts';
import { newKnownCaller } from './helpdesk-people.ts';
import type { Others } from './people.ts';
import { type Scene, type Shown, seen, soon } from './scene.ts';

interface Cast extends HelpdeskCast {
  readonly others: Others;
}

/** A caller asks for a person in the middle of an incident, who has what was said, what is known and what would be opened. */
export function helpdeskAgentScene({ twilio, others, servicenow, helpdesk }: Cast): Scene {
  const known = newKnownCaller(servicenow.records);
  let call: HelpdeskCall;
  let agent: ScriptedParty;
  const task = () => twilio.tasks.all().find(({ attributes }) => attributes.call_sid === call.leg.sid);
  const handoverId = () => String(seen(task(), 'the task').attributes.handoverId);

  return {
    name: 'helpdesk-agent',
    title: 'A caller asks for a person in the middle, who goes on where the bot stopped',
    steps: [
      {
        title: 'A caller has begun to open an incident',
        async see() {
          call = helpdeskCall(twilio, { from: known.phone, to: helpdesk });
          await call.greeted();
          call.says('I want to reset my password');
          const asked = await call.asked(/What is your email address\?/, 'the question for the address');
          call.says(known.spoken);
          const read = await call.asked(/Is that right\?/, 'the address read back');
          call.says('Yes');
          const priority = await call.asked(/For high, press 3/, 'the priorities');
          call.presses('2');
          return [
            ...asked,
            ...read,
            ...priority,
            ...(await call.asked(/description/, 'the question for a description')),
          ];
        },
      },
      {
        title: 'They ask for an agent, and are in line for one at once',
        async see() {
          call.says('I want to talk to an agent');
          const heard = await call.hears(/plays/, 'music in line');
          seen(
            heard.some(({ text }) => /connecting you with a person/.test(text)),
            'that they get a person',
          );
          const { attributes, sid } = await soon(task, 'a task for a person');
          return [...heard, { by: 'flex', text: `task ${sid}: ${String(attributes.handoverReason)}` }];
        },
      },
      {
        title: 'The agent’s page has all that was said, what the bot found out, and the incident as it would be opened',
        async see() {
          const view = await soon(async () => {
            const whole = await others.view(`?handoverId=${handoverId()}`);
            return Object.keys(Object(whole.draft)).length > 0 && whole;
          }, 'the page with a draft of the incident');
          const said = (view.lines as readonly { readonly by: string; readonly text: string }[]).map(
            ({ text }) => text,
          );
          for (const words of [
            'I want to reset my password',
            'What is your email address?',
            'I want to talk to an agent',
          ])
            seen(said.includes(words), `"${words}" in the transcript`);
          const fields = rowsOf(view.fields);
          const draft = rowsOf(view.draft);
          seen(fields.includes(`email: ${known.email}`) && fields.includes('priority: medium'), 'address and priority');
          seen(draft.includes('short_description: Problem resetting password'), 'the title of the incident');
          await others.open(String(seen(task(), 'the task').attributes.handoverUrl));
          return [
            { by: 'agent', text: `reads: ${String(view.reason)}` },
            { by: 'agent', text: `${said.length} lines, from "${said[0]}" on` },
            ...fields.map((text) => ({ by: 'agent', text })),
            ...draft.map((text) => ({ by: 'agent', text: `incident, ${text}` })),
          ];
        },
      },
      {
        title: 'The agent takes the call, and need not ask again',
        async see(): Promise<readonly Shown[]> {
          const says = ['Hello, this is Ada. I see that you cannot reset your password.'];
          ({ agent } = seen(twilio.accept({ says }, seen(task(), 'the task').sid), 'a task that waits'));
          const heard = await call.hears(/this is Ada/, 'the agent');
          const answer = 'Thank you, so I need not say it again.';
          call.says(answer);
          const leg = await soon(() => twilio.legs.find(({ party }) => party === agent), "the agent's leg");
          await soon(() => leg.heard.some(({ text }) => text === answer), "the caller's words at the agent");
          return heard;
        },
      },
      {
        title: 'The call is over, and nobody was left alone in it',
        async see() {
          agent.prompt('You have a new one in a minute. Goodbye.', 'hang-up');
          const heard = await call.hears(/Goodbye/, 'a goodbye');
          await soon(() => call.leg.status === 'completed', 'the end of the call');
          return [...heard, ...call.wasNotLeftAlone()];
        },
      },
    ],
  };
}
