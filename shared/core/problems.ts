interface ProblemKind {
  readonly status: number;
  /** Whether sending the same request again later can help. */
  readonly retryable: boolean;
  /** The message in the answer: says nothing of our insides. */
  readonly says: string;
  /** What whoever reads the code should do. Goes to docs/problems.md. */
  readonly advice: string;
}

const kind = (status: number, retryable: boolean, says: string, advice: string): ProblemKind => ({
  status,
  retryable,
  says,
  advice,
});

/** Every way a request can be refused or fail. The codes are stable: callers switch on them. */
export const problemKinds = {
  misconfigured: kind(
    500,
    false,
    'The function is not set up.',
    'Read its log line: it names the settings that are missing or malformed. `npm run doctor` checks them all.',
  ),
  internal: kind(500, true, 'Something went wrong on our side.', 'Look for the id of the answer in the log.'),
  deadline_exceeded: kind(
    504,
    true,
    'The answer would have come too late.',
    'A partner or the table is slow. Repeating the request is safe.',
  ),
  in_progress: kind(
    409,
    true,
    'The same request is being handled.',
    'Wait a second and repeat it: the answer will be that of the first.',
  ),
  state_unavailable: kind(503, true, 'State cannot be read now.', 'The table is slow or away. Repeat the request.'),
  invalid_signature: kind(
    403,
    false,
    'The signature does not fit.',
    'Check PUBLIC_BASE_URL and FUNCTION_URLS: they must be the URL that Twilio calls, to the letter; and TWILIO_AUTH_TOKEN.',
  ),
  unauthorized: kind(401, false, 'Who are you?', 'Send the token, key or session that this function asks for.'),
  session_too_old: kind(401, false, 'The session is too old.', 'Have the customer sign in again.'),
  origin_not_allowed: kind(
    403,
    false,
    'This origin may not ask.',
    'Add the page to ALLOWED_ORIGINS, exactly as the browser sends it.',
  ),
  forbidden: kind(403, false, 'Not yours to see.', 'Use a session that owns what it asks for.'),
  method_not_allowed: kind(405, false, 'Wrong method.', 'Use the method in the README table.'),
  not_found: kind(404, false, 'There is nothing here.', 'Check the path.'),
  too_large: kind(413, false, 'Too large.', 'Bodies end at 1 MB, the text of one message at 32 KB.'),
  headers_too_large: kind(
    431,
    false,
    'Too many headers.',
    'Headers end at 15 kB and 90 of them, as on Twilio Functions.',
  ),
  unsupported_media_type: kind(415, false, 'Wrong media type.', 'Send application/json, not compressed.'),
  invalid_json: kind(
    400,
    false,
    'Not acceptable JSON.',
    'Send one JSON object in UTF-8, nested at most 32 deep, with no key twice and no `__proto__`.',
  ),
  invalid_request: kind(400, false, 'A field is missing or malformed.', 'Compare with the README table.'),
  unknown_field: kind(400, false, 'There is a field that this function does not know.', 'Leave it out.'),
  invalid_phone: kind(400, false, 'Not a phone number.', 'Send E.164: +, country code, number; no extension.'),
  invalid_at: kind(
    400,
    false,
    'Not a time at which somebody can be called.',
    'Send ISO 8601 with an offset, from a minute to seven days ahead, like 2026-12-24T09:30:00+01:00.',
  ),
  invalid_conversation_id: kind(400, false, 'Not a conversation id.', 'Ids match ^[A-Za-z0-9._:@+-]{1,200}$.'),
  invalid_user_id: kind(400, false, 'Not a user id.', 'Ids match ^[A-Za-z0-9._:@+-]{1,200}$.'),
  invalid_event_type: kind(400, false, 'Unknown event type.', 'Send message, channel_update or user_typing.'),
  invalid_minutes: kind(400, false, 'Not a number of minutes.', 'minutesPaused is a whole number from 0 to 1440.'),
  invalid_paused: kind(400, false, 'paused must be true or false.', 'Send a boolean; channel_update needs it.'),
  invalid_text: kind(400, false, 'No text.', 'A message needs text.'),
  invalid_avatar_url: kind(
    400,
    false,
    'Not an acceptable picture URL.',
    'Use https, a public host and no credentials.',
  ),
  invalid_unpause_event: kind(400, false, 'Not an event name.', 'Use default, none or the name of a Dialogflow event.'),
  bot_not_allowed: kind(403, false, 'This bot is not served here.', 'Add it to BOT_IDS.'),
  not_paused: kind(
    409,
    false,
    'The bot has the conversation.',
    'Tell the agent: the pause is over. A channel_update with paused:true takes the conversation again.',
  ),
  handover_taken: kind(
    409,
    false,
    'Another handover has the conversation.',
    'Somebody else was faster. Leave out handoverId to go on with the handover that is there.',
  ),
  customer_unreachable: kind(
    409,
    false,
    'Nothing can be shown to this customer.',
    'Set BOT_PUSH_URL and BOT_PUSH_SECRET, or BOTCOPY_API_KEY: it is where the words of agents go.',
  ),
  desk_unavailable: kind(503, true, 'The desk did not take the conversation.', 'Look at the desk; the bot goes on.'),
  destination_not_allowed: kind(403, false, 'This number may not be called.', 'See ALLOWED_COUNTRIES.'),
  closed: kind(
    409,
    false,
    'Nobody is there at that time.',
    '`opensAt` in the answer says when somebody is there again: wish for a call `at` that time. See BUSINESS_HOURS.',
  ),
  not_cancelable: kind(
    409,
    false,
    'This call can no longer be cancelled.',
    'Only a call whose time has not come can be: POST {requestId} tells how it stands.',
  ),
  rate_limited: kind(
    429,
    true,
    'Too many for now.',
    'Wait as long as Retry-After says. See CALL_LIMITS and CHAT_LIMITS.',
  ),
  idempotency_key_reused: kind(409, false, 'This key was used for something else.', 'Use a new key for a new wish.'),
  call_state_unknown: kind(
    504,
    false,
    'The call may or may not have been placed.',
    'Do not ask for another: POST {requestId} tells when it is known.',
  ),
  telephony_unavailable: kind(503, true, 'No call could be placed.', 'Repeat after Retry-After.'),
  telephony_refused: kind(502, false, 'The call was refused.', 'Look in the Twilio console for the reason.'),
  chat_unavailable: kind(503, true, 'No chat could be opened.', 'Repeat after Retry-After.'),
  chat_not_open: kind(409, false, 'No chat is open.', 'Send action start: the chat is over or was never begun.'),
  foreign_target: kind(
    403,
    false,
    'No other host is asked.',
    'Leave target_hostname out, or make it the host of PUBLIC_BASE_URL: the function calls nobody else.',
  ),
  unknown_request: kind(404, false, 'There is no such request.', 'Use the requestId of your own request.'),
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problemKinds, text);
}

interface ProblemDetail {
  /** For the log only: short words of ours, never a value from a request, a setting or a partner. */
  readonly reason?: string;
  readonly retryAfterSec?: number;
  /** The methods that would have been taken. */
  readonly allowed?: readonly string[];
  /** Further members of the JSON answer beside `error`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error that is part of an answer. Anything else that is thrown becomes `internal`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: ProblemDetail;

  constructor(code: ProblemCode, detail: ProblemDetail = {}) {
    super(problemKinds[code].says, { cause: detail.cause });
    this.code = code;
    this.detail = detail;
  }
}
