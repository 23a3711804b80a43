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
    known: (fields) => `Known so far: ${fields}.`,
    lastWords: (words) => `Their last words: ${words}.`,
    recordedToo: 'The call will be recorded.',
    pressToAccept: 'To take the call, press 1.',
    customerLeft: 'The customer is no longer on the line. Goodbye.',
    textToAgent: ({ name, topic }, address) => `${name ?? 'A customer'} is calling you${about(topic)}: ${address}`,
  },
};
