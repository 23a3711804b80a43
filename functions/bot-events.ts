import { botTold } from '../shared/bots/index.ts';
import { businessHours } from '../shared/core/call/hours.ts';
import { botOrWatsonCaller } from '../shared/core/callers/bot.ts';
import { agentLinkSettings } from '../shared/core/callers/session-secret.ts';
import { defineFunction } from '../shared/core/function.ts';
import { hear } from '../shared/core/handover/customer-side.ts';
import { keepTold } from '../shared/core/handover/keep-told.ts';
import { openLanes } from '../shared/core/handover/lane.ts';
import { pauseSettings } from '../shared/core/handover/pause.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import { inTime } from '../shared/core/in-time.ts';
import { noContent } from '../shared/core/reply.ts';
import { optional, settings, text, together } from '../shared/core/settings.ts';
import { joinProof } from '../shared/core/web-chat/join-proof.ts';
import { chatDeskSettings, openChatDesk } from '../shared/desks/index.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';

const ownSettings = settings({
  TWILIO_ACCOUNT_SID: optional(text(), undefined, {
    is: "the Twilio account whose calls the assistant gets: finds a call's handover by the SID that Watson tells",
    example: 'AC00000000000000000000000000000001',
  }),
});

/** Watson shows and speaks an answer only when we have heard of it: as long as that may somebody wait in silence. */
const WHILE_SOMEBODY_WAITS_MS = 1_000;

/**
 * What was said to a bot and by it, told after the fact: it stands in the transcript once, in whatever order it
 * comes. A person who is asked for in a chat before the customer has the answer is got at the desk, and the answer says so.
 */
export default defineFunction({
  name: 'bot-events',
  purpose: 'Adds what was said to the transcript, and opens the handover when an assistant asks for a person in a chat',
  calledBy: "a bot: Watson's log and post-message webhooks, or any other in the plain form",
  methods: ['POST'],
  caller: botOrWatsonCaller,
  input: {
    media: 'json',
    schema: botTold,
    names: [
      'conversationId',
      'lines',
      'accessToken',
      'event',
      'payload',
      'session_id',
      'log_id',
      'user_id',
      'turn_count',
      'x-global-sip-trunk-call-id',
    ],
  },
  settings: together(
    tableSettings,
    ownSettings,
    together(pauseSettings, redactionSettings),
    chatDeskSettings,
    together(agentLinkSettings, businessHours),
  ),
  ports: { table: openTable, desk: openChatDesk, lanes: openLanes },
  // Watson waits longer where it waits at all.
  deadlineMs: 4_000,

  async answer({ input, settings, ports, deadline, clock, note }) {
    const { TWILIO_ACCOUNT_SID: accountSid, PAUSE_MINUTES: pauseMinutes, REDACT: redact } = settings;
    const { SESSION_SECRET: secret, BUSINESS_HOURS: hours } = settings;
    const { bot, event, conversations, lines, wish, asks } = input;
    const { desk } = ports;
    const conversationId = conversations.at(-1);
    const reserveMs = event === 'answer' ? deadline.remainingMs() - WHILE_SOMEBODY_WAITS_MS : 0;
    const keeping = inTime(deadline, reserveMs, keepTold({ ...ports, clock, accountSid, redact }, input));
    if (!asks || !desk || conversationId === undefined) {
      const added = await keeping;
      note({ bot, event, lines: lines.length, added, wish: wish !== undefined });
      return noContent();
    }
    // Whoever wants a person gets one also where the last lines are missing.
    const added = await keeping.catch(() => 0);
    const asked = { kind: 'person', text: '', wish: asks.wish } as const;
    const parts = { ...ports, desk, hours, clock, deadline, pauseMinutes, redact };
    const standing = await hear(parts, { bot, conversationId, asked, inDoubt: 'bot' });
    const handoverId = standing.paused ? standing.handoverId : undefined;
    const proof =
      secret === undefined || handoverId === undefined
        ? undefined
        : joinProof({ handoverId, conversationId }, secret, clock.nowMs());
    const why = standing.paused ? undefined : standing.reason;
    note({ bot, event, lines: lines.length, added, wish: true, paused: standing.paused, why });
    return asks.answer(standing, { proof, hours });
  },
});
