import { textsIn } from '../call/languages/index.ts';
import type { Words } from './words.ts';

export const german: Words = {
  language: 'de',
  title: 'Übergabe',
  someone: 'Ein Kunde',
  noReason: 'Der Bot hat keinen Grund genannt.',
  skip: 'Zum Gesprächsverlauf springen',
  said: 'Gesprächsverlauf',
  nothingSaid: 'Noch wurde nichts gesagt.',
  known: 'Was bekannt ist',
  draft: 'Entwurf der Störungsmeldung',
  help: 'Was Sie tun können',
  earlier: 'Frühere Zeilen zeigen',
  newest: 'Neueste Zeile',
  copySummary: 'Alles als Text kopieren',
  copyId: 'Nummer der Übergabe kopieren',
  copied: 'Kopiert.',
  notCopied: 'Der Browser lässt diese Seite nicht kopieren. Markieren Sie den Text.',
  offline: 'Keine Verbindung. Neuer Versuch läuft.',
  tooOld: 'Diese Seite ist zu lange offen. Öffnen Sie sie neu von Ihrem Arbeitsplatz aus.',
  by: { customer: 'Kunde', bot: 'Bot', agent: 'Mitarbeiter', system: 'Hinweis' },
  rows: {
    phone: 'Telefon',
    topic: 'Thema',
    language: 'Sprache',
    openedAtMs: 'Wunsch nach einem Menschen',
    untilMs: 'Zurück an den Bot',
    outcome: 'Wie es endete',
    message: 'Hinterlassene Nachricht',
    handoverId: 'Übergabe',
  },
  reasons: textsIn('de').reasons,
  outcomes: {
    talked: 'Es wurde gesprochen',
    caller_hangup: 'Der Anrufer hat aufgelegt',
    assistant_hangup: 'Der Assistent hat den Anruf beendet',
    assistant_transfer: 'Der Assistent hat den Anruf übergeben',
    busy: 'Es war besetzt',
    no_answer: 'Der Kunde hat nicht abgenommen',
    canceled: 'Der Anruf wurde abgesagt',
    not_reached: 'Die Nummer war nicht zu erreichen',
    answering_machine: 'Ein Anrufbeantworter hat abgenommen',
    nobody_answered: 'Hier hat niemand den Anruf angenommen',
    customer_left: 'Der Kunde hat aufgelegt, bevor jemand den Anruf annahm',
    refused: 'Der Telefonanbieter hat den Anruf abgelehnt',
    unavailable: 'Der Telefonanbieter war nicht zu erreichen',
    no_outcome: 'Wie es endete, hat niemand erfahren',
    call_back: 'Der Kunde wird zurückgerufen',
    queued: 'Er wartet in der Warteschlange am Arbeitsplatz',
    outside_hours: 'Zu dieser Zeit arbeitet niemand',
    expired: 'Seine Zeit war vorbei',
  },
  standings: {
    pending: {
      label: 'Wird übergeben',
      help: 'Ihr Arbeitsplatz wird gefragt, ob er das Gespräch nimmt. Nehmen Sie es dort an; der Bot wartet so lange.',
    },
    human: {
      label: 'Bei einem Menschen',
      help: 'Antworten Sie an Ihrem Arbeitsplatz. Der Bot schweigt, bis Sie das Gespräch dort beenden, der Kunde es beendet oder bis zur angezeigten Zeit niemand etwas gesagt hat.',
    },
    ended: {
      label: 'Beendet',
      help: 'Es ist vorbei: Was Sie schreiben, erreicht den Kunden nicht mehr. Den Verlauf können Sie noch kopieren.',
    },
    open: {
      label: 'Am Telefon',
      help: 'Der Anrufer wurde per Telefon übergeben. Nehmen Sie den Anruf am Telefon oder an Ihrem Arbeitsplatz an; hier steht, worum es geht.',
    },
    scheduled: {
      label: 'Anruf geplant',
      help: 'Der Kunde wird zur gewünschten Zeit angerufen. Noch ist nichts zu tun.',
    },
    calling: {
      label: 'Beim Kunden klingelt es',
      help: 'Der Kunde wird angerufen. Ihr Telefon klingelt, sobald er abgenommen hat.',
    },
    unknown: {
      label: 'Anruf nicht bestätigt',
      help: 'Noch ist nicht bekannt, ob angerufen wurde. Das klärt sich in wenigen Minuten von selbst.',
    },
    customer_answered: {
      label: 'Kunde wartet',
      help: 'Der Kunde ist in der Leitung. Heben Sie ab, wenn es klingelt, und drücken Sie die 1.',
    },
    agent_ringing: {
      label: 'Ihr Telefon klingelt',
      help: 'Der Kunde ist in der Leitung und hört Musik. Heben Sie ab und drücken Sie die 1; eine andere Taste oder Auflegen gibt den Anruf weiter.',
    },
    connected: {
      label: 'Im Gespräch',
      help: 'Sie sind mit dem Kunden verbunden. Auflegen beendet das Gespräch für beide.',
    },
    voicemail: {
      label: 'Nachricht hinterlassen',
      help: 'Niemand konnte den Anruf annehmen, der Kunde wurde um eine Nachricht gebeten. Rufen Sie zurück.',
    },
    failed: {
      label: 'Anruf gescheitert',
      help: 'Sie wurden nicht verbunden; wie es endete, sagt warum. Rufen Sie den Kunden zurück, wenn er Sie noch braucht.',
    },
  },
  list: { title: 'Offene Übergaben', none: 'Niemand wartet.', chat: 'Chat', call: 'Anruf' },
  refusals: {
    expired: {
      label: 'Dieser Link ist abgelaufen',
      help: 'Ein Link zu einer Übergabe öffnet 15 Minuten lang, damit ihn später niemand anders benutzt. Öffnen Sie ihn neu aus der Aufgabe an Ihrem Arbeitsplatz.',
    },
    forbidden: {
      label: 'Das hat ein Kollege',
      help: 'Jemand anders hat diese Übergabe angenommen. Fragen Sie dort, oder öffnen Sie eine eigene.',
    },
    unknown: {
      label: 'Diese Übergabe gibt es nicht',
      help: 'Sie wurde vielleicht gelöscht, oder die Adresse ist nicht vollständig. Öffnen Sie sie neu von Ihrem Arbeitsplatz aus.',
    },
    unavailable: {
      label: 'Gerade nicht zu sehen',
      help: 'Laden Sie die Seite gleich noch einmal. Der Kunde merkt davon nichts.',
    },
  },
};
