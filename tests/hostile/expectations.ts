import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { StageEvent } from '../../stage/events.ts';
import type { Expectation } from './corpus.ts';
import { type Effects, effectsOf } from './effects.ts';

/** What came back for one delivery. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ms: number;
}

/** Everything that was seen of one input. */
export interface Observed {
  readonly function: string;
  readonly answers: readonly Answer[];
  /** What went between the functions and the partners from the first delivery to the last answer. */
  readonly events: readonly StageEvent[];
  /** The effects of the first delivery alone. */
  readonly firstEffects: Effects;
  readonly logLines: readonly string[];
  /** TwiML that somebody in a call placed meanwhile may hear; looked up only where an expectation is about it. */
  readonly heard: readonly string[];
}

const quoted = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** The query of the URL of a `<Redirect>`, decoded; undefined when there is none. */
function redirectQuery(twiml: string): URLSearchParams | undefined {
  const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false });
  const response: unknown = Object(parser.parse(twiml)).Response;
  const redirect: unknown = Object(response).Redirect;
  return typeof redirect === 'string' && URL.canParse(redirect) ? new URL(redirect).searchParams : undefined;
}

/** All that the flow may read. */
const FLOW_NAMES = ['FlowEvent', 'SessionHistoryKey', 'HandoverId', 'HandoverReason', 'HandoverError'];

function redirectFaults(expected: Expectation, body: string): string[] {
  if (!expected.redirectQuery && !expected.redirectQueryAbsent) return [];
  const query = redirectQuery(body);
  if (!query) return ['there is no <Redirect> with a URL'];
  const wrong = Object.entries(expected.redirectQuery ?? {})
    .filter(([name, values]) => query.getAll(name).join('\n') !== values.join('\n'))
    .map(([name]) => `${name} in the redirect is ${quoted(query.getAll(name).join(' and '))}`);
  const present = (expected.redirectQueryAbsent ?? [])
    .filter((name) => query.has(name))
    .map((name) => `${name} must not be in the redirect`);
  const strange = [...query.keys()]
    .filter((name) => !FLOW_NAMES.includes(name) || query.getAll(name).length > 1)
    .map((name) => `the flow may not read ${quoted(name)}, or not twice`);
  return [...wrong, ...present, ...strange];
}

