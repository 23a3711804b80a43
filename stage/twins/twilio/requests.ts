import * as v from 'valibot';
import { Problem } from '../../../shared/core/problems.ts';
import { type StageRequests, takes } from '../../requests.ts';
import { type People, scriptInput } from './people.ts';
import type { Messages } from './rest/messages.ts';
import type { TwilioTwin } from './twin.ts';
import type { Engine } from './voice/engine.ts';
import type { Leg } from './voice/leg.ts';
import type { ScriptedParty } from './voice/party.ts';
import { setStatus } from './voice/status.ts';
import { longestSilenceSec } from './voice/timeline.ts';

const CUSTOMER = '+15005550001';

const callIn = v.strictObject({
  from: v.optional(v.string(), CUSTOMER),
  to: v.optional(v.string()),
  stirVerstat: v.optional(v.string()),
  ...scriptInput.entries,
});
const peopleInput = v.record(v.string(), scriptInput);
const afterSec = v.optional(v.pipe(v.number(), v.minValue(0)));
const confidence = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));
const lineInput = v.strictObject({ callSid: v.string(), text: v.string(), confidence, afterSec });
const keysInput = v.strictObject({ callSid: v.string(), keys: v.pipe(v.string(), v.regex(/^[0-9#*]+$/)), afterSec });
const callInput = v.strictObject({ callSid: v.string() });

interface Parts extends Pick<TwilioTwin, 'callIn'> {
  readonly engine: Engine;
  readonly messages: Messages;
  readonly folk: People;
}

/** What a leg was and what its party heard, as it is told. */
function story({ flows }: Engine, leg: Leg) {
  return {
    callSid: leg.sid,
    ...(leg.parent && { parentCallSid: leg.parent.sid }),
    ...{ from: leg.from, to: leg.to, direction: leg.direction, status: leg.status, party: leg.party.name },
    ...{
      seconds: leg.seconds,
      longestSilenceSec: longestSilenceSec(leg),
      heard: leg.heard,
      said: leg.said,
      alerts: leg.alerts,
    },
    ...(leg.asks && { asks: leg.asks }),
    flow: flows.path(leg.sid),
  };
}

function legOf({ legs }: Engine, callSid: string): Leg {
  const leg = legs.find(({ sid }) => sid === callSid);
  if (!leg) throw new Problem('not_found', { extra: { reason: 'no such call' } });
  return leg;
}

/** Somebody in a call who does what they are told. */
function partyOf(engine: Engine, callSid: string): ScriptedParty {
  const { party } = legOf(engine, callSid);
  if (!('does' in party)) throw new Problem('invalid_request', { extra: { reason: 'nobody who can be prompted' } });
  return party as ScriptedParty;
}

/** What the stage takes to direct Twilio's phones and texts, and to look at them. */
export function twilioRequests({ engine, messages, folk, ...does }: Parts): StageRequests {
  const { legs } = engine;
  return {
    'GET /_stage/calls': () => legs.map((leg) => story(engine, leg)),
    'POST /_stage/call-in': takes(callIn, ({ from, to = engine.env().TWILIO_PHONE_NUMBER ?? '', ...given }) => {
      const { stirVerstat, ...script } = given;
      const { leg } = does.callIn({ from, to, stirVerstat, script });
      return { callSid: leg.sid };
    }),
    'POST /_stage/people': takes(peopleInput, (scripts) => {
      for (const [number, script] of Object.entries(scripts)) folk.script(number, script);
    }),
    'POST /_stage/calls/say': takes(lineInput, ({ callSid, ...deed }) => partyOf(engine, callSid).does(deed)),
    'POST /_stage/calls/press': takes(keysInput, ({ callSid, ...deed }) => partyOf(engine, callSid).does(deed)),
    'POST /_stage/calls/hang-up': takes(callInput, ({ callSid }) =>
      setStatus(engine, legOf(engine, callSid), 'completed'),
    ),
    'GET /_stage/texts': () => messages.all(),
  };
}
