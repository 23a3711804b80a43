/** What a request says, in words. */

const MOST_QUOTED = 70;

export const vendorNames = {
  agent: 'Agent',
  botcopy: 'Botcopy',
  bot: 'Bot',
  browser: 'Web page',
  desk: 'Desk',
  dynamodb: 'Table',
  genesys: 'Genesys',
  schedule: 'Schedule',
  servicenow: 'ServiceNow',
  twilio: 'Twilio',
  watson: 'Watson',
};

function objectIn(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The fields of a body, whether it is JSON, JSON with its `data` inside, or a form. */
export function fieldsOf({ headers, body }) {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  const json = objectIn(body);
  return { ...json, ...Object(json.data) };
}

const quoted = (text) => `“${text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)} …` : text}”`;

/** The first of these that is a text. */
const textIn = (...values) => values.find((value) => typeof value === 'string' && value !== '');

const wordsIn = ({ text, line, lines, queryInput, Body, SpeechResult, message, input, payload }) =>
  textIn(
    text,
    Object(line).text,
    Object(Object(queryInput).text).text,
    Body,
    SpeechResult,
    message,
    Object(input).text,
    Object(Object(payload).input).text,
    Object(Array.isArray(lines) ? lines.at(-1) : undefined).text,
  );

/** By the `type` of an event in the form of Standard Webhooks. */
const events = {
  'handover.requested': () => 'a person is wanted',
  'handover.typing': () => 'typing',
  'handover.agent': ({ agent }) => `${textIn(Object(agent).name) ?? 'an agent'} is there`,
  'handover.ended': ({ reason }) => `it is over (${textIn(reason) ?? 'ended'})`,
  'handover.undelivered': () => 'words that did not arrive',
  'handover.call': ({ status }) => `the call: ${textIn(status) ?? ''}`,
};

/** By `eventType`, in the words of Botcopy. */
const pushes = {
  channel_update: ({ paused, agentProfile }) =>
    paused ? `${textIn(Object(agentProfile).name) ?? 'an agent'} takes over` : 'back to the bot',
  user_typing: () => 'typing',
};

const outputIn = (payload) =>
  textIn(...[Object(Object(payload).output).generic].flat().map((item) => Object(item).text));

/** By the name of the event, in the words of Watson. */
const watsonEvents = {
  message_processed: ({ payload }) => `answers ${quoted(outputIn(payload) ?? '…')}`,
  message_logged: () => 'its log',
};

/** By the last word of a path of Twilio's. */
const twilioPaths = {
  'Calls.json': ({ To }) => `call ${To ?? ''}`,
  'Messages.json': ({ To }) => `text ${To ?? ''}`,
  WebChats: () => 'open a web chat',
  Conversations: () => 'make a conversation',
  Participants: ({ Identity }) => `let ${Identity ?? 'somebody'} in`,
  Webhooks: () => 'tell us what happens there',
  Interactions: () => 'route it to an agent',
  Tasks: () => 'make a task',
  Verifications: () => 'text a code',
  VerificationCheck: () => 'is this the code?',
};

/** What comes from Twilio, by its event. */
const twilioEvents = {
  onConversationStateUpdated: ({ StateTo }) => `the conversation is ${StateTo}`,
  onParticipantAdded: ({ Identity }) => `${Identity} has come`,
  onParticipantRemoved: ({ Identity }) => `${Identity} has gone`,
  'task.created': () => 'a task waits',
  'task.canceled': () => 'the task is canceled',
  'task.completed': () => 'the task is done',
  'task.transfer-initiated': () => 'passed on to another agent',
  'reservation.accepted': ({ WorkerName }) => `${WorkerName ?? 'an agent'} accepts`,
};

/** What is asked of a table of ServiceNow, by method. */
const tableVerbs = { GET: 'look into', POST: 'write into', PATCH: 'change in' };

/** With the long names of things cut short. */
const shortened = (path) => path.replace(/\b([A-Z]{2})[0-9a-f]{28}([0-9a-f]{4})\b/g, '$1…$2');

/** What a list has under a name that came from elsewhere. */
const under = (list, name) => (Object.hasOwn(list, String(name)) ? list[name] : undefined);

function says(event, fields) {
  const { pathname, searchParams } = new URL(event.url, 'http://stage.invalid');
  const table = event.headers['x-amz-target']?.split('.').at(-1);
  if (table) return table;
  const known =
    under(events, fields.type) ?? under(pushes, fields.eventType) ?? under(watsonEvents, Object(fields.event).name);
  if (known) return known(fields);
  const words = wordsIn(fields);
  if (fields.dialogflowResponse && words) return `a person is wanted: ${quoted(words)}`;
  if (words) return quoted(words);
  const told = under(twilioEvents, fields.EventType);
  if (told) return told(fields);
  const last = pathname.split('/').at(-1);
  const [, record] = /\/api\/now(?:\/v\d)?\/table\/(\w+)/.exec(pathname) ?? [];
  if (record && under(tableVerbs, event.method)) return `${tableVerbs[event.method]} ${record}`;
  if (event.vendor === 'browser') return textIn(fields.action) ?? 'start';
  if (event.vendor === 'twilio' && event.direction === 'out') {
    const path = event.method === 'POST' ? under(twilioPaths, last) : undefined;
    return path ? path(fields) : `${event.method} ${shortened(pathname.split('/').slice(-2).join('/'))}`;
  }
  const step = searchParams.get('step');
  const keys = /^[0-9*#]+$/.test(fields.Digits ?? '') ? `presses ${fields.Digits}` : undefined;
  return (
    [step, textIn(keys, fields.EventType, fields.CallStatus, fields.DialCallStatus)].filter(Boolean).join(', ') ||
    event.method
  );
}

/** What an answer means; undefined where its status says it all. */
function means(answer) {
  if (answer.startsWith('<?xml')) {
    const verbs = [...answer.matchAll(/<([A-Z]\w+)/g)].map(([, verb]) => verb).filter((verb) => verb !== 'Response');
    return [...new Set(verbs)].join(', ') || 'nothing to do';
  }
  const { paused, minutesPaused, delivered, ticket, error, token, online, output, payload, __type } = objectIn(answer);
  if (Object(error).code) return String(error.code).replaceAll('_', ' ');
  if (__type) return String(__type).split('#').at(-1);
  if (paused === true) return minutesPaused === undefined ? 'paused' : `paused for ${minutesPaused} min`;
  if (paused === false) return 'the bot answers';
  // What Watson is answered before a message: with an output of its own it skips the assistant.
  if (output && !payload) return 'the bot keeps silent';
  if (delivered === true) return 'delivered';
  if (typeof ticket === 'string') return `ticket ${ticket}`;
  if (typeof token === 'string') return 'a token';
  if (online !== undefined) return online === null ? 'not known' : online ? 'somebody is there' : 'nobody is there';
  return undefined;
}

function outcomeOf({ status, answer = '', fault, isOver }) {
  if (status === 0) return isOver ? 'no answer' : fault === 'hang' ? 'hangs' : '…';
  const meant = means(answer);
  if (meant === undefined) return String(status);
  return status < 300 ? meant : `${meant} · ${status}`;
}

/** The words for a request: `who` asks whom, what it `says`, and its `outcome`; `tone` is `good`, `bad` or `open`. */
export function described(event) {
  const partner = vendorNames[event.vendor] ?? event.vendor;
  const name = new URL(event.url, 'http://stage.invalid').pathname.split('/').at(-1);
  const isIn = event.direction === 'in';
  return {
    who: isIn ? `${partner} → ${name}` : `→ ${partner}`,
    says: says(event, fieldsOf(event)),
    outcome: outcomeOf(event),
    tone: event.status === 0 ? (event.isOver ? 'bad' : 'open') : event.status < 400 ? 'good' : 'bad',
  };
}