function tokenFaults({ jwt }: Expectation, { status, body }: Answer, serviceSid: string | undefined): string[] {
  if (!jwt || status !== 200) return [];
  const token: unknown = Object(JSON.parse(body)).token;
  if (typeof token !== 'string') return ['there is no token'];
  const claims = Object(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
  const grants = Object(claims.grants);
  const ttl = claims.exp - (claims.iat ?? claims.nbf);
  const faults: string[] = [];
  if (!(ttl > 0 && ttl <= jwt.maxTtl)) faults.push(`the token lives ${ttl} s`);
  if (typeof grants.identity !== 'string' || jwt.identityNot.includes(grants.identity)) {
    faults.push(`the token is for ${quoted(String(grants.identity))}`);
  }
  const others = Object.keys(grants).filter((name) => !jwt.grantsOnly.includes(name));
  if (others.length > 0) faults.push(`the token also grants ${others.join(', ')}`);
  if (Object(grants.chat).service_sid !== serviceSid) faults.push('the token is for another service');
  return faults;
}

function bodyFaults(expected: Expectation, body: string): string[] {
  const missing = (expected.bodyIncludes ?? []).filter((text) => !body.includes(text));
  const present = (expected.bodyExcludes ?? []).filter((text) => body.includes(text));
  const any = expected.bodyIncludesAny;
  return [
    ...missing.map((text) => `${quoted(text)} is missing in ${quoted(body)}`),
    ...present.map((text) => `${quoted(text)} must not be in ${quoted(body)}`),
    ...(any && !any.some((text) => body.includes(text))
      ? [`none of ${any.map(quoted).join(', ')} is in the body`]
      : []),
  ];
}

function headerFaults(expected: Expectation, headers: Answer['headers']): string[] {
  const faults: string[] = [];
  if (expected.contentType && !headers['content-type']?.startsWith(expected.contentType)) {
    faults.push(`the content type is ${headers['content-type']}`);
  }
  for (const [name, value] of Object.entries(expected.headersPresent ?? {})) {
    const there = headers[name.toLowerCase()];
    if (!there?.includes(value)) faults.push(`${name} is ${there === undefined ? 'missing' : quoted(there)}`);
  }
  for (const name of expected.headersAbsent ?? []) {
    if (headers[name.toLowerCase()] !== undefined) faults.push(`${name} must not be there`);
  }
  return faults;
}

function answerFaults(expected: Expectation, answer: Answer, serviceSid: string | undefined): string[] {
  const { status, headers, body, ms } = answer;
  const faults: string[] = [];
  if (expected.status && !expected.status.includes(status)) {
    faults.push(`the status is ${status}, not ${expected.status.join(' or ')}: ${quoted(body)}`);
  }
  if (expected.wellFormedXml && XMLValidator.validate(body) !== true) faults.push('the body is no well-formed XML');
  if (expected.maxBytes !== undefined && Buffer.byteLength(body) > expected.maxBytes) {
    faults.push(`the body has ${Buffer.byteLength(body)} bytes`);
  }
  if (expected.maxMs !== undefined && ms > expected.maxMs) faults.push(`the answer took ${Math.round(ms)} ms`);
  return [
    ...faults,
    ...headerFaults(expected, headers),
    ...bodyFaults(expected, body),
    ...redirectFaults(expected, body),
    ...tokenFaults(expected, answer, serviceSid),
  ];
}

function twimlFaults({ twimlExcludes = [] }: Expectation, { answers, heard }: Observed): string[] {
  const answered = answers
    .filter(({ headers }) => headers['content-type']?.startsWith('text/xml'))
    .map(({ body }) => body);
  const holds = (text: string) => [...answered, ...heard].some((twiml) => twiml.includes(text));
  return twimlExcludes.filter(holds).map((text) => `TwiML holds ${quoted(text)}`);
}

/** What no answer may tell, whatever was asked: where it runs, what it is made of, what it knows. */
const INSIDES = /node_modules|\bat \S+ \(|\.ts:\d|127\.0\.0\.1|-secret-0123456789|-key-0123456789|0123456789abcdef/;

function effectFaults(expected: Expectation, { events, firstEffects, ...observed }: Observed): string[] {
  const effects = effectsOf(observed.function, events);
  const { twilioWritesMax, ...exact } = expected.effects ?? {};
  const faults: string[] = [];
  for (const [name, count] of Object.entries(exact) as [keyof Effects, number | string][]) {
    const wanted = count === 'same as one delivery' ? firstEffects[name] : count;
    if (effects[name] !== wanted) faults.push(`${name} is ${effects[name]}, not ${wanted}`);
  }
  if (twilioWritesMax !== undefined && effects.twilioWrites > twilioWritesMax) {
    faults.push(`twilioWrites is ${effects.twilioWrites}, more than ${twilioWritesMax}`);
  }
  const toTwilio = events.filter(({ vendor, direction }) => vendor === 'twilio' && direction === 'out');
  for (const text of [...(expected.twilioRequestExcludes ?? []), ...(expected.twimlExcludes ?? [])]) {
    const holds = ({ url, body }: StageEvent) => [url, body, ...new URLSearchParams(body).values()].join('\n');
    if (toTwilio.some((event) => holds(event).includes(text))) faults.push(`Twilio was sent ${quoted(text)}`);
  }
  return faults;
}

function repeatFaults({ sameAnswer, sameMembers = [] }: Expectation, answers: readonly Answer[]): string[] {
  const [first] = answers;
  const faults: string[] = [];
  if (sameAnswer && answers.some(({ status, body }) => status !== first?.status || body !== first.body)) {
    faults.push('the answers differ');
  }
  for (const name of sameMembers) {
    const values = new Set<string | undefined>(
      answers.map(({ body }) => JSON.stringify(Object(JSON.parse(body))[name])),
    );
    if (values.size !== 1 || values.has(undefined)) faults.push(`${name} differs or is missing`);
  }
  return faults;
}

function logFaults(expected: Expectation, { logLines, answers }: Observed): string[] {
  const log = logLines.join('\n');
  const lines = expected.logLines === undefined ? logLines.length : expected.logLines * answers.length;
  return [
    ...(logLines.length === lines ? [] : [`there are ${logLines.length} log lines, not ${lines}`]),
    ...(expected.logIncludes ?? [])
      .filter((text) => !log.includes(text))
      .map((text) => `the log lacks ${quoted(text)}`),
    ...(expected.logExcludes ?? []).filter((text) => log.includes(text)).map((text) => `the log holds ${quoted(text)}`),
  ];
}

/** Every way in which what was seen is not what must be: one sentence each. */
export function faultsOf(expected: Expectation, observed: Observed, serviceSid: string | undefined): readonly string[] {
  const { answers } = observed;
  return [
    ...answers.flatMap((answer) => answerFaults(expected, answer, serviceSid)),
    ...answers
      .filter(({ body }) => INSIDES.test(body))
      .map(({ body }) => `the answer tells of our insides: ${quoted(body)}`),
    ...twimlFaults(expected, observed),
    ...repeatFaults(expected, answers),
    ...effectFaults(expected, observed),
    ...logFaults(expected, observed),
  ];
}
