import { dayAndTime } from '../day-and-time.ts';
import type { SaidByBot } from '../said-by-bot.ts';
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
    reasons: {
      asked_for_person: 'Wollte mit einem Menschen sprechen',
      not_understood: 'Der Bot hat den Anrufer nicht verstanden',
      silence: 'Der Anrufer hat dem Bot nichts gesagt',
      bot_failed: 'Der Bot ist ausgefallen',
    },
    known: (fields) => `Schon bekannt: ${fields}.`,
    lastWords: (words) => `Zuletzt gesagt: ${words}.`,
    recordedToo: 'Das Gespräch wird aufgezeichnet.',
    pressToAccept: 'Um den Anruf anzunehmen, drücken Sie die 1.',
    customerLeft: 'Der Kunde ist nicht mehr in der Leitung. Auf Wiederhören.',
    textToAgent: ({ name, topic }, address) => `${name ?? 'Ein Kunde'} ruft Sie an${about(topic)}: ${address}`,
  },
};

export const deBySaidBot: SaidByBot = {
  call: {
    scheduled: 'Wir rufen Sie zu der Zeit an, um die Sie gebeten haben.',
    calling: 'Ihr Anruf ist gestartet. Bitte gehen Sie ans Telefon.',
    unknown:
      'Ich kann noch nicht sagen, ob Sie angerufen werden. Wenn Ihr Telefon nicht in zwei Minuten klingelt, fragen Sie bitte noch einmal.',
    customer_answered:
      'Sie haben unseren Anruf angenommen, und wir suchen jemanden für Sie. Bitte bleiben Sie in der Leitung.',
    agent_ringing: 'Bei einer Kollegin oder einem Kollegen klingelt es gerade. Bitte bleiben Sie in der Leitung.',
    connected: 'Sie sprechen gerade am Telefon mit uns.',
    voicemail: 'Niemand war frei, und Sie haben uns am Telefon eine Nachricht hinterlassen.',
    ended: 'Der Anruf ist beendet.',
    failed: 'Der Anruf ist nicht zustande gekommen.',
  },
  scheduledFor: (when) => `Wir rufen Sie an: ${when} Uhr.`,
  over: {
    busy: 'Wir haben Sie angerufen, aber bei Ihnen war besetzt.',
    no_answer: 'Wir haben Sie angerufen, aber niemand ist ans Telefon gegangen.',
    canceled: 'Der Anruf ist abgesagt.',
    not_reached: 'Wir konnten Ihre Nummer nicht erreichen.',
    answering_machine: 'Wir haben Sie angerufen, aber ein Anrufbeantworter ging dran.',
    nobody_answered: 'Wir haben Sie angerufen, aber bei uns war niemand frei.',
    customer_left: 'Der Anruf war zu Ende, bevor Sie mit jemandem sprechen konnten.',
    refused: 'Der Telefondienst ruft diese Nummer nicht an, deshalb wurden Sie nicht angerufen.',
    unavailable: 'Der Telefondienst war nicht zu erreichen, deshalb wurden Sie nicht angerufen.',
    no_outcome: 'Ich weiß nicht, was aus dem Anruf geworden ist: Wir haben nichts mehr davon gehört.',
    call_back: 'Niemand war frei, und Sie haben um einen Rückruf gebeten. Wir rufen Sie noch einmal an.',
    queued: 'Ihr Anruf hat seinen Platz in der Warteschlange. Jemand ruft Sie an.',
    outside_hours: 'Zu dieser Zeit war niemand da, deshalb wurden Sie nicht angerufen.',
    expired: 'Die Zeit für den Anruf ist verstrichen, bevor er starten konnte. Sie wurden nicht angerufen.',
  },
  noCall: {
    invalid_phone:
      'Diese Nummer kann ich nicht anrufen. Bitte nennen Sie sie mit Ländervorwahl, zum Beispiel +49 30 1234567.',
    destination_not_allowed: 'Nummern in diesem Land oder dieser Art darf ich nicht anrufen. Niemand wurde angerufen.',
    rate_limited: 'Es gab zu viele Anrufe, oder einer läuft schon. Bitte versuchen Sie es später noch einmal.',
    call_state_unknown:
      'Ich weiß nicht, ob der Anruf gestartet ist. Wenn Ihr Telefon nicht in zwei Minuten klingelt, fragen Sie bitte noch einmal.',
    telephony_unavailable: 'Der Telefondienst ist gerade nicht zu erreichen, deshalb wurden Sie nicht angerufen.',
    telephony_refused: 'Der Telefondienst ruft diese Nummer nicht an, deshalb wurden Sie nicht angerufen.',
    in_progress: 'Ihre Anfrage wird noch bearbeitet. Bitte warten Sie einen Moment.',
    unknown_request: 'Ich kenne keinen solchen Anruf.',
    closed: 'Zu dieser Zeit ist niemand da, deshalb ist kein Anruf vereinbart.',
    invalid_at: 'Zu dieser Zeit können wir nicht anrufen. Bitte nennen Sie eine in den nächsten sieben Tagen.',
    not_cancelable: 'Dieser Anruf lässt sich nicht mehr absagen.',
  },
  openFrom: (when) =>
    `Zu dieser Zeit ist niemand da, deshalb ist kein Anruf vereinbart. Wieder da sind wir ab ${when} Uhr.`,
  notCalled: 'An dieser Anfrage stimmte etwas nicht, deshalb wurde niemand angerufen.',
  maybeCalled: 'Bei uns ist etwas schiefgegangen, und ich kann nicht sagen, ob Sie angerufen werden.',
  time: (time, zone) => `Es ist jetzt ${time} Uhr${zone === 'UTC' ? ' UTC' : ''}.`,
  when: (wallMs) => dayAndTime('de-DE', wallMs),
  notUnderstood: 'Diese Anfrage verstehe ich nicht.',
  personComes: 'Ich habe Sie weitergegeben. Ab jetzt antwortet Ihnen ein Mensch.',
  personThere: 'Dieses Gespräch hat gerade ein Mensch, der Ihnen hier antwortet.',
  botAgain: 'Sie sprechen wieder mit mir, dem Assistenten.',
  onlyBot: 'Sie sprechen mit mir, dem Assistenten.',
  backFrom: (when) => `Es tut mir leid, gerade ist niemand da. Ab ${when} Uhr ist wieder jemand da.`,
  nobodyComes: 'Es tut mir leid, gerade kann niemand übernehmen. Ich bin weiter für Sie da.',
  maybeSomebodyComes: 'Bei uns ist etwas schiefgegangen, und ich kann nicht sagen, ob jemand übernimmt.',
};
