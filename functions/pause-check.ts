import { botCall, botProblem } from '../shared/bots/index.ts';
import { businessHours } from '../shared/core/call/hours.ts';
import { botOrWatsonCaller } from '../shared/core/callers/bot.ts';
import { defineFunction } from '../shared/core/function.ts';
import { botIdSettings, refuseOtherBots } from '../shared/core/handover/bot-ids.ts';
import { hear } from '../shared/core/handover/customer-side.ts';
import { openLanes } from '../shared/core/handover/lane.ts';
import { pauseSettings } from '../shared/core/handover/pause.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import { Problem } from '../shared/core/problems.ts';
import { problemReply } from '../shared/core/reply.ts';
import { optional, settings, text, together } from '../shared/core/settings.ts';
import { deskSettings, openDesk } from '../shared/desks/index.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';

const ownSettings = settings({
  WATSON_PAUSED_TEXT: optional(text(), undefined, {
    is: 'what Watson shows for each message while a person has the conversation; nothing when it is not set',
    example: 'A colleague is answering you.',
  }),
});

/**
 * The customer said something, or wants a person: may the bot answer? Opens the handover at the desk before it pauses the
 * bot, and hands what is said during the pause to the desk.
 */
export default defineFunction({
  name: 'pause-check',
  purpose: 'Tells a bot whether a person has the conversation, opens the handover, and hands on what the customer says',
  calledBy: 'a bot: Botcopy, Watson before a message, or any other in the plain form',
  methods: ['POST'],
  caller: botOrWatsonCaller,
  input: {
    media: 'json',
    schema: botCall,
    names: [
      'userId',
      'botId',
      'conversationId',
      'accessToken',
      'eventType',
      'handover',
      'end',
      'session_id',
      'user_id',
      'request',
      'action',
    ],
  },
  settings: together(
    deskSettings,
    together(tableSettings, pauseSettings, businessHours),
    botIdSettings,
    together(ownSettings, redactionSettings),
  ),
  ports: { table: openTable, desk: openDesk, lanes: openLanes },
  // Botcopy waits 5 s; a later answer means that the bot speaks.
  deadlineMs: 3_500,

  async answer({ input, settings, ports, deadline, clock, note }) {
    const { BOT_IDS, BUSINESS_HOURS: hours, WATSON_PAUSED_TEXT, REDACT: redact } = settings;
    const { PAUSE_MINUTES: pauseMinutes, BOT_RETURN_EVENT: usualReturnEvent } = settings;
    refuseOtherBots(input.botId, BOT_IDS);
    const standing = await hear({ ...ports, hours, clock, deadline, pauseMinutes, usualReturnEvent, redact }, input);
    note({
      bot: input.bot,
      asked: input.asked.kind,
      paused: standing.paused,
      why: standing.paused ? undefined : standing.reason,
      desk: standing.paused ? undefined : standing.deskSaid,
    });
    return input.answer(standing, clock.nowMs(), WATSON_PAUSED_TEXT);
  },

  // A platform that looks at the body only must not read an error as a pause.
  recover(problem, { who, content, id }) {
    const { code, detail } = problem;
    const bare = () => problemReply(new Problem(code, { ...detail, extra: { ...detail.extra, paused: false } }), id);
    return (who && botProblem(problem, content?.value, who.by)) ?? bare();
  },
});
