import type { SpokenLanguage } from './texts.ts';

const about = (topic: string | undefined) => (topic === undefined ? '' : `, es geht um ${topic}`);

export const de: SpokenLanguage = {
  voice: { language: 'de-DE', voice: 'Polly.Vicki' },
  transcribed: false,
  texts: {
    oneMoment: 'Einen Moment bitte, wir verbinden Sie.',
    nobody:
      'Es tut uns leid, gerade kann niemand Ihren Anruf annehmen. Bitte versuchen Sie es später noch einmal. Auf Wiederhören.',
    greeting: (business, topic) =>
      `Guten Tag${business === undefined ? '' : `, hier ist ${business}`}. Sie haben um einen Anruf gebeten${about(topic)}. Bitte bleiben Sie in der Leitung, wir verbinden Sie.`,
    stillTrying: 'Danke, dass Sie warten. Wir versuchen weiter, jemanden für Sie zu erreichen.',
    holding: (position) =>
      `${position === undefined || position < 1 ? 'Alle sprechen gerade.' : position === 1 ? 'Sie sind als Nächstes an der Reihe.' : `Sie sind an Stelle ${position}.`} Bitte bleiben Sie in der Leitung.`,
    closed: (opens) =>
      `Im Moment ist bei uns niemand da.${opens === undefined ? '' : ` Wir sind am ${opens.day} um ${opens.time} Uhr wieder da.`}`,
    recorded: 'Dieses Gespräch wird aufgezeichnet.',
    offer: ({ callBack, message }) =>
      [
        'Es tut uns leid, gerade kann niemand Ihren Anruf annehmen.',
        ...(callBack ? ['Wenn wir Sie zurückrufen sollen, drücken Sie die 1.'] : []),
        ...(message ? ['Um eine Nachricht zu hinterlassen, drücken Sie die 2.'] : []),
      ].join(' '),
    callBackPromised: 'Vielen Dank. Wir rufen Sie unter dieser Nummer zurück. Auf Wiederhören.',
    callBackImpossible: 'Es tut uns leid, diese Nummer können wir nicht zurückrufen.',
    leaveMessage:
      'Bitte sprechen Sie Ihre Nachricht nach dem Ton. Sie darf zwei Minuten lang sein. Legen Sie danach auf oder drücken Sie die Rautetaste.',
    messageTaken: 'Vielen Dank, wir haben Ihre Nachricht. Auf Wiederhören.',
    nothingHeard: 'Wir haben keine Nachricht gehört. Auf Wiederhören.',
    waiting: ({ name, topic }) => `${name ?? 'Ein Kunde'} möchte mit Ihnen sprechen${about(topic)}.`,
    because: (reason) => `Der Grund: ${reason}.`,
    known: (fields) => `Schon bekannt: ${fields}.`,
    lastWords: (words) => `Zuletzt gesagt: ${words}.`,
    recordedToo: 'Das Gespräch wird aufgezeichnet.',
    pressToAccept: 'Um den Anruf anzunehmen, drücken Sie die 1.',
    customerLeft: 'Der Kunde ist nicht mehr in der Leitung. Auf Wiederhören.',
    textToAgent: ({ name, topic }, address) => `${name ?? 'Ein Kunde'} ruft Sie an${about(topic)}: ${address}`,
  },
};
