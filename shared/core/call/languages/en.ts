import { dayAndTime } from '../day-and-time.ts';
import type { SaidByBot } from '../said-by-bot.ts';
import type { SpokenLanguage } from './texts.ts';

const about = (topic: string | undefined) => (topic === undefined ? '' : ` about ${topic}`);

export const en: SpokenLanguage = {
  voice: { language: 'en-US', voice: 'Polly.Joanna' },
  transcribed: true,
  texts: {
    oneMoment: 'One moment please, we are connecting you.',
    nobody: 'We are sorry, nobody can take your call right now. Please try again later. Goodbye.',
    greeting: (business, topic) =>
      `Hello${business === undefined ? '' : `, this is ${business}`}. You asked for a call${about(topic)}. Please hold while we connect you.`,
    stillTrying: 'Thank you for waiting. We are still trying to reach somebody for you.',
    holding: (position) =>
      `${position === undefined || position < 1 ? 'Everybody is on the phone.' : position === 1 ? 'You are next in line.' : `You are number ${position} in line.`} Please stay on the line.`,
    closed: (opens) =>
      `We are closed at this time.${opens === undefined ? '' : ` We open again on ${opens.day} at ${opens.time}.`}`,
    recorded: 'This call will be recorded.',
    offer: ({ callBack, message }) =>
      [
        'We are sorry, nobody can take your call right now.',
        ...(callBack ? ['To be called back, press 1.'] : []),
        ...(message ? ['To leave a message, press 2.'] : []),
      ].join(' '),
    callBackPromised: 'Thank you. We will call you back on this number. Goodbye.',
    callBackImpossible: 'We are sorry, we cannot call this number back.',
    leaveMessage:
      'Please leave your message after the tone. It may be two minutes long. When you are done, hang up or press the pound key.',
    messageTaken: 'Thank you, we have your message. Goodbye.',
    nothingHeard: 'We did not hear a message. Goodbye.',
    waiting: ({ name, topic }) => `${name ?? 'A customer'} would like to talk to you${about(topic)}.`,
    because: (reason) => `The reason: ${reason}.`,
    reasons: {
      asked_for_person: 'Asked for a person',
      not_understood: 'The bot did not understand the caller',
      silence: 'The caller said nothing to the bot',
      bot_failed: 'The bot failed',
    },
    known: (fields) => `Known so far: ${fields}.`,
    lastWords: (words) => `Their last words: ${words}.`,
    recordedToo: 'The call will be recorded.',
    pressToAccept: 'To take the call, press 1.',
    customerLeft: 'The customer is no longer on the line. Goodbye.',
    textToAgent: ({ name, topic }, address) => `${name ?? 'A customer'} is calling you${about(topic)}: ${address}`,
  },
};

export const enBySaidBot: SaidByBot = {
  call: {
    scheduled: 'We will call you at the time that you asked for.',
    calling: 'Your call has been started. Please answer your phone.',
    unknown:
      'I cannot say yet whether you are being called. If your phone does not ring within two minutes, please ask again.',
    customer_answered: 'You have answered our call, and we are looking for a colleague. Please hold the line.',
    agent_ringing: 'We are ringing a colleague for you. Please hold the line.',
    connected: 'You are talking to a colleague on the phone.',
    voicemail: 'Nobody was free, and you left us a message on the phone.',
    ended: 'The call is over.',
    failed: 'The call did not come about.',
  },
  scheduledFor: (when) => `We will call you on ${when}.`,
  over: {
    busy: 'We called you, but your line was busy.',
    no_answer: 'We called you, but nobody answered.',
    canceled: 'The call has been cancelled.',
    not_reached: 'We could not reach your number.',
    answering_machine: 'We called you, but an answering machine answered.',
    nobody_answered: 'We called you, but no colleague was free to talk to you.',
    customer_left: 'The call ended before you could talk to a colleague.',
    refused: 'The phone service refused to call this number, so you were not called.',
    unavailable: 'The phone service could not be reached, so you were not called.',
    no_outcome: 'I do not know what became of the call: nothing has been heard of it.',
    call_back: 'No colleague was free, and you asked to be called back. We will call you again.',
    queued: 'Your call has its place in line. Somebody will call you.',
    outside_hours: 'Nobody was here at that time, so you were not called.',
    expired: 'The time for the call passed before it could be started, so you were not called.',
  },
  noCall: {
    invalid_phone: 'I cannot call that number. Please give it with the country code, for example +1 500 555 0006.',
    destination_not_allowed: 'I am not allowed to call numbers in that country or of that kind, so nobody was called.',
    rate_limited: 'There have been too many calls, or one is under way already. Please try again later.',
    call_state_unknown:
      'I do not know whether the call was started. If your phone does not ring within two minutes, please ask again.',
    telephony_unavailable: 'The phone service cannot be reached at the moment, so you were not called.',
    telephony_refused: 'The phone service refused to call this number, so you were not called.',
    in_progress: 'Your request is still being handled. Please wait a moment.',
    unknown_request: 'I know of no such call.',
    closed: 'Nobody is here at that time, so no call was arranged.',
    invalid_at: 'We cannot call at that time. Please name one within the next seven days.',
    not_cancelable: 'That call can no longer be cancelled.',
  },
  openFrom: (when) => `Nobody is here at that time, so no call was arranged. Somebody is here again from ${when}.`,
  notCalled: 'Something about this request was wrong, so nobody was called.',
  maybeCalled: 'Something went wrong on our side, and I cannot say whether you will be called.',
  time: (time, zone) => `It's ${time}${zone === 'UTC' ? ' UTC' : ''} now.`,
  when: (wallMs) => dayAndTime('en-GB', wallMs),
  notUnderstood: 'I do not understand that request.',
  personComes: 'I have handed over to a colleague, who answers from now on.',
  personThere: 'A colleague has this conversation and answers here.',
  botAgain: 'You are talking to me, the assistant, again.',
  onlyBot: 'You are talking to me, the assistant.',
  backFrom: (when) => `I am sorry, nobody is here at the moment. Somebody is here again from ${when}.`,
  nobodyComes: 'I am sorry, nobody can take over at the moment. I am still here for you.',
  maybeSomebodyComes: 'Something went wrong on our side, and I cannot say whether a colleague takes over.',
};
