import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { gatherFaults } from './gather-rules.ts';

/** An element of TwiML. */
export interface TwimlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Its own text, trimmed. */
  readonly text: string;
  readonly children: readonly TwimlNode[];
}

/** What is wrong with TwiML, by Twilio's own error code. */
export interface TwimlFault {
  readonly code: number;
  readonly says: string;
}

const MOST_BYTES = 64 * 1_024;

const timing = ['timeout', 'method', 'action'];
const callback = ['statusCallback', 'statusCallbackEvent', 'statusCallbackMethod'];
const recording = ['recordingStatusCallback', 'recordingStatusCallbackEvent', 'recordingStatusCallbackMethod', 'trim'];
const detection = ['machineDetection', 'machineDetectionTimeout', 'amdStatusCallback', 'amdStatusCallbackMethod'];

/** The elements that the voice engine plays, with the attributes that Twilio knows for them. Source: twilio-node 6.2.0. */
const known: Readonly<Record<string, readonly string[]>> = {
  Response: [],
  Say: ['voice', 'language', 'loop'],
  Play: ['loop', 'digits'],
  Pause: ['length'],
  Gather: [
    ...['input', 'finishOnKey', 'numDigits', 'speechTimeout', 'maxSpeechTime', 'language', 'hints', 'profanityFilter'],
    ...['actionOnEmptyResult', 'bargeIn', 'debug', 'dtmfDetection', 'enhanced', 'speechModel'],
    ...['partialResultCallback', 'partialResultCallbackMethod', ...timing],
  ],
  Dial: [
    ...['answerOnBridge', 'callerId', 'hangupOnStar', 'record', 'referMethod', 'referUrl', 'ringTone', 'sequential'],
    ...['timeLimit', 'recordingTrack', ...recording, ...timing],
  ],
  Number: ['url', 'method', 'sendDigits', 'byoc', ...callback, ...detection],
  Sip: ['url', 'method', 'username', 'password', ...callback, ...detection],
  Client: ['url', 'method', ...callback],
  Redirect: ['method'],
  Enqueue: ['workflowSid', 'waitUrl', 'waitUrlMethod', 'maxQueueSize', 'action', 'method'],
  Task: ['priority', 'timeout'],
  Record: ['finishOnKey', 'maxLength', 'playBeep', 'transcribe', 'transcribeCallback', ...recording, ...timing],
  Hangup: [],
  Reject: ['reason'],
  Leave: [],
};

type Parsed = Readonly<Record<string, unknown>>;

function nodeOf(parsed: Parsed): TwimlNode | undefined {
  const name = Object.keys(parsed).find((key) => key !== ':@' && key !== '#text' && !key.startsWith('?'));
  if (name === undefined) return undefined;
  const inside = parsed[name] as readonly Parsed[];
  return {
    name,
    attributes: (parsed[':@'] ?? {}) as Readonly<Record<string, string>>,
    text: inside
      .flatMap((part) => ('#text' in part ? [String(part['#text'])] : []))
      .join('')
      .trim(),
    children: inside.flatMap((part) => nodeOf(part) ?? []),
  };
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true, // else `&#34;` stays as it is
});

/** What Twilio would write into its debugger about a document: elements, attributes and values that it does not know. */
function schemaFaults({ name, attributes, children }: TwimlNode): readonly TwimlFault[] {
  const names = known[name];
  const unknown = names
    ? Object.keys(attributes)
        .filter((attribute) => !names.includes(attribute))
        .map((attribute) => `${name} has no attribute ${attribute}`)
    : [`there is no element ${name}`];
  return [
    ...unknown.map((says) => ({ code: 12200, says })),
    ...(name === 'Gather' ? gatherFaults(attributes) : []),
    ...children.flatMap(schemaFaults),
  ];
}

/** Reads TwiML. Without `verbs` it cannot be played; faults beside verbs are warnings. */
export function readTwiml(text: string): {
  readonly verbs: readonly TwimlNode[] | undefined;
  readonly faults: readonly TwimlFault[];
} {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return { verbs: undefined, faults: [{ code: 11750, says: 'the document is larger than 64 kB' }] };
  }
  const valid = XMLValidator.validate(text);
  if (valid !== true) return { verbs: undefined, faults: [{ code: 12100, says: valid.err.msg }] };
  const root = (parser.parse(text) as readonly Parsed[]).flatMap((part) => nodeOf(part) ?? [])[0];
  if (root?.name !== 'Response') {
    return { verbs: undefined, faults: [{ code: 12100, says: 'the root element is not Response' }] };
  }
  return { verbs: root.children, faults: schemaFaults(root) };
}
