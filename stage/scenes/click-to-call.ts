import type { TwilioTwin } from '../twins/twilio/twin.ts';
import type { Leg } from '../twins/twilio/voice/leg.ts';
import type { ScriptedParty } from '../twins/twilio/voice/party.ts';
import { newName, newNumber, type Others } from './people.ts';
import { type Phones, phonesOf } from './phones.ts';
import { type Scene, type Shown, seen, soon } from './scene.ts';

interface Cast {
  readonly twilio: TwilioTwin;
  readonly others: Others;
  /** The phones of the agents. */
  readonly agents: readonly string[];
}

const SAID = [
  { by: 'customer', text: 'My parcel came, but it is the wrong colour.' },
  { by: 'bot', text: 'I am sorry. Shall somebody call you?' },
];

type LegOf = () => Leg | undefined;

/** The agent hears who waits, why, and what they said last; the customer hears none of it. */
async function whisperedTo(agentsLeg: LegOf, customersLeg: LegOf, phones: Phones): Promise<readonly Shown[]> {
  const { text } = await phones.hears(agentsLeg, /press 1/, 'the whisper');
  for (const part of ['Grace', 'my order', 'wrong colour']) seen(text.includes(part), `"${part}" in the whisper`);
  await phones.hears(agentsLeg, /presses 1/, 'the key');
  seen(!customersLeg()?.heard.some((line) => line.text === text), 'the whisper heard by the agent only');
  return [
    { by: 'agent', text: `hears: ${text}` },
    { by: 'agent', text: '(presses 1)' },
  ];
}

/** Somebody who chats with a bot is called, and an agent who knows what was said takes the call by a key. */
export function clickToCallScene({ twilio, others, agents: [agent = ''] }: Cast): Scene {
  const phones = phonesOf(twilio);
  const phone = newNumber();
  const sub = newName('visitor');
  const conversationId = newName('chat');
  let requestId = '';
  const status = async () => String((await others.wish(sub, { requestId })).status);
  const customersLeg = () => phones.legTo(phone);
  const agentsLeg = () => phones.legTo(agent);
  const prompt = (leg: ReturnType<typeof customersLeg>, text: string, ends?: 'hang-up') =>
    (seen(leg, 'the leg').party as ScriptedParty).prompt(text, ends);

  return {
    name: 'click-to-call',
    title: 'A customer who chats is called, and an agent takes the call knowing what was said',
    steps: [
      {
        title: 'A customer chats with a bot, which tells what was said',
        async see() {
          twilio.script(phone, { name: 'customer' });
          twilio.script(agent, { name: 'agent', presses: ['1'], says: ['Hello Grace, I have read what you wrote.'] });
          await others.tell(conversationId, SAID);
          return SAID;
        },
      },
      {
        title: 'The customer asks for a call, once however often the page asks',
        async see() {
          const wish = { phone, conversationId, topic: 'my order', name: 'Grace', language: 'en' };
          const first = await others.wish(sub, wish);
          const again = await others.wish(sub, wish);
          requestId = String(first.requestId);
          seen(again.requestId === requestId, 'the same request for the same wish');
          return [{ by: 'customer', text: `asks to be called at ${phone}: ${requestId}, ${String(first.status)}` }];
        },
      },
      {
        title: 'Their phone rings; who picks up hears who calls and why',
        async see() {
          const { text } = await phones.hears(customersLeg, /asked for a call/, 'the greeting');
          seen(twilio.legs.filter(({ to }) => to === phone).length === 1, 'one call, not several');
          return [{ by: 'line', text }];
        },
      },
      {
        title: 'An agent is rung, hears who waits and what they said last, and presses 1',
        see: () => whisperedTo(agentsLeg, customersLeg, phones),
      },
      {
        title: 'The two talk, and the page is told so',
        async see() {
          const { by, text } = await phones.hears(customersLeg, /I have read/, "the agent's greeting");
          const answer = 'Thank you, so I need not say it again.';
          prompt(customersLeg(), answer);
          await phones.hears(agentsLeg, /need not say it again/, "the customer's words at the agent");
          seen((await status()) === 'connected', 'the status connected');
          return [
            { by, text },
            { by: 'customer', text: answer },
            { by: 'system', text: 'status: connected' },
          ];
        },
      },
      {
        title: 'They say goodbye; the page is told that the call is over, and nobody was left in silence',
        async see() {
          prompt(agentsLeg(), 'The right one goes out today. Goodbye.', 'hang-up');
          await soon(() => customersLeg()?.status === 'completed', 'the end of the call');
          await soon(async () => (await status()) === 'ended', 'the status ended');
          const story = phones.story(seen(customersLeg(), "the customer's leg"));
          return [...story, { by: 'system', text: 'status: ended' }, ...phones.nobodyWasLeftAlone()];
        },
      },
    ],
  };
}
