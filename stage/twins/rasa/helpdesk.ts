import { at, textAt } from '../../../shared/core/at.ts';

/** A message as the REST channel answers it, without its recipient. */
export type Uttered = Readonly<Record<string, unknown>>;

/** What the tracker of a conversation keeps. */
export interface Tracker {
  asks: 'email' | 'priority' | 'description' | 'title' | 'confirm' | undefined;
  readonly slots: Record<string, string>;
  /** Who gave the conversation away. */
  from: string | undefined;
}

/** A bot: what it utters in a conversation. */
export type Dialogue = (message: string, tracker: Tracker) => readonly Uttered[];

/** `/inform{"priority":"low"}` becomes `inform` with its entities; undefined for what somebody wrote. */
function intentOf(message: string): { readonly intent: string; readonly entities: unknown } | undefined {
  const [, intent, json] = /^\/(\w+)(\{.*\})?$/.exec(message.trim()) ?? [];
  if (intent === undefined) return undefined;
  return { intent, entities: json === undefined ? {} : JSON.parse(json) };
}

const text = (said: string): Uttered => ({ text: said });
const buttons = (said: string, options: readonly (readonly [title: string, payload: string])[]): Uttered => ({
  text: said,
  buttons: options.map(([title, payload]) => ({ title, payload })),
});

const greeting = [
  text('Hello!'),
  text('I can help you open a service request ticket, or check the status of your open incidents.'),
];

const questions: Readonly<Record<NonNullable<Tracker['asks']>, (slots: Tracker['slots']) => Uttered>> = {
  email: () => text('What is your email address?'),
  priority: () =>
    buttons(
      'What is the priority of this issue?',
      ['low', 'medium', 'high'].map((level) => [level, `/inform{"priority":"${level}"}`] as const),
    ),
  description: () => text('What is the problem description for the issue?'),
  title: () => text('What is the title of the issue?'),
  confirm: ({ email, priority, description, title }) =>
    buttons(
      `Should I open an incident with the following details?\nemail: ${email}\nproblem description: ${description}\ntitle: ${title}\npriority: ${priority}`,
      [
        ['Yes', '/affirm'],
        ['No', '/deny'],
      ],
    ),
};

const order = ['email', 'priority', 'description', 'title'] as const;

function askNext(tracker: Tracker): readonly Uttered[] {
  const next = order.find((slot) => tracker.slots[slot] === undefined) ?? 'confirm';
  tracker.asks = next;
  return [questions[next](tracker.slots)];
}

/** Names by what somebody writes the intents that the source tells apart; the first that fits. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/\b(?:human|person|agent)\b/i, 'human_handoff'],
  [/\bsupervisor\b/i, 'supervisor'],
  [/\b(?:bye|goodbye)\b/i, 'goodbye'],
  [/\bthank/i, 'thank'],
  [/\bpassword\b/i, 'password_reset'],
  [/\b(?:problem|issue).*\bemail\b/i, 'problem_email'],
  [/\bopen\b.*\b(?:incident|ticket)\b/i, 'open_incident'],
  [/\bcrash\b/i, 'crash'],
  [/^\s*(?:hello|hi)\b/i, 'greet'],
];

const titles: Readonly<Record<string, string>> = {
  password_reset: 'Problem resetting password',
  problem_email: 'Problem with email',
};

function submitted(tracker: Tracker, isConfirmed: boolean): readonly Uttered[] {
  const { email, description, title, priority } = tracker.slots;
  tracker.asks = undefined;
  for (const slot of order) delete tracker.slots[slot];
  if (!isConfirmed) return [text('Alright, I have cancelled the incident.')];
  return [
    text(
      `An incident with the following details would be opened if ServiceNow was connected:\nemail: ${email}\nproblem description: ${description}\ntitle: ${title}\npriority: ${priority}`,
    ),
  ];
}

/** The open form takes what was said for the slot that it asks for. */
function filled(tracker: Tracker, message: string, entities: unknown): readonly Uttered[] {
  const { asks } = tracker;
  if (asks === 'confirm') return submitted(tracker, /^\/affirm|^\s*(?:yes|yeah)\b/i.test(message));
  const value = asks === 'priority' ? (textAt(entities, 'priority') ?? message).toLowerCase().trim() : message;
  if (asks === 'priority' && !['low', 'medium', 'high'].includes(value))
    return [text(`Sorry, "${message}" is not a valid priority. Please try again.`), questions.priority({})];
  if (asks) tracker.slots[asks] = value;
  return askNext(tracker);
}

/**
 * The helpdesk of the source in small, without ServiceNow, with the words of its README and its domain. `host` is where the
 * other bot is. Besides, as the documentation of the bot has it: a supervisor by `handover`, and `end` after a good-bye.
 * Source: RasaHQ/helpdesk-assistant, domain.yml, actions/actions.py and actions/handoff.py, read 2026-11-28.
 */
export function helpdeskDialogue(host: () => string): Dialogue {
  return (message, tracker) => {
    const given = intentOf(message);
    const intent = given?.intent ?? phrases.find(([phrase]) => phrase.test(message))?.[1];
    switch (intent) {
      case 'greet':
      case 'session_start':
        return greeting;
      case 'handoff':
        tracker.from = textAt(given?.entities, 'from_host');
        return greeting;
      case 'human_handoff':
        return [
          text('It looks like you want to be transferred to a human agent.'),
          buttons("I can't transfer you to a human, but I can transfer you to one of these bots", [
            ['the order bot', '/trigger_handoff{"handoff_to":"orders"}'],
          ]),
        ];
      case 'trigger_handoff':
        return [
          text("Alright, I'll try to transfer you."),
          { custom: { handoff_host: host(), title: 'the order bot' } },
        ];
      case 'supervisor':
        return [
          text('I connect you to a supervisor.'),
          { custom: { handover: { topic: 'complaints', reason: 'asked for a supervisor', fields: tracker.slots } } },
        ];
      case 'goodbye':
        tracker.asks = undefined;
        return [text('Bye'), { custom: { end: true } }];
      case 'thank':
        return [text("You're welcome!")];
      case 'crash':
        return [];
      case 'open_incident':
      case 'password_reset':
      case 'problem_email':
        if (tracker.asks !== undefined && tracker.asks !== 'email') break;
        if (titles[intent] !== undefined) tracker.slots.title = titles[intent];
        return askNext(tracker);
    }
    if (tracker.asks !== undefined) return filled(tracker, message, at(given, 'entities'));
    return [text("I didn't quite understand that. Could you rephrase?")];
  };
}

/** Another bot, to which the helpdesk may hand over, and which hands back to whoever did. */
export const ordersDialogue: Dialogue = (message, tracker) => {
  const given = intentOf(message);
  if (given?.intent === 'handoff') tracker.from = textAt(given.entities, 'from_host');
  if (given !== undefined || /^\s*(?:hello|hi)\b/i.test(message))
    return [text('Hello, this is the order bot.'), text('What is the number of your order?')];
  if (/\bback\b/i.test(message) && tracker.from !== undefined)
    return [text('Alright, back to the helpdesk.'), { custom: { handoff_host: tracker.from, title: 'the helpdesk' } }];
  const number = /\d{2,}/.exec(message)?.[0];
  return [
    text(
      number === undefined ? 'Please tell me the number of your order, or say back.' : `Order ${number} is on its way.`,
    ),
  ];
};
