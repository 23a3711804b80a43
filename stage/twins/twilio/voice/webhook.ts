import type { HttpAnswer } from '../../../../shared/core/http.ts';
import { sendForm } from '../webhook-line.ts';
import type { Engine, TwimlDocument } from './engine.ts';
import type { Leg } from './leg.ts';
import { wasQuietSince } from './timeline.ts';
import { readTwiml } from './twiml.ts';

/** How long Twilio waits for a voice webhook. Source: Twilio's pages on errors 11200 and 11205, read 2026-11-21. */
const WAIT_MS = 15_000;

export type Fields = Readonly<Record<string, string>>;

/** The fields of every voice webhook of a leg. */
function fieldsOf(engine: Engine, leg: Leg): Fields {
  return {
    AccountSid: engine.env().TWILIO_ACCOUNT_SID ?? '',
    ApiVersion: '2010-04-01',
    CallSid: leg.sid,
    CallStatus: leg.status,
    Direction: leg.direction,
    From: leg.from,
    Caller: leg.from,
    To: leg.to,
    Called: leg.to,
    ...(leg.parent && { ParentCallSid: leg.parent.sid }),
    ...(leg.answeredBy && { AnsweredBy: leg.answeredBy }),
  };
}

export interface VoiceRequest {
  /** Relative to the document that named it, or whole. */
  readonly url: string;
  readonly baseUrl: string;
  readonly method: 'GET' | 'POST';
  readonly more: Fields;
  /** Which fields of a voice webhook it has besides account, call and `more`; all when absent. */
  readonly only?: readonly string[];
}

function allFields(engine: Engine, leg: Leg, { more, only }: Pick<VoiceRequest, 'more' | 'only'>): Fields {
  const fields = fieldsOf(engine, leg);
  const named = only && new Set(['AccountSid', 'CallSid', ...only]);
  return { ...Object.fromEntries(Object.entries(fields).filter(([name]) => !named || named.has(name))), ...more };
}

/** A URL as Twilio requests it: whole, without connection overrides after "#". Undefined when it cannot be parsed. */
function requestUrl(url: string, baseUrl: string): string | undefined {
  return URL.canParse(url, baseUrl) ? new URL(url, baseUrl).href.replace(/#.*$/s, '') : undefined;
}

/** Sends a signed webhook of a leg. Undefined when no answer came; a leg of before a reset asks nobody any more. */
export function sendVoiceWebhook(
  engine: Engine,
  leg: Leg,
  { url, baseUrl, method, ...about }: VoiceRequest,
): Promise<HttpAnswer | undefined> {
  const target = requestUrl(url, baseUrl);
  const isKnown = engine.legs.some(({ sid }) => sid === leg.sid);
  if (target === undefined || !isKnown) return Promise.resolve(undefined);
  const fields = allFields(engine, leg, about);
  return sendForm(engine, { url: target, method, fields, waitMs: WAIT_MS });
}

/** Asks for TwiML. Undefined, with an alert, when none came that can be played. */
async function tryForTwiml(engine: Engine, leg: Leg, request: VoiceRequest): Promise<TwimlDocument | undefined> {
  const alert = (code: number, says: string): undefined => void leg.alerts.push({ code, says });
  const url = requestUrl(request.url, request.baseUrl);
  if (url === undefined) return alert(11100, `${request.url} is not a URL`);
  const fields = { ...fieldsOf(engine, leg), ...request.more };
  let answer: Pick<HttpAnswer, 'status' | 'headers' | 'body'> | undefined;
  const askedMs = engine.clock.monotonicMs();
  try {
    answer = engine.flows.answer(url, fields) ?? (await sendVoiceWebhook(engine, leg, request));
  } catch (error) {
    return alert(81_000, `the flow cannot be run: ${String(error)}`);
  } finally {
    // Nobody says anything meanwhile.
    wasQuietSince(engine, leg, askedMs);
  }
  if (!answer) return alert(11200, `no answer from ${url}`);
  if (answer.status < 200 || answer.status > 299) return alert(11200, `${url} answered ${answer.status}`);
  const type = answer.headers['content-type'] ?? '';
  if (!/^(text|application)\/xml\b/.test(type)) return alert(12300, `${url} answered with type ${type || 'none'}`);
  const { verbs, faults } = readTwiml(answer.body);
  leg.alerts.push(...faults);
  return verbs && { url, verbs };
}

/** Asks for TwiML, and where that fails once for that of the fallback URL. */
export async function askForTwiml(engine: Engine, leg: Leg, request: VoiceRequest): Promise<TwimlDocument | undefined> {
  const document = await tryForTwiml(engine, leg, request);
  if (document || leg.fallbackUrl === undefined) return document;
  const { code = 11200 } = leg.alerts.at(-1) ?? {};
  const more = {
    ...request.more,
    ErrorCode: String(code),
    ErrorUrl: requestUrl(request.url, request.baseUrl) ?? request.url,
  };
  return tryForTwiml(engine, leg, { ...request, url: leg.fallbackUrl, method: 'POST', more });
}

/** Asks for TwiML without a way out: what a leg does when there is none, its caller decides. */
export const askOnce = tryForTwiml;
