import { checkParsed, type FormFields, parseForm, parseJson } from './body.ts';
import { decode } from './decode.ts';
import type { Content, InputSpec } from './function.ts';
import { type Inbound, mediaType } from './inbound.ts';
import { Problem } from './problems.ts';

function fieldsOf(form: FormFields): Content {
  const value: Record<string, string> = Object.create(null);
  const repeated = new Set<string>();
  for (const [name, values] of form) {
    value[name] = values[0] ?? '';
    if (values.length > 1) repeated.add(name);
  }
  return { value, repeated, problem: undefined, form };
}

const nothing = new Set<string>();

/** What a platform parsed itself, held to the same rules as far as they can still be seen. */
function readFields({ media }: InputSpec<unknown>, inbound: Inbound, fields: unknown): Content {
  // Whoever holds the platform's key sends no HTTP of their own; a page could send a form without asking first.
  const isOther = inbound.trust !== 'platform-key' && mediaType(inbound) !== 'application/json';
  checkParsed(fields);
  const problem = media === 'json' && isOther ? new Problem('unsupported_media_type') : undefined;
  return { value: fields, repeated: nothing, problem };
}

/** Takes the body apart without giving it meaning. What is wrong with it is kept until the caller is known. */
export function readContent(input: InputSpec<unknown>, inbound: Inbound): Content {
  const bytes = inbound.body ?? new Uint8Array();
  const type = mediaType(inbound);
  if (input.media === 'none') return { value: undefined, repeated: nothing, problem: undefined };
  try {
    if (inbound.fields) return readFields(input, inbound, inbound.fields);
    if (type === 'application/json') {
      const { value, repeated } = parseJson(bytes);
      const named = typeof value === 'object' && value !== null && !Array.isArray(value);
      return { value, repeated, problem: named ? undefined : new Problem('invalid_json', { reason: 'not an object' }) };
    }
    if (input.media === 'form') return fieldsOf(parseForm(bytes));
    return { value: undefined, repeated: nothing, problem: new Problem('unsupported_media_type') };
  } catch (error) {
    if (error instanceof Problem) return { value: undefined, repeated: nothing, problem: error };
    throw error;
  }
}

/** Gives the body its meaning, or throws what is wrong with it. */
export function takeMeaning<In>(input: InputSpec<In>, content: Content): In {
  if (content.problem) throw content.problem;
  const forbidden = [...content.repeated].some((name) => input.names === 'ours' || input.names.includes(name));
  if (forbidden) throw new Problem('invalid_json', { reason: 'repeated name' });
  return decode(input.schema, content.value);
}
