import { businessHours } from '../shared/core/call/hours.ts';
import { visitorOrAnonymousCaller } from '../shared/core/callers/session.ts';
import { defineFunction } from '../shared/core/function.ts';
import { Problem } from '../shared/core/problems.ts';
import { json } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { chatLimits, takeChatPlace } from '../shared/core/web-chat/chat-limits.ts';
import { type BeginChat, endChat, openChat, startChat } from '../shared/core/web-chat/web-chat.ts';
import { chatContext, handoverOfChat, webChatRequest } from '../shared/core/web-chat/web-chat-request.ts';
import { flexAvailability } from '../shared/desks/flex/availability.ts';
import { queueFor, queueSettings } from '../shared/desks/queues.ts';
import { sendHttp } from '../shared/http/client.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';
import { chatToken, chatTokenSettings } from '../shared/twilio/access-token.ts';
import { twilioRest } from '../shared/twilio/rest.ts';
import { twilioSettings } from '../shared/twilio/settings.ts';
import { taskQueueSettings } from '../shared/twilio/task-queue-statistics.ts';
import { beginWebChat, webChatSettings } from '../shared/twilio/web-chats.ts';

export default defineFunction({
  name: 'flex-token',
  purpose: 'Opens a web chat with a person in Flex and gives the visitor a short, narrow token for it',
  calledBy: 'the web page in which the customer chats: the session of the site and an allowed Origin',
  methods: ['POST'],
  caller: visitorOrAnonymousCaller,
  input: { media: 'json', schema: webChatRequest, names: 'ours' },
  settings: together(
    together(twilioSettings, chatTokenSettings, webChatSettings, taskQueueSettings),
    together(chatLimits, tableSettings, businessHours, queueSettings),
  ),
  ports: {
    table: openTable,
    twilio: ({ settings }) => twilioRest(settings, sendHttp),
    availability: ({ settings, clock }) =>
      flexAvailability({
        rest: twilioRest(settings, sendHttp),
        taskQueue: settings.taskQueue,
        queueFor: (topic) => queueFor(settings.DESK_QUEUES, topic),
        hours: settings.BUSINESS_HOURS,
        clock,
      }),
  },
  deadlineMs: 8_000,
  browser: true,
  headers: { 'cache-control': 'no-store' },

  async answer({ who, input, settings, ports, deadline, clock, inbound, note }) {
    const { chats, rates } = ports.table;
    const identity = `visitor-${who.pseudonym}`;
    const tokenFor = async (conversationSid: string) => {
      const { token, expiresAt } = await chatToken(settings, identity, who.endsAtMs, clock.nowMs());
      // Undefined, and so left out, for everybody but a stranger who has just come.
      return json(200, { token, identity, conversationSid, expiresAt, session: who.newSession });
    };

    const begin: BeginChat = async (attempt) => {
      await takeChatPlace(rates, settings.CHAT_LIMITS, identity, inbound.sourceAddress, clock.nowMs());
      const refs = { handoverId: handoverOfChat(identity, attempt), conversationId: input.conversationId ?? identity };
      const chat = { identity, friendlyName: input.friendlyName, context: chatContext(input, refs) };
      return beginWebChat(ports.twilio, settings, chat, deadline);
    };

    note({ action: input.action });
    switch (input.action) {
      case 'start':
        try {
          return await tokenFor(await startChat({ chats, clock, deadline }, identity, begin));
        } catch (error) {
          // A stranger who comes again without the session would be somebody else, and begin a second chat.
          if (!(error instanceof Problem) || who.newSession === undefined) throw error;
          throw new Problem(error.code, { ...error.detail, extra: { session: who.newSession } });
        }
      case 'refresh': {
        const conversationSid = await openChat(chats, identity);
        if (conversationSid === undefined) throw new Problem('chat_not_open');
        return tokenFor(conversationSid);
      }
      case 'availability':
        return json(200, await ports.availability(input.topic, deadline));
      case 'end':
        await endChat({ chats, clock }, identity);
        return json(200, { ended: true });
      default:
        return input.action satisfies never;
    }
  },
});
