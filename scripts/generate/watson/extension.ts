import { plainBody } from '../../../shared/bots/plain/payloads.ts';
import { callWishes } from '../../../shared/bots/watson/call-wish.ts';
import { handoverWishes } from '../../../shared/bots/watson/handover-action.ts';
import { callRequest } from '../../../shared/core/call/call-wish.ts';
import type { AnyFunction } from '../../../shared/core/function.ts';
import { type JsonSchema, jsonSchemaOf } from '../json-schema.ts';
import { type Answer, callStands, callWished, problem, whoHasIt } from './extension-answers.ts';

/** What each parameter is, for the person who fills in a step of an action. */
const is: Readonly<Record<string, string>> = {
  action: 'What is asked. With it the answer is always 200, and `message` is a sentence to say.',
  phone: 'Number of the customer: +, country code, number.',
  conversationId: 'The id of this conversation, so that the person sees what was said: the session id.',
  topic: 'What it is about, in a few words.',
  name: 'Who the customer is.',
  language: 'Language of the customer, like de or en-US.',
  at: 'When to call, ISO 8601 with an offset; without it at once.',
  requestId: 'Of an earlier call: asks how it stands.',
  cancel: 'With requestId: cancels a call whose time has not come.',
  text: 'What the customer said last.',
  handover: 'Asks for a person.',
  reason: 'Why a person is wanted.',
  fields: 'What was collected, text by name.',
  lines: 'What was said before.',
  end: 'The customer wants the bot back.',
};

/** Proof of the caller, which an extension has settings of its own for. */
const NOT_FOR_A_STEP = ['accessToken'];

function told(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(Object(schema.properties) as Record<string, JsonSchema>)
    .filter(([name]) => !NOT_FOR_A_STEP.includes(name))
    .map(([name, property]) => [name, { ...told(property), ...(is[name] && { description: is[name] }) }]);
  return properties.length === 0 ? schema : { ...schema, properties: Object.fromEntries(properties) };
}

const json = (schema: JsonSchema, examples?: JsonSchema) => ({
  'application/json': { schema, ...(examples && { examples }) },
});

/** The operation that asks one function. It has one path, so everything it can be asked is one operation. */
function operation(
  fn: AnyFunction | undefined,
  parts: {
    readonly summary: string;
    readonly body: JsonSchema;
    readonly requests: readonly string[];
    readonly examples: Readonly<Record<string, object>>;
    readonly answers: Readonly<Record<string, Answer>>;
  },
): JsonSchema {
  const { properties, ...rest } = told(parts.body);
  // Not `request`, which means the same: Twilio Functions keep a field of that name to themselves.
  const action = { type: 'string', enum: parts.requests, description: is.action };
  const schema = { ...rest, properties: { action, ...Object(properties) } };
  const examples = Object.entries(parts.examples).map(([name, value]) => [name, { summary: name, value }]);
  const answers = Object.entries({ ...parts.answers, default: problem });
  return {
    post: {
      operationId: fn?.name,
      summary: parts.summary,
      description: `${fn?.purpose}. Answers within ${(fn?.deadlineMs ?? 0) / 1_000} s.`,
      requestBody: { required: true, content: json(schema, Object.fromEntries(examples)) },
      responses: Object.fromEntries(
        answers.map(([status, { description, schema: said }]) => [status, { description, content: json(said) }]),
      ),
    },
  };
}

const phone = '+15005550006';

/** The OpenAPI document of a custom extension for Watson, by the rules of its page build-custom-extension. */
export function watsonExtension(functions: readonly AnyFunction[]): string {
  const named = (name: string) => functions.find((fn) => fn.name === name);
  const document = {
    openapi: '3.0.3',
    info: {
      title: 'Handover',
      description: 'Calls customers who want to talk to a person, and hands conversations to people.',
      version: '1.0.0',
    },
    servers: [
      {
        url: 'https://{address}',
        variables: {
          address: {
            default: 'handover.example.com',
            description: 'Where the functions are: PUBLIC_BASE_URL without https://',
          },
        },
      },
    ],
    security: [{ bearer: [] }, { basic: [] }, { key: [] }],
    paths: {
      '/click-to-call': operation(named('click-to-call'), {
        summary: 'Call a customer, ask how a call stands, or cancel it',
        body: jsonSchemaOf(callRequest),
        requests: callWishes,
        examples: {
          'Call a customer and say what happens': { action: 'start_call', phone, topic: 'claims', language: 'en' },
          'Ask how a call stands, to say it': { action: 'call_status', requestId: 'raaaaaaaaaaaaaaaa' },
          'Call a customer': { phone, topic: 'claims', name: 'Ada', language: 'en' },
          'Ask how a call stands': { requestId: 'raaaaaaaaaaaaaaaa' },
          'Cancel a call': { requestId: 'raaaaaaaaaaaaaaaa', cancel: true },
        },
        answers: { 200: callStands, 202: callWished },
      }),
      '/pause-check': operation(named('pause-check'), {
        summary: 'Ask for a person, ask whether one answers, or take the conversation back',
        body: jsonSchemaOf(plainBody),
        requests: handoverWishes,
        examples: {
          'Ask for a person and say what happens': {
            action: 'start_handover',
            conversationId: 'session-1',
            topic: 'claims',
            language: 'en',
          },
          'Ask for a person': {
            conversationId: 'session-1',
            text: 'A person, please',
            handover: { topic: 'claims', name: 'Ada', fields: { plate: 'AB 123' } },
          },
          'Ask whether a person answers': { conversationId: 'session-1', text: 'Hello?' },
          'Take the conversation back': { conversationId: 'session-1', end: true },
        },
        answers: { 200: whoHasIt },
      }),
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'BOT_ACCESS_TOKEN' },
        basic: { type: 'http', scheme: 'basic', description: 'Any user name; BOT_ACCESS_TOKEN is the password' },
        key: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'BOT_ACCESS_TOKEN' },
      },
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
