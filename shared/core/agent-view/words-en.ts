import { textsIn } from '../call/languages/index.ts';
import type { Words } from './words.ts';

export const english: Words = {
  language: 'en',
  title: 'Handover',
  someone: 'A customer',
  noReason: 'The bot has not said why.',
  skip: 'Skip to what was said',
  said: 'What was said',
  nothingSaid: 'Nothing has been said yet.',
  known: 'What is known',
  draft: 'Draft incident',
  help: 'What you can do',
  earlier: 'Show earlier lines',
  newest: 'Newest line',
  copySummary: 'Copy everything as text',
  copyId: 'Copy the handover id',
  copied: 'Copied.',
  notCopied: 'The browser does not let this page copy. Select the text instead.',
  offline: 'No connection. Trying again.',
  tooOld: 'This page has been open for too long. Open it again from your desk.',
  by: { customer: 'Customer', bot: 'Bot', agent: 'Agent', system: 'Note' },
  rows: {
    phone: 'Phone',
    topic: 'Topic',
    language: 'Language',
    openedAtMs: 'Asked for a person',
    untilMs: 'Goes back to the bot',
    outcome: 'How it ended',
    message: 'Message left',
    handoverId: 'Handover',
  },
  reasons: textsIn('en').reasons,
  outcomes: {
    talked: 'They talked',
    caller_hangup: 'The caller hung up',
    assistant_hangup: 'The assistant ended the call',
    assistant_transfer: 'The assistant handed the call over',
    busy: 'The line was busy',
    no_answer: 'The customer did not answer',
    canceled: 'The call was canceled',
    not_reached: 'The number could not be reached',
    answering_machine: 'An answering machine answered',
    nobody_answered: 'Nobody here took the call',
    customer_left: 'The customer hung up before anybody took the call',
    refused: 'The phone company refused the call',
    unavailable: 'The phone company could not be reached',
    no_outcome: 'Nobody was told how it ended',
    call_back: 'The customer will be called back',
    queued: 'It waits in line at the desk',
    outside_hours: 'Nobody works at that time',
    expired: 'Its time was over',
  },
  standings: {
    pending: {
      label: 'Being handed over',
      help: 'Your desk is being asked to take this conversation. Take it there; the bot waits until then.',
    },
    human: {
      label: 'With a person',
      help: 'Answer in your desk. The bot is silent until you end the conversation there, the customer ends it, or nobody has said anything until the time shown.',
    },
    ended: {
      label: 'Ended',
      help: 'It is over: nothing that you write reaches the customer. You can still copy what was said.',
    },
    open: {
      label: 'On the phone',
      help: 'The caller has been handed over by phone. Take the call on your phone or in your desk; here you see why they call.',
    },
    scheduled: {
      label: 'Call planned',
      help: 'The customer will be called at the time they chose. Nothing is to be done yet.',
    },
    calling: {
      label: 'Customer’s phone rings',
      help: 'The customer is being called. Your phone rings when they have picked up.',
    },
    unknown: {
      label: 'Call not confirmed',
      help: 'It is not known yet whether the call was placed. It settles by itself within minutes.',
    },
    customer_answered: {
      label: 'Customer waits',
      help: 'The customer is on the line. Pick up when your phone rings and press 1 to take the call.',
    },
    agent_ringing: {
      label: 'Your phone rings',
      help: 'The customer is on the line and hears music. Pick up and press 1 to take the call; another key or hanging up passes it on.',
    },
    connected: { label: 'Talking', help: 'You and the customer are connected. Hanging up ends the call for both.' },
    voicemail: {
      label: 'Message left',
      help: 'Nobody could take the call, so the customer was asked to leave a message. Call them back.',
    },
    failed: {
      label: 'Call failed',
      help: 'The two of you were not connected; how it ended says why. Call the customer back if they still need you.',
    },
  },
  list: { title: 'Open handovers', none: 'Nobody is waiting.', chat: 'Chat', call: 'Call' },
  refusals: {
    expired: {
      label: 'This link has expired',
      help: 'A link to a handover opens for 15 minutes, so that nobody else can use it later. Open it again from the task in your desk.',
    },
    forbidden: {
      label: 'A colleague has this one',
      help: 'Another agent has taken this handover. Ask them, or open one of your own.',
    },
    unknown: {
      label: 'There is no such handover',
      help: 'It may have been erased, or the address is not complete. Open it again from your desk.',
    },
    unavailable: {
      label: 'It cannot be shown right now',
      help: 'Reload the page in a moment. The customer does not notice any of this.',
    },
  },
};
