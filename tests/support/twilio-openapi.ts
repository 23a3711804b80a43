import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A REST request to Twilio as it goes over the wire; the host is Twilio's, also when it was sent elsewhere. */
export interface TwilioRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** The form. */
  readonly body: string;
}

interface Validate {
  (value: unknown): boolean;
  readonly errors?:
    | readonly { readonly instancePath: string; readonly message?: string; readonly params: object }[]
    | null;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly pattern?: string };
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
  readonly 'x-twilio'?: { readonly conditional?: readonly (readonly string[])[] };
}

interface Spec {
  readonly components: { readonly schemas: object };
  readonly paths: Readonly<
    Record<string, { readonly servers: readonly { readonly url: string }[] } & Readonly<Record<string, Operation>>>
  >;
}

const platforms = path.resolve(import.meta.dirname, '../../platforms/node_modules');
const load = createRequire(path.join(platforms, 'here.cjs'));
const folder = path.join(platforms, '@twilio/cli-core/src/services/twilio-api');

/** The specifications that Twilio publishes for one host, from the package of its own command line. */
function specsOf(host: string): Spec[] {
  const product = host.replace(/\.twilio\.com$/, '').replace(/^flex-api$/, 'flex');
  return readdirSync(folder)
    .filter((name) => name.startsWith(`twilio_${product}_`) && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
}

const NO_FORM = { type: 'object' };

const loaded = new Map<string, Spec[]>();

function patternOf(template: string, parameters: readonly Parameter[]): RegExp {
  const source = template.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return part.replace(/[.]/g, '\\.');
    const own = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema.pattern;
    return `(?:${own?.replace(/^\^|\$$/g, '') ?? '[^/]+'})`;
  });
  return new RegExp(`^${source.join('')}$`);
}

function operationOf({ method, host, path: asked }: TwilioRequest): { spec: Spec; operation: Operation } | undefined {
  const specs = loaded.get(host) ?? specsOf(host);
  loaded.set(host, specs);
  const sought = asked.split('?', 1)[0] ?? '';
  for (const spec of specs) {
    for (const [template, item] of Object.entries(spec.paths)) {
      const operation = item[method.toLowerCase()];
      if (!operation || !item.servers.some(({ url }) => url === `https://${host}`)) continue;
      if (patternOf(template, operation.parameters ?? []).test(sought)) return { spec, operation };
    }
  }
  return undefined;
}

/** A schema as Ajv takes it: what may be anything is nullable without saying so. */
function readable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(readable);
  if (typeof schema !== 'object' || schema === null) return schema;
  const isAnything = 'nullable' in schema && !('type' in schema);
  const own = Object.entries(schema).filter(([name]) => !(isAnything && name === 'nullable'));
  return Object.fromEntries(own.map(([name, value]) => [name, readable(value)]));
}

const made = new WeakMap<object, Validate>();

function compiled(spec: Spec, schema: object, closed: object, options: object): Validate {
  const before = made.get(schema);
  if (before) return before;
  const Ajv = load('ajv').default;
  const ajv = new Ajv({ strict: false, logger: false, allErrors: true, ...options });
  load('ajv-formats').default(ajv);
  const validate: Validate = ajv.compile({ ...schema, components: spec.components, ...closed });
  made.set(schema, validate);
  return validate;
}

const validatorOf = (spec: Spec, schema: object): Validate =>
  compiled(spec, schema, { additionalProperties: false }, { coerceTypes: 'array' });

const faultsIn = (errors: Validate['errors']): string[] =>
  (errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);

/** Why Twilio would refuse a request by what it publishes; nothing when it would take it. */
export function openApiFaults(request: TwilioRequest): string[] {
  const found = operationOf(request);
  if (!found) return [`no such operation: ${request.method} ${request.host}${request.path}`];
  const { spec, operation } = found;
  const sent = new URLSearchParams(request.body);
  const form = Object.fromEntries(
    [...new Set(sent.keys())].map((name) => {
      const values = sent.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
  const schema = operation.requestBody?.content['application/x-www-form-urlencoded']?.schema ?? NO_FORM;
  const validate = validatorOf(spec, schema);
  const given = new Set([...sent.keys()].map((name) => name.toLowerCase()));
  const missing = (operation['x-twilio']?.conditional ?? []).filter(
    (names) => !names.some((name) => given.has(name.replaceAll('_', ''))),
  );
  const query = new URLSearchParams(request.path.split('?')[1] ?? '');
  const known = (found.operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
  return [
    ...[...query.keys()].filter((name) => !known.includes(name)).map((name) => `no parameter ${name}`),
    ...(validate(form) ? [] : faultsIn(validate.errors)),
    ...missing.map((names) => `one of ${names.join(', ')} is missing`),
  ];
}

/** What is wrong with an answer by what Twilio publishes: its status, or the form of a success. */
export function openApiAnswerFaults(
  request: Pick<TwilioRequest, 'method' | 'host' | 'path'>,
  status: number,
  body: unknown,
): string[] {
  const found = operationOf({ ...request, body: '' });
  if (!found) return [`no such operation: ${request.method} ${request.host}${request.path}`];
  const { spec, operation } = found;
  const answer = operation.responses[String(status)];
  if (!answer) return [`no answer ${status}, but ${Object.keys(operation.responses).join(', ')}`];
  const schema = answer.content?.['application/json']?.schema;
  if (!schema) return [];
  const validate = compiled({ ...spec, components: readable(spec.components) as Spec['components'] }, schema, {}, {});
  return validate(body) ? [] : faultsIn(validate.errors);
}
