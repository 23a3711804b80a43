import type { Deadline } from '../../core/deadline.ts';
import type { BotPlatform, ToBot } from '../../core/handover/bot.ts';
import type { HandoverRef } from '../../core/handover/desk.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import type { SettingsOf } from '../../core/settings.ts';
import { addMissing } from '../../twilio/add-missing.ts';
import type { ConversationSeen } from '../../twilio/conversations.ts';
import { endChat } from '../../twilio/end-chat.ts';
import type { FlexCalls } from '../../twilio/flex-calls.ts';
import { readTicket } from '../../twilio/flex-ticket.ts';
import { piecesOf } from '../../twilio/message-pieces.ts';
import { found } from '../../twilio/taken.ts';
import { textsFor, type webChatTextSettings } from './texts.ts';

type Ended = Extract<ToBot, { readonly kind: 'ended' }>;
type OwnTexts = SettingsOf<typeof webChatTextSettings>['WEB_CHAT_TEXTS'];

/** Who says what nobody says. */
const AUTHOR = 'handover';

/** The language that the page told when the chat began. Flex keeps it where the chat brought it along. */
function languageOf({ attributes }: ConversationSeen): string | undefined {
  const brought = Object(attributes.pre_engagement_data) as Readonly<Record<string, unknown>>;
  return [attributes.language, brought.language].find((tag) => typeof tag === 'string') as string | undefined;
}

/** A web chat of Flex as the place where the customer reads: what agents write there needs no help, only what they say elsewhere does. */
export function webChatPlatform(calls: FlexCalls, ownTexts: OwnTexts): BotPlatform {
  async function say(ref: HandoverRef, author: string, text: string, eventId: string, deadline: Deadline) {
    const { handoverId, conversationId, ticket } = ref;
    const { conversationSid } = readTicket(ticket) ?? {};
    if (conversationSid === undefined) throw new NotTaken('refused', 'no web chat');
    const messages = piecesOf(text).map((body, part) => {
      return { author, body, attributes: { handoverId, conversationId, eventId, part } };
    });
    // So little is said this way that it may be looked for each time.
    const ways = { mayBeThere: true, mayRepeat: false };
    await addMissing(calls, conversationSid, messages, ways, deadline);
  }

  /** Why it is over, where the page does not say so by itself: before the chat is closed, for then nobody can write any more. */
  async function sayWhy(ref: HandoverRef, { reason }: Ended, eventId: string, deadline: Deadline): Promise<void> {
    if (reason !== 'failed' && reason !== 'expired') return;
    const { conversationSid } = readTicket(ref.ticket) ?? {};
    const chat = conversationSid && found(await calls.conversations.read(conversationSid, deadline));
    if (!chat || chat.state === 'closed') return;
    const { nobodyCame, expired } = textsFor(languageOf(chat), ownTexts);
    await say(ref, AUTHOR, reason === 'failed' ? nobodyCame : expired, eventId, deadline);
  }

  return {
    async show(ref, event, eventId, deadline) {
      if (event.kind === 'message') await say(ref, event.agent?.name ?? AUTHOR, event.text, eventId, deadline);
      else if (event.kind === 'ended') {
        await sayWhy(ref, event, eventId, deadline);
        await endChat(calls, ref, deadline);
      }
      // Who is there and who writes, Twilio shows in the page by itself.
    },
  };
}
