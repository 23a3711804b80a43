import * as v from 'valibot';
import { openVoiceBots, voiceBotSettings } from '../shared/bots/voice.ts';
import { handoverOfCall } from '../shared/core/call/call-handover.ts';
import { studioFlow } from '../shared/core/call/studio.ts';
import { isOutsideFlow } from '../shared/core/call/to-person.ts';
import { twiml } from '../shared/core/call/twiml.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { twilioCaller } from '../shared/core/callers/twilio.ts';
import { defineFunction } from '../shared/core/function.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { xml } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { spokenInput } from '../shared/core/voice-bot/spoken-input.ts';
import { takeTurn } from '../shared/core/voice-bot/take-turn.ts';
import { onToPerson, spoken, turnTwiml } from '../shared/core/voice-bot/turn-twiml.ts';
import { placeInCall, turnUrl, voiceCallerOf } from '../shared/core/voice-bot/voice-call.ts';
import { voiceChannel } from '../shared/core/voice-bot/voice-channel.ts';
import { channelIn } from '../shared/core/voice-bot/words/index.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';

const sids = voiceForm('AccountSid', 'CallSid');

/** One turn of the voice helpdesk: a request is what the caller did, the answer what they hear. */
export default defineFunction({
  name: 'helpdesk-call',
  purpose: 'Lets a caller talk to a bot, turn by turn, and takes them to a person with all that was said',
  calledBy:
    'Twilio: the number of the helpdesk, or the redirect widget of its flow, and the `<Gather>` of its own answers',
  methods: ['POST'],
  caller: twilioCaller,
  input: {
    media: 'form',
    schema: voiceForm('AccountSid', 'CallSid', 'From', 'StirVerstat', 'SpeechResult', 'Confidence', 'Digits'),
    names: ['AccountSid', 'CallSid', 'From', 'StirVerstat', 'SpeechResult', 'Digits'],
  },
  settings: together(
    together(publicUrls, studioFlow, voiceChannel),
    redactionSettings,
    voiceBotSettings,
    tableSettings,
  ),
  ports: { table: openTable, bots: openVoiceBots },
  // What a bot may take, 2.4 s, and the table before and after it: nobody hears anything meanwhile.
  deadlineMs: 2_900,

  async answer({ input, settings, ports, deadline, clock, inbound, note }) {
    const { voice, urls } = settings;
    const outside = isOutsideFlow(inbound);
    const ways = { ...settings, isOutsideFlow: outside };
    const handoverId = handoverOfCall(input);
    const callSid = input.CallSid;
    if (handoverId === undefined || callSid === undefined) {
      note({ code: 'no_call' });
      const says = [{ text: channelIn(voice.language).words.failed }];
      return xml(twiml(...spoken(says, voice), onToPerson(ways, undefined, true)));
    }
    const place = placeInCall(inbound);
    const caller = voiceCallerOf(input, place);
    const turn = await takeTurn({
      ...{
        voice,
        redact: settings.REDACT,
        table: ports.table,
        bots: ports.bots(ports.table.rates),
        firstBot: { is: settings.VOICE_BOT },
      },
      ...{ caller, callSid, handoverId, place, input: spokenInput(input) },
      ...{ deadline, clock, note },
    });
    const next = turnUrl(
      urls.of('helpdesk-call'),
      { turn: turn.turn + 1, atMs: turn.call.atMs, isAttested: caller.isAttested },
      outside,
    );
    const { bot, known } = turn.memory;
    const sessionHistoryKey = known?.sessionHistoryKey;
    return xml(turnTwiml(turn.answer, { ...ways, voice, bot, handoverId, sessionHistoryKey, next }));
  },

  recover(_problem, { verified, settings, inbound, content }) {
    if (!verified) return undefined;
    const { voice } = settings;
    const handoverId = handoverOfCall(v.parse(sids, content?.value));
    const ways = { ...settings, isOutsideFlow: isOutsideFlow(inbound) };
    const says = [{ text: channelIn(voice.language).words.failed }];
    return xml(twiml(...spoken(says, voice), onToPerson(ways, handoverId, true)));
  },
});
