import { botSettings, openBots } from '../shared/bots/index.ts';
import { advanceCall } from '../shared/core/call/advance-call.ts';
import { agentTextSettings, textAgent } from '../shared/core/call/agent-text.ts';
import { isFinal, learnedFrom } from '../shared/core/call/call-event.ts';
import { eventSubjects, legStepOf } from '../shared/core/call/leg-step.ts';
import { ownParameter } from '../shared/core/call/own-parameter.ts';
import { settled, tellBot } from '../shared/core/call/tell-bot.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { keepMessage } from '../shared/core/call/voicemail.ts';
import { twilioCaller } from '../shared/core/callers/twilio.ts';
import { defineFunction } from '../shared/core/function.ts';
import { openLanes } from '../shared/core/handover/lane.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import { noContent } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import type { CallRecord } from '../shared/core/table.ts';
import { sendHttp } from '../shared/http/client.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';
import { hangUpBy } from '../shared/twilio/hang-up.ts';
import { sendTextBy } from '../shared/twilio/send-text.ts';
import { twilioSettings } from '../shared/twilio/settings.ts';

const CALL_SID = /^CA[0-9a-f]{32}$/;

export default defineFunction({
  name: 'call-events',
  purpose:
    'Notes how calls come on and what is left in them, in whatever order it is told, and tells the bot how they end',
  calledBy: 'Twilio: status, answering machine, recording and transcription callbacks',
  methods: ['POST'],
  caller: twilioCaller,
  input: {
    media: 'form',
    schema: voiceForm(
      'CallSid',
      'CallStatus',
      'SequenceNumber',
      'AnsweredBy',
      'RecordingSid',
      'RecordingStatus',
      'RecordingDuration',
      'TranscriptionStatus',
      'TranscriptionText',
    ),
    names: ['CallSid', 'CallStatus', 'SequenceNumber', 'AnsweredBy', 'RecordingSid'],
  },
  settings: together(twilioSettings, tableSettings, agentTextSettings, botSettings, redactionSettings),
  ports: {
    table: openTable,
    hangUp: ({ settings }) => hangUpBy(settings, sendHttp),
    sendText: ({ settings }) => sendTextBy(settings, sendHttp),
    bots: openBots,
    lanes: openLanes,
  },
  deadlineMs: 4_000,

  async answer({ input, settings, ports, deadline, clock, inbound, note }) {
    const { CallSid = '', CallStatus, SequenceNumber = '' } = input;
    if (!CALL_SID.test(CallSid)) return noContent();
    const { table } = ports;
    const at = legStepOf(inbound, settings.SPEECH_LANGUAGE);
    const named = ownParameter(inbound, 'about');
    const about = eventSubjects.find((subject) => subject === named);
    note({ about });
    if (about === 'agent' && CallStatus === 'in-progress') {
      note({ text: await textAgent({ ...ports, settings, clock, deadline }, at, CallSid) });
    } else if (about === 'message' || about === 'transcription') {
      note({ kept: await keepMessage(table, at, CallSid, about, input, clock.nowMs(), settings.REDACT) });
    } else if (named === undefined && at.request !== undefined) {
      const learned = (record: CallRecord) => learnedFrom(input, CallSid, record);
      const record = await advanceCall(table.calls, at.request, learned, clock.nowMs());
      note({ known: record !== undefined, callStatus: record?.status });
      if (record?.callSid !== CallSid) return noContent();
      const isMachine = CallStatus === undefined && record.reason === 'answering_machine';
      if (isMachine) await ports.hangUp(CallSid, deadline);
      if (isFinal(input)) {
        const ended = await settled(table.calls, record, deadline);
        note({ told: await tellBot({ ...ports, ...table, clock, deadline }, ended, clock.nowMs()) });
      }
    } else if (named === undefined && CallStatus !== undefined) {
      const sequence = /^\d{1,9}$/.test(SequenceNumber) ? Number(SequenceNumber) : 0;
      note({ news: await table.progress.advance(CallSid, CallStatus, sequence, clock.nowMs()) });
    }
    return noContent();
  },

  // Twilio does not repeat such a callback, and an error would only raise an alert: the log line says what was not noted,
  // and a call of which nothing more is heard is closed when somebody asks for it.
  recover: ({ code }, { verified }) =>
    verified && (code === 'state_unavailable' || code === 'deadline_exceeded') ? noContent() : undefined,
});
