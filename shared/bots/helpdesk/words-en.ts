import type { Incident } from '../../servicenow/incidents.ts';
import type { Form } from './state.ts';

type Unsaid = Form['unsaid'][string];

const states: Readonly<Record<Incident['state'], string>> = {
  new: 'is currently awaiting triage',
  in_progress: 'is currently in progress',
  on_hold: 'has been put on hold',
  resolved: 'has been resolved',
  closed: 'has been closed',
  canceled: 'has been canceled',
  unknown: 'has a state that I cannot read out',
};

const notSaid: Readonly<Record<Unsaid, string>> = {
  'last-call': 'the one from your last call',
  phone: 'the one on file for the phone you are calling from',
};

/** `May 21`, with the year where it is not this one. The day is that of Greenwich. */
function spokenDay(atMs: number, nowMs: number): string {
  const year = new Date(atMs).getUTCFullYear() === new Date(nowMs).getUTCFullYear() ? {} : { year: 'numeric' as const };
  return new Intl.DateTimeFormat('en-US', { month: 'long', day: 'numeric', ...year, timeZone: 'UTC' }).format(atMs);
}

/** All that the helpdesk says. */
export const words = {
  hello: 'Hello!',
  offer: 'I can help you open a service request ticket, or check the status of your open incidents.',
  examples: [
    'You can ask me things like: open an incident. Help me reset my password.',
    "I'm having an issue with my email. Or: what's the status of the ticket I opened?",
    'To talk to a person, say agent.',
  ],
  /** What is said most, for the recogniser. */
  hints: ['open an incident', 'status of my ticket', 'reset my password', 'problem with my email', 'agent'],
  whatCanIDo: 'What can I do for you?',
  whatElse: 'What else can I help you with?',
  anythingElse: 'Is there anything else I can do for you?',
  goOnWith: 'To go on with the incident that you have begun, say: open an incident.',
  welcome: "You're welcome!",
  goodbye: 'Goodbye!',
  bot: 'I am a bot: it is a computer that is talking to you. To talk to a person, say agent.',
  outOfScope: "Sorry, that is nothing I can help with. I take care of incidents and of people's tickets only.",
  again: "Alright, let's start over.",
  notUnderstood: "I didn't quite understand that. Could you rephrase?",
  notAKey: 'That is not one of the keys.',
  noKeys: 'I cannot take keys here. Please say it in words.',
  lost: 'I am sorry, I have lost track of what we were doing.',
  goOn: "Alright, let's go on.",
  yes: 'yes',
  no: 'no',

  emailHints: ['at', 'dot', 'dot com', 'underscore', 'dash', 'skip'],
  askEmail: 'What is your email address?',
  reuse: (address: string, unsaid: Unsaid | undefined) =>
    unsaid === undefined
      ? `Would you like to use the last email address you used, ${address}?`
      : `Would you like to use the last email address you used, ${notSaid[unsaid]}?`,
  isThatRight: (spelled: string) => `I heard ${spelled}. Is that right?`,
  spellIt: 'Please spell your email address, one letter at a time. If you would rather not, say skip.',
  usePhone: 'There is an email address on file for the phone that you are calling from. Should I use that one?',
  noAddress: 'Alright, we go on without an email address.',
  notInSystem: (email: string, unsaid: Unsaid | undefined) =>
    `Sorry, ${unsaid === undefined ? `"${email}"` : notSaid[unsaid]} isn't in our incident management system. Please try again.`,

  askPriority: 'What is the priority of this issue?',
  badPriority: (said: string) => `Sorry "${said}" is not a valid priority. Please try again.`,
  byDefault: (priority: string) => `Alright, I will put ${priority}.`,
  askDescription: 'What is the problem description for the issue?',
  noDescription: 'Alright, we go on without a description.',
  askTitle: 'What is the title for the incident?',
  needsTitle: 'Whoever reads the incident has to know what it is about, so I need a few words.',
  titles: { password_reset: 'Problem resetting password', problem_email: 'Problem with email' },

  shouldIOpen: 'Should I open an incident with the following details?',
  wouldOpen: 'An incident with the following details would be opened if ServiceNow was connected:',
  detail: (name: string, value: string, unsaid: Unsaid | undefined) =>
    `${name}: ${unsaid === undefined ? value || 'none' : notSaid[unsaid]}.`,
  andSoOn: 'and so on',
  opened: (number: string) => `Successfully opened up incident ${number} for you. Someone will reach out soon.`,
  cancelled: 'Alright, I have cancelled the incident.',
  leftIt: 'Alright, never mind that.',

  madeUp: "Since ServiceNow isn't connected, I'm making this up!",
  mostRecent: (address: string, unsaid: Unsaid | undefined) =>
    `The most recent incident for ${unsaid === undefined ? address : notSaid[unsaid]} ${states.new}.`,
  incident: ({ number, title, openedAtMs, state }: Incident, nowMs: number) =>
    `Incident ${number}: "${title}",${openedAtMs === undefined ? '' : ` opened on ${spokenDay(openedAtMs, nowMs)}`} ${states[state]}.`,
  more: (count: number) => `And ${count} more.`,
  none: 'There are no incidents on record for you.',

  takeYourTime: 'Take your time.',
  oneMoment: 'One moment.',
  stillLooking: 'Still looking.',
  found: 'Thank you. I am looking up your tickets.',
  sendingCode:
    'Before I read out tickets I have to know that it is you. I am sending a code to the mobile phone of that address, if it is on file.',
  askCode:
    'If that address is on file, I have sent a code to its mobile phone. Please key in the code and then press pound, or say its digits.',
  anotherCode: 'Another code, one moment.',
  askPin: 'Please key in your PIN, and then press pound.',
  wrongCode: 'That is not the code.',
  wrongPin: 'That is not the PIN.',
  notChecked: 'I am sorry, I could not check that just now. Please try again.',
  noTickets: 'I am sorry, I cannot read out tickets without being sure that it is you.',
  noTicketsWithoutAddress: 'I am sorry, I cannot find tickets without an email address.',
  away: 'I am sorry, our incident management system does not answer at the moment.',

  person: 'It looks like you want to be transferred to a human agent.',
  bots: 'I can transfer you to one of these bots:',
  noBots: 'I am sorry, there is no other bot that I can transfer you to. To talk to a person, say agent.',
  transferring: "Alright, I'll try to transfer you.",
} as const;
