import * as v from 'valibot';
import { botSettings, openBots } from '../shared/bots/index.ts';
import { defineFunction } from '../shared/core/function.ts';
import { hearDesk } from '../shared/core/handover/desk-side.ts';
import { openLanes } from '../shared/core/handover/lane.ts';
import { lookAgain } from '../shared/core/handover/look-again.ts';
import { pauseSettings } from '../shared/core/handover/pause.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import { problemKinds } from '../shared/core/problems.ts';
import { noContent } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { deskEventsCaller, deskTelling } from '../shared/desks/events.ts';
import { chatDeskSettings, openDeskOrWebChats } from '../shared/desks/index.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';

/** Whatever happens at a desk, told by the desk itself: words, who comes and goes, and how it ends. */
export default defineFunction({
  name: 'desk-events',
  purpose: 'Takes what a desk tells: what agents say, who comes and goes, and how a conversation with a person ends',
  calledBy: 'the desk: Twilio Conversations and TaskRouter webhooks; Genesys or ServiceNow where `DESK` names them',
  methods: ['POST'],
  caller: deskEventsCaller,
  input: {
    // Twilio sends forms and signed JSON, the others JSON.
    media: 'form',
    schema: v.unknown(),
    names: [
      'AccountSid',
      'EventType',
      'ConversationSid',
      'MessageSid',
      'TaskSid',
      'ReservationSid',
      'handoverId',
      'conversationId',
      'ticket',
      'id',
      'channel',
    ],
  },
  settings: together(chatDeskSettings, tableSettings, pauseSettings, botSettings, redactionSettings),
  ports: { table: openTable, desk: openDeskOrWebChats, bots: openBots, lanes: openLanes },
  // Below the 5 s that Twilio waits.
  deadlineMs: 3_500,

  async answer({ input, settings, ports, deadline, clock, inbound, note }) {
    const { PAUSE_MINUTES: pauseMinutes, BOT_RETURN_EVENT: usualReturnEvent, REDACT: redact } = settings;
    const telling = deskTelling(settings.DESK ?? '');
    const { desk } = ports;
    const heard: string[] = [];
    if (desk) {
      const parts = { ...ports, desk, clock, deadline, pauseMinutes, usualReturnEvent, redact };
      const ended = telling.perhapsOver?.(input);
      const given = [
        ...telling.told(input, inbound, settings),
        ...(ended === undefined ? [] : await lookAgain(parts, ended)),
      ];
      const told = (await desk.completed?.(given, deadline)) ?? given;
      for (const one of told) heard.push(`${one.event.kind} ${await hearDesk(parts, one)}`);
    }
    // Without a desk for chats there is still somebody who asks who is to answer a call.
    note({ heard: desk ? heard.join(', ') : 'no desk' });
    return telling.answer?.(input, settings) ?? noContent();
  },

  // A body that means nothing means nothing the next time either: who repeats what is refused would repeat it for ever.
  recover: ({ code }, { verified }) => (verified && problemKinds[code].status < 500 ? noContent() : undefined),
});
