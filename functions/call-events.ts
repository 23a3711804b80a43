import { advanceCall } from '../shared/core/call/advance-call.ts';
import { learnedFrom } from '../shared/core/call/call-event.ts';
import { ownParameter } from '../shared/core/call/own-parameter.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { twilioCaller } from '../shared/core/callers/twilio.ts';
import { defineFunction } from '../shared/core/function.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { noContent } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { isShortId } from '../shared/core/short-id.ts';
import type { CallRecord } from '../shared/core/table.ts';
import { sendHttp } from '../shared/http/client.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';
import { hangUpBy } from '../shared/twilio/hang-up.ts';
import { twilioSettings } from '../shared/twilio/settings.ts';

const CALL_SID = /^CA[0-9a-f]{32}$/;

export default defineFunction({
  name: 'call-events',
  purpose: 'Notes how calls come on, in whatever order it is told, and hangs up on answering machines',
  calledBy: 'Twilio: status and answering machine callbacks',
  methods: ['POST'],
  caller: twilioCaller,
  input: {
    media: 'form',
    schema: voiceForm('CallSid', 'CallStatus', 'SequenceNumber', 'AnsweredBy'),
    names: ['CallSid', 'CallStatus', 'SequenceNumber', 'AnsweredBy'],
  },
  settings: together(publicUrls, twilioSettings, tableSettings),
  ports: { table: openTable, hangUp: ({ settings }) => hangUpBy(settings, sendHttp) },
  deadlineMs: 4_000,

  async answer({ input, ports, deadline, clock, inbound, note }) {
    const { CallSid = '', CallStatus, SequenceNumber = '' } = input;
    if (!CALL_SID.test(CallSid)) return noContent();
    const { calls, progress } = ports.table;
    const request = ownParameter(inbound, 'requestId');
    if (isShortId('r', request)) {
      const learned = (record: CallRecord) => learnedFrom(input, CallSid, record);
      const record = await advanceCall(calls, request, learned, clock.nowMs());
      note({ known: record !== undefined, callStatus: record?.status });
      const isMachine =
        CallStatus === undefined && record?.callSid === CallSid && record.reason === 'answering_machine';
      if (isMachine) await ports.hangUp(CallSid, deadline);
    } else if (CallStatus !== undefined) {
      const sequence = /^\d{1,9}$/.test(SequenceNumber) ? Number(SequenceNumber) : 0;
      note({ news: await progress.advance(CallSid, CallStatus, sequence, clock.nowMs()) });
    }
    return noContent();
  },

  // Twilio does not repeat such a callback, and an error would only raise an alert: the log line says what was not noted,
  // and a call of which nothing more is heard is closed when somebody asks for it.
  recover: ({ code }, { verified }) =>
    verified && (code === 'state_unavailable' || code === 'deadline_exceeded') ? noContent() : undefined,
});
