import type * as v from 'valibot';

/** What is read of a schema of the decoding library, which describes itself. */
interface Described {
  readonly kind: string;
  readonly type: string;
  readonly requirement?: unknown;
  readonly pipe?: readonly Described[];
  readonly wrapped?: Described;
  readonly entries?: Readonly<Record<string, Described>>;
  readonly item?: Described;
  readonly value?: Described;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
}

export type JsonSchema = Readonly<Record<string, unknown>>;

const isOptional = ({ type }: Described) => type === 'optional' || type === 'nullish';

/** What one step of a pipe adds. What is checked in code, and what comes after it, a schema cannot say. */
function ruleOf({ type, requirement }: Described, base: JsonSchema): JsonSchema {
  const count = base.type === 'array' ? 'Items' : 'Length';
  switch (type) {
    case 'regex':
      return { pattern: (requirement as RegExp).source };
    case 'min_length':
      return { [`min${count}`]: requirement };
    case 'max_length':
      return { [`max${count}`]: requirement };
    default:
      return {};
  }
}

function objectOf(entries: Readonly<Record<string, Described>>): JsonSchema {
  const names = Object.keys(entries).filter((name) => !isOptional(entries[name] as Described));
  return {
    type: 'object',
    ...(names.length === 0 ? {} : { required: names }),
    properties: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, described(entry)])),
  };
}

function described(schema: Described): JsonSchema {
  if (schema.pipe) {
    const [first, ...steps] = schema.pipe;
    const base = described(first as Described);
    return Object.assign({}, base, ...steps.map((step) => ruleOf(step, base)));
  }
  switch (schema.type) {
    case 'optional':
    case 'nullish':
      return described(schema.wrapped as Described);
    case 'object':
    case 'strict_object':
      return objectOf(schema.entries ?? {});
    case 'record':
      return { type: 'object', additionalProperties: described(schema.value as Described) };
    case 'array':
      return { type: 'array', items: described(schema.item as Described) };
    case 'literal':
      return { type: typeof schema.literal, enum: [schema.literal] };
    case 'picklist':
      return { type: 'string', enum: schema.options };
    case 'string':
    case 'number':
    case 'boolean':
      return { type: schema.type };
    default:
      throw new Error(`no JSON schema for ${schema.type}`);
  }
}

/** What a body must look like before it is decoded, in the words of OpenAPI 3.0. Throws for what these words cannot say. */
export const jsonSchemaOf = (schema: v.GenericSchema): JsonSchema => described(schema as unknown as Described);
