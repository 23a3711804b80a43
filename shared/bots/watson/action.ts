import { Problem } from '../../core/problems.ts';

/**
 * What a Watson dialog asks by name, `{request: 'start_call', phone: '+15005550006', vin: 'AB 123'}`: as a dialog webhook,
 * or as the parameters of an action. The oldest form asks a gateway, `{target_hostname, target_route, query_params}`, with
 * the same in a query string. Nobody else sends these names. Sources: gitjps/chatbot_phone_handover and
 * cloud.ibm.com/docs/watson-assistant, dialog-webhooks, both read 2026-11-21.
 */
export type ActionShape = 'gateway' | 'named';

const GATEWAY_NAMES = ['target_hostname', 'target_route', 'query_params'];
/** The second is for Twilio Functions, which keep a field called `request` to themselves. */
const ACTION_NAMES = ['request', 'action'];

const MAX_QUERY = 8_000;

const has = (body: unknown, names: readonly string[]) =>
  typeof body === 'object' && body !== null && names.some((name) => Object.hasOwn(body, name));

/** Which of the forms a body has; undefined for every other body. */
export function actionShape(body: unknown): ActionShape | undefined {
  if (has(body, GATEWAY_NAMES)) return 'gateway';
  return has(body, ACTION_NAMES) ? 'named' : undefined;
}

/** What is asked, taken apart and not yet understood. */
export interface Action {
  readonly shape: ActionShape;
  /** `start_call` and the like; empty when nothing is asked. */
  readonly asked: string;
  /** Whom the gateway was to call, as it was given. */
  readonly target: string | undefined;
  /** What goes with it. Blank values and those that are neither text nor number are not there. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What a dialog writes for a variable that was never set is no value. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  return text === '' ? undefined : text;
}

/** What is wrong with what a dialog asks, for the log. */
export const malformed = (reason: string) => new Problem('invalid_request', { reason });

/** Which of two is meant cannot be known: one may be part of what the customer said. */
const DECISIVE = [...ACTION_NAMES, 'phone', 'phoneNumber'];
/** Names that the gateway's query never had. What a customer says stands in it as it is, and must not put them there. */
const NEVER_IN_QUERY = ['conversationId', 'requestId', 'at', 'accessToken'];

/** What is read elsewhere. */
const NO_PARAMETERS = [...GATEWAY_NAMES, 'accessToken'];

/** Takes an action apart. Of a name that is there twice the first counts; where it decides whom we call, it is refused. */
export function readAction(body: Readonly<Record<string, unknown>>, shape: ActionShape): Action {
  const parameters = new Map<string, string>();
  const put = (name: string, value: unknown) => {
    const text = textOf(value);
    if (text === undefined) return;
    if (!parameters.has(name)) parameters.set(name, text);
    else if (DECISIVE.includes(name)) throw malformed('a parameter twice');
  };
  const { target_hostname, query_params = '' } = body;
  if (typeof query_params !== 'string' || query_params.length > MAX_QUERY) throw malformed('query_params');
  for (const [name, value] of new URLSearchParams(query_params.replace(/^\?/, '')))
    if (!NEVER_IN_QUERY.includes(name)) put(name, value);
  for (const [name, value] of Object.entries(body)) if (!NO_PARAMETERS.includes(name)) put(name, value);
  const [named, second] = ACTION_NAMES.filter((name) => parameters.has(name));
  if (second !== undefined) throw malformed('request and action');
  const asked = parameters.get(named ?? '') ?? '';
  for (const name of ACTION_NAMES) parameters.delete(name);
  return { shape, asked, target: textOf(target_hostname), parameters };
}

const FIELD = /^[A-Za-z][\w-]{0,99}$/;
const MAX_FIELDS = 50;
const MAX_FIELD_TEXT = 1_000;

/** What the dialog has collected beside what is asked: every parameter but those that are known. */
export function collected(
  parameters: Action['parameters'],
  known: readonly string[],
): Readonly<Record<string, string>> {
  const fields = [...parameters].filter(([name]) => !known.includes(name) && FIELD.test(name));
  return Object.fromEntries(fields.slice(0, MAX_FIELDS).map(([name, text]) => [name, text.slice(0, MAX_FIELD_TEXT)]));
}
