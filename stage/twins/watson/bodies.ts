import { isoTime } from '../../../shared/core/iso-time.ts';
import { type AssistantCall, type AssistantTurn, numberIn } from './call.ts';
import type { AssistantScript } from './script.ts';

/*
 * What Watson's webhooks send, as documented. Sources: cloud.ibm.com/docs/watson-assistant, webhook-post, webhook-log,
 * phone-context and cdr-log-reference, and the Log type of ibm-watson 12, read 2026-11-21.
 */

const USER_ID = 'caller-1';
const ASSISTANT_ID = '97f16ba4-ad94-41af-aa6c-33cd56ad5e7e';

/** As the operator lists them, so that they are extracted under these names. */
const EXTRACTED = ['X-Handover-Id', 'X-Twilio-CallSid'];

function inviteHeaders({ headers }: AssistantCall): Readonly<Record<string, string>> {
  return Object.fromEntries(
    EXTRACTED.flatMap((name) => {
      const value = headers[name.toLowerCase()];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The context of a turn. What is private is in it only before it is logged. */
function contextOf(call: AssistantCall, turnCount: number, { variables = {} }: AssistantScript, isLogged: boolean) {
  return {
    global: { session_id: call.sessionId, system: { user_id: USER_ID, turn_count: turnCount } },
    skills: { 'actions skill': { user_defined: {}, skill_variables: variables, system: { state: 'eyJ4IjoxfQ==' } } },
    integrations: {
      voice_telephony: {
        sip_call_id: call.sipCallId,
        assistant_phone_number: numberIn(call.uri),
        sip_custom_invite_headers: inviteHeaders(call),
        ...(isLogged ? {} : { private: { user_phone_number: call.from } }),
      },
    },
  };
}

const outputOf = ({ generic }: AssistantTurn) => ({ intents: [], entities: [], generic });

export function messageProcessed(call: AssistantCall, turn: AssistantTurn, script: AssistantScript) {
  return {
    event: { name: 'message_processed' },
    options: {},
    payload: {
      output: outputOf(turn),
      user_id: USER_ID,
      context: contextOf(call, call.turns.length, script, false),
    },
  };
}

export function messageLogged(call: AssistantCall, turn: AssistantTurn, script: AssistantScript) {
  return {
    event: { name: 'message_logged' },
    payload: {
      log_id: turn.logId,
      session_id: call.sessionId,
      assistant_id: ASSISTANT_ID,
      language: 'en',
      request_timestamp: isoTime(turn.askedAtMs),
      response_timestamp: isoTime(turn.answeredAtMs),
      request: { input: { message_type: 'text', text: turn.said } },
      response: {
        output: outputOf(turn),
        user_id: USER_ID,
        context: contextOf(call, call.turns.indexOf(turn) + 1, script, true),
      },
    },
  };
}

export function cdrLogged(call: AssistantCall, endedAtMs: number) {
  const { headers, endReason, turns, uri, from } = call;
  return {
    event: { name: 'cdr_logged' },
    payload: {
      primary_phone_number: numberIn(uri),
      global_session_id: call.sessionId,
      failure_occurred: false,
      transfer_occurred: endReason === 'assistant_transfer',
      active_calls: 0,
      'x-global-sip-trunk-call-id': headers['x-twilio-callsid'],
      warnings_and_errors: [],
      call: {
        start_timestamp: isoTime(call.startedAtMs),
        stop_timestamp: isoTime(endedAtMs),
        milliseconds_elapsed: endedAtMs - call.startedAtMs,
        outbound: false,
        end_reason: endReason,
        security: { media_encrypted: true, signaling_encrypted: true, sip_authenticated: false },
      },
      session_initiation_protocol: {
        invite_arrival_time: isoTime(call.startedAtMs),
        setup_milliseconds: 426,
        headers: { call_id: call.sipCallId, from_uri: `sip:${from}@pstn.twilio.com`, to_uri: uri.replace(/\?.*/, '') },
      },
      assistant_interaction_summaries: [
        {
          session_id: call.sessionId,
          assistant_id: ASSISTANT_ID,
          turns: turns.map(({ logId, said, askedAtMs, answeredAtMs, generic }) => ({
            assistant: {
              log_id: logId,
              response_milliseconds: answeredAtMs - askedAtMs,
              start_timestamp: isoTime(askedAtMs),
            },
            request: { type: said === '' ? 'start' : 'speech_to_text' },
            response: [
              generic.some((item) => item.response_type === 'connect_to_agent')
                ? { type: 'transfer' }
                : { type: 'text_to_speech', barge_in_occurred: false },
            ],
          })),
        },
      ],
    },
  };
}
