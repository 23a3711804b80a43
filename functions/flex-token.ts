import { businessHours } from '../shared/core/call/hours.ts';
import { requireOwnConversation, visitorOrAnonymousCaller } from '../shared/core/callers/session.ts';
import { defineFunction } from '../shared/core/function.ts';
import { openLanes } from '../shared/core/handover/lane.ts';
import { pauseSettings } from '../shared/core/handover/pause.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import { Problem } from '../shared/core/problems.ts';
import { optionalPublicUrls } from '../shared/core/public-urls.ts';
import { json } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { chatLimits, takeChatPlace } from '../shared/core/web-chat/chat-limits.ts';
import { provenJoin } from '../shared/core/web-chat/join-proof.ts';
import { attemptOf, type BeginChat, endChat, openChat, startChat } from '../shared/core/web-chat/web-chat.ts';
import {
  chatContext,
  handoverOfChat,
  proofIn,
  recordOfChat,
  redactedRequest,
  webChatRequest,
} from '../shared/core/web-chat/web-chat-request.ts';
import { flexAvailability } from '../shared/desks/flex/availability.ts';
import { visitorChat } from '../shared/desks/flex/visitor-chat.ts';
import { queueFor, queueSettings } from '../shared/desks/queues.ts';
import { sendHttp } from '../shared/http/client.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';
import { chatToken, chatTokenSettings } from '../shared/twilio/access-token.ts';
import { twilioRest } from '../shared/twilio/rest.ts';
import { twilioSettings } from '../shared/twilio/settings.ts';
import { taskQueueSettings } from '../shared/twilio/task-queue-statistics.ts';
import { webChatCalls, webChatReach } from '../shared/twilio/web-chat-reach.ts';
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
    together(optionalPublicUrls, pauseSettings, redactionSettings, webChatReach),
  ),
  ports: {
    table: openTable,
    lanes: openLanes,
    twilio: ({ settings }) => twilioRest(settings, sendHttp),
    calls: ({ settings }) => {
      const calls = webChatCalls(settings, sendHttp);
      if (!calls) throw new Error('the settings of web chats are there, so they can be reached');
      return calls;
    },
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

  async answer({ who, input: given, settings, ports, deadline, clock, inbound, note }) {
    const input = redactedRequest(settings.REDACT, given);
    const { table, twilio, calls, lanes } = ports;
    const { chats, rates } = table;
    const identity = `visitor-${who.pseudonym}`;
    const { urls, PAUSE_MINUTES: pauseMinutes } = settings;
    const chat = visitorChat({ table, calls, urls, lanes, clock, deadline, pauseMinutes, identity });

    const tokenFor = async (conversationSid: string) => {
      const { token, expiresAt } = await chatToken(settings, identity, who.endsAtMs, clock.nowMs());
      // Undefined, and so left out, for everybody but a stranger who has just come.
      return json(200, { token, identity, conversationSid, expiresAt, session: who.newSession });
    };

    const begin: BeginChat = async (attempt) => {
      const refs = {
        handoverId: handoverOfChat(identity, attempt),
        conversationId: await chat.conversationFor(input.conversationId),
      };
      await chat.begins(recordOfChat(input, refs, clock.nowMs()));
      const wanted = { identity, friendlyName: input.friendlyName, context: chatContext(input, refs) };
      const begun = await beginWebChat(twilio, settings, wanted, deadline);
      if (begun !== 'unknown') await chat.has(refs, begun.conversationSid);
      return begun;
    };

    /** The visitor is done with what they have open, if they have. */
    const end = async () => {
      const open = await openChat(chats, identity);
      await endChat({ chats, clock }, identity);
      if (open) await chat.leave(handoverOfChat(identity, attemptOf(open)), open.conversationSid);
    };

    const start = async (): Promise<string> => {
      const { SESSION_SECRET, SESSION_SECRET_SECONDARY = SESSION_SECRET } = settings;
      const proof = proofIn(input);
      const proven = proof && provenJoin(proof, [SESSION_SECRET, SESSION_SECRET_SECONDARY], clock.nowMs());
      const place = proven ? await chat.placeOf(proven) : undefined;
      note({ joins: place !== undefined });
      for (;;) {
        let isNew = false;
        const conversationSid = await startChat({ chats, clock, deadline }, identity, async (attempt) => {
          isNew = true;
          await takeChatPlace(rates, settings.CHAT_LIMITS, identity, inbound.sourceAddress, clock.nowMs());
          return place ? chat.join(place) : begin(attempt);
        });
        if (isNew || conversationSid === place?.conversationSid) return conversationSid;
        const open = await openChat(chats, identity);
        const isOpen = open && (await chat.isStillOpen(handoverOfChat(identity, attemptOf(open)), conversationSid));
        if (isOpen && !place) return conversationSid;
        await end();
      }
    };

    requireOwnConversation(who, input.conversationId);
    note({ action: input.action });
    switch (input.action) {
      case 'start':
        try {
          return await tokenFor(await start());
        } catch (error) {
          // A stranger who comes again without the session would be somebody else, and begin a second chat.
          if (!(error instanceof Problem) || who.newSession === undefined) throw error;
          throw new Problem(error.code, { ...error.detail, extra: { session: who.newSession } });
        }
      case 'refresh': {
        const open = await openChat(chats, identity);
        if (!open) throw new Problem('chat_not_open');
        return tokenFor(open.conversationSid);
      }
      case 'availability':
        return json(200, await ports.availability(input.topic, deadline));
      case 'end':
        await end();
        return json(200, { ended: true });
      default:
        return input.action satisfies never;
    }
  },
});
