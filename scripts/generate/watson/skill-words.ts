/** What the claim skill says and understands, in one language. */
export interface SkillWords {
  readonly language: 'en' | 'de';
  readonly description: string;
  /** Examples by intent. */
  readonly intents: Readonly<
    Record<'time' | 'claim' | 'startcall' | 'callstatus' | 'bot_capabilities', readonly string[]>
  >;
  readonly yes: readonly string[];
  readonly no: readonly string[];
  readonly topic: string;
  readonly hail: string;
  readonly otherDamage: string;
  readonly says: Readonly<Record<Sentence, string>>;
}

type Sentence =
  | 'welcome'
  | 'timeUnknown'
  | 'isItDamage'
  | 'isItHail'
  | 'yesOrNo'
  | 'whichPlate'
  | 'where'
  | 'noted'
  | 'otherDamage'
  | 'whatElse'
  | 'noCall'
  | 'whichNumber'
  | 'noNumber'
  | 'callUnknown'
  | 'noCallYet'
  | 'statusUnknown'
  | 'capabilities'
  | 'notUnderstood';

export const en: SkillWords = {
  language: 'en',
  description: 'Takes up a damage claim, and has a person call the customer who wants to talk to one.',
  intents: {
    time: ['Can you tell me the time?', 'tell me the current time', 'What time is it'],
    claim: ['I have a hail damage', 'I want to report a damage', 'my car was damaged'],
    startcall: [
      'call',
      'call an agent',
      'start a phone call',
      'phone somebody',
      'I want to talk to a person',
      'please call me',
    ],
    callstatus: ['what about my call', 'did you call me', 'nobody has called me', 'where is my call'],
    bot_capabilities: ["what's your responsibility", 'What can you do?', 'help'],
  },
  yes: ['yes', 'yep', 'exactly', 'correct', 'please do'],
  no: ['no', 'nope', 'wrong', 'not correct', 'never mind'],
  topic: 'damage claim',
  hail: 'hail',
  otherDamage: 'other',
  says: {
    welcome: "Hi. I'm Lisa. How can I help you?",
    timeUnknown: 'I cannot tell you the time at the moment.',
    isItDamage: 'You want to report a damage, is that right?',
    isItHail: 'Is it hail damage?',
    yesOrNo: 'I did not understand that. Please answer yes or no.',
    whichPlate: "What's the license plate?",
    where: 'Your license plate is <? $plate ?>. Where did it happen?',
    noted: 'I have noted hail damage to <? $plate ?> in <? $place ?>. Shall a colleague call you about it?',
    otherDamage: 'A colleague takes up any other damage. Shall a colleague call you?',
    whatElse: 'All right. What else can I do for you?',
    noCall: 'I see, nobody will call you. Just say so if you want a call later.',
    whichNumber: 'Which number shall we call? Please give it with the country code, for example +1 500 555 0006.',
    noNumber: 'That does not look like a phone number. Please give it with the country code, or say no.',
    callUnknown:
      'Something went wrong, and I cannot say whether you will be called. If your phone does not ring within two minutes, please ask again.',
    noCallYet: 'You have not asked me for a call yet. Do you want one?',
    statusUnknown: 'I cannot find out at the moment how your call stands.',
    capabilities: 'I take up hail damage, have a colleague call you, say how your call stands, and tell the time.',
    notUnderstood: "I didn't understand what you meant. Can you say it in other words?",
  },
};

export const de: SkillWords = {
  language: 'de',
  description: 'Nimmt einen Schaden auf und lässt Kunden anrufen, die mit jemandem sprechen wollen.',
  intents: {
    time: ['Wie spät ist es?', 'Sag mir die Uhrzeit', 'Wie viel Uhr ist es'],
    claim: ['Ich habe einen Hagelschaden', 'Ich möchte einen Schaden melden', 'Mein Auto ist beschädigt'],
    startcall: [
      'anrufen',
      'Rufen Sie mich an',
      'Ich möchte mit einem Menschen sprechen',
      'Ich will telefonieren',
      'Bitte um Rückruf',
    ],
    callstatus: ['Was ist mit meinem Anruf', 'Haben Sie mich angerufen', 'Niemand hat mich angerufen'],
    bot_capabilities: ['Was kannst du?', 'Wofür bist du zuständig', 'Hilfe'],
  },
  yes: ['ja', 'jawohl', 'genau', 'stimmt', 'gerne'],
  no: ['nein', 'nö', 'falsch', 'stimmt nicht', 'doch nicht'],
  topic: 'Schadenmeldung',
  hail: 'Hagel',
  otherDamage: 'anderer',
  says: {
    welcome: 'Hallo, ich bin Lisa. Wie kann ich Ihnen helfen?',
    timeUnknown: 'Ich kann Ihnen die Uhrzeit gerade nicht sagen.',
    isItDamage: 'Sie möchten einen Schaden melden, ist das richtig?',
    isItHail: 'Ist es ein Hagelschaden?',
    yesOrNo: 'Das habe ich nicht verstanden. Bitte antworten Sie mit Ja oder Nein.',
    whichPlate: 'Wie lautet das Kennzeichen?',
    where: 'Ihr Kennzeichen ist <? $plate ?>. Wo ist es passiert?',
    noted: 'Ich habe einen Hagelschaden an <? $plate ?> in <? $place ?> notiert. Soll Sie jemand dazu anrufen?',
    otherDamage: 'Andere Schäden nimmt eine Kollegin oder ein Kollege auf. Soll Sie jemand anrufen?',
    whatElse: 'In Ordnung. Was kann ich sonst für Sie tun?',
    noCall: 'Gut, niemand ruft Sie an. Sagen Sie einfach Bescheid, wenn Sie später einen Anruf möchten.',
    whichNumber: 'Welche Nummer sollen wir anrufen? Bitte mit Ländervorwahl, zum Beispiel +49 30 1234567.',
    noNumber:
      'Das sieht nicht nach einer Telefonnummer aus. Bitte nennen Sie sie mit Ländervorwahl, oder sagen Sie Nein.',
    callUnknown:
      'Da ist etwas schiefgegangen, und ich kann nicht sagen, ob Sie angerufen werden. Wenn Ihr Telefon nicht in zwei Minuten klingelt, fragen Sie bitte noch einmal.',
    noCallYet: 'Sie haben mich noch nicht um einen Anruf gebeten. Möchten Sie einen?',
    statusUnknown: 'Ich kann gerade nicht herausfinden, wie es um Ihren Anruf steht.',
    capabilities:
      'Ich nehme Hagelschäden auf, lasse Sie anrufen, sage, wie es um Ihren Anruf steht, und nenne die Uhrzeit.',
    notUnderstood: 'Das habe ich nicht verstanden. Können Sie es anders sagen?',
  },
};
