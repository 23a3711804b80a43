import { botSettings, openBots } from '../shared/bots/index.ts';
import { deskCaller } from '../shared/core/callers/token.ts';
import { defineFunction } from '../shared/core/function.ts';
import { push } from '../shared/core/handover/agent-side.ts';
import { botIdSettings, refuseOtherBots } from '../shared/core/handover/bot-ids.ts';
import { openLanes } from '../shared/core/handover/lane.ts';
import { pauseSettings } from '../shared/core/handover/pause.ts';
import { pushEvent } from '../shared/core/handover/push-event.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import { json } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';

/** An agent says something, types, takes a conversation or gives it back: the customer sees it where they talk to the bot. */
export default defineFunction({
  name: 'handover-push',
  purpose: 'Shows the customer what an agent says and does, and gives the conversation back to the bot',
  calledBy: "a desk's middleware, in the shape of Botcopy's pushes",
  methods: ['POST'],
  caller: deskCaller,
  input: { media: 'json', schema: pushEvent, names: 'ours' },
  settings: together(tableSettings, botSettings, pauseSettings, botIdSettings, redactionSettings),
  ports: { table: openTable, bots: openBots, lanes: openLanes },
  // Below the 5 s that desks wait.
  deadlineMs: 4_000,

  async answer({ input: { botId, pushed }, settings, ports, deadline, clock, note }) {
    const { BOT_IDS, REDACT: redact, PAUSE_MINUTES: pauseMinutes, BOT_RETURN_EVENT: usualReturnEvent } = settings;
    refuseOtherBots(botId, BOT_IDS);
    const outcome = await push({ ...ports, clock, deadline, pauseMinutes, usualReturnEvent, redact }, pushed);
    note({ agent: pushed.does.kind, delivered: outcome.delivered, lost: outcome.lost?.length });
    return json(200, outcome);
  },
});
