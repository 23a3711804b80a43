import { botTold } from '../shared/bots/index.ts';
import { botOrWatsonCaller } from '../shared/core/callers/bot.ts';
import { defineFunction } from '../shared/core/function.ts';
import { keepTold } from '../shared/core/handover/keep-told.ts';
import { inTime } from '../shared/core/in-time.ts';
import { noContent } from '../shared/core/reply.ts';
import { optional, settings, text, together } from '../shared/core/settings.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';

const ownSettings = settings({
  TWILIO_ACCOUNT_SID: optional(text(), undefined, {
    is: "the Twilio account whose calls the assistant gets: finds a call's handover by the SID that Watson tells",
    example: 'AC00000000000000000000000000000001',
  }),
});

/** Watson shows and speaks an answer only when we have heard of it: as long as that may somebody wait in silence. */
const WHILE_SOMEBODY_WAITS_MS = 1_000;

/** What was said to a bot and by it, told after the fact: it stands in the transcript once, in whatever order it comes. */
export default defineFunction({
  name: 'bot-events',
  purpose: 'Adds what was said to the transcript, and what the bot knows of a handover to its context',
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
  settings: together(tableSettings, ownSettings),
  ports: { table: openTable },
  // Watson waits at least as long where it waits at all.
  deadlineMs: 4_000,

  async answer({ input, settings: { TWILIO_ACCOUNT_SID }, ports, deadline, clock, note }) {
    const reserveMs = input.event === 'answer' ? deadline.remainingMs() - WHILE_SOMEBODY_WAITS_MS : 0;
    const added = await inTime(
      deadline,
      reserveMs,
      keepTold({ ...ports, clock, accountSid: TWILIO_ACCOUNT_SID }, input),
    );
    note({ bot: input.bot, event: input.event, lines: input.lines.length, added, wish: input.wish !== undefined });
    return noContent();
  },
});
