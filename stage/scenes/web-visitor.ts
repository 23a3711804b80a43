import type { Env } from '../../shared/core/settings.ts';
import type { StageClock } from '../clock.ts';
import { clientOfToken } from '../twins/twilio/conversations/access-token.ts';
import type { ChatConversation, ChatMessage } from '../twins/twilio/conversations/conversations.ts';
import type { FlexChat } from '../twins/twilio/flex/agents.ts';
import type { TwilioTwin } from '../twins/twilio/twin.ts';
import { newName, type Others } from './people.ts';
import { type Shown, seen, soon } from './scene.ts';

export interface ChatCast {
  readonly twilio: TwilioTwin;
  readonly others: Others;
  readonly settings: Env;
  readonly clock: StageClock;
}

/** A visitor of the site who chats with people in Flex, and what can be seen of that. */
export interface WebVisitor {
  /** Their conversation with the bot. */
  readonly conversationId: string;
  /** Opens the chat through `flex-token` and comes into it with the token, as the client in a browser does. */
  opens(body: object): Promise<readonly Shown[]>;
  says(text: string): void;
  /** What Flex has of it. */
  inFlex(): FlexChat;
  conversation(): ChatConversation;
  handoverId(): string;
  /** Waits until these words stand in the chat. */
  reads(text: string | RegExp, what: string): Promise<ChatMessage>;
  /** Waits until `agent-view` shows an agent all of this, each once, and gives every line that it shows. */
  seenBy(agent: string, said: readonly string[]): Promise<readonly Shown[]>;
  /** Sees who answers the customer now: the bot asks. */
  answeredBy(who: 'bot' | 'person'): Promise<readonly Shown[]>;
}

export function webVisitor({ twilio, others, settings, clock }: ChatCast): WebVisitor {
  const sub = newName('visitor');
  const conversationId = newName('conversation');
  const { conversations, agents } = twilio.flex;
  let identity = '';
  let conversationSid = '';
  const conversation = () => seen(conversations.find(conversationSid), 'the conversation at Twilio');
  const inFlex = () => seen(agents.find({ conversationSid }), 'the chat in Flex');
  const handoverId = () => String(seen(inFlex().task.attributes.handoverId, 'the handover id in the task'));
  return {
    conversationId,
    async opens(body) {
      const pass = await others.chat(sub, { action: 'start', conversationId, ...body });
      conversationSid = String(pass.conversationSid);
      const client = await clientOfToken(String(pass.token), settings, clock.nowMs());
      seen('identity' in client, 'a token that Twilio takes');
      identity = 'identity' in client ? client.identity : '';
      const isIn = conversation().participants.some((one) => one.identity === identity);
      seen(isIn, 'the visitor in the conversation');
      return [{ by: 'visitor', text: `chats as ${identity} in ${conversationSid}` }];
    },
    says(body) {
      conversations.say(conversation(), { author: identity, body }, { source: 'SDK', identity, isTold: true });
    },
    ...{ inFlex, conversation, handoverId },
    reads: (text, what) =>
      soon(
        () => conversation().messages.find(({ body }) => (typeof text === 'string' ? body === text : text.test(body))),
        what,
      ),
    async seenBy(agent, said) {
      const lines = await soon(async () => {
        // Before it is known that the agent has it, it is not theirs to see.
        const view = await others.view(`?handoverId=${handoverId()}`, agent).catch(() => undefined);
        const texts = ((view?.lines ?? []) as readonly { readonly text: string }[]).map(({ text }) => text);
        return said.every((text) => texts.includes(text)) && texts;
      }, `everything that was said in what ${agent} sees`);
      for (const text of said) seen(lines.filter((line) => line === text).length === 1, `"${text}" once`);
      return lines.map((text) => ({ by: 'agent-view', text }));
    },
    async answeredBy(who) {
      const isPaused = who === 'person';
      const answer = await soon(
        async () => {
          const one = await others.ask(conversationId);
          return one.paused === isPaused && one;
        },
        `the bot hears that ${isPaused ? 'a person answers' : 'it answers'}`,
      );
      return [{ by: 'bot', text: `pause-check: paused ${String(answer.paused)}` }];
    },
  };
}
