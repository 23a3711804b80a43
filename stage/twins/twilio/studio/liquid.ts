/** Values that a flow can read, by dotted name. */
export type FlowValues = Readonly<Record<string, unknown>>;

const filters: Readonly<Record<string, (value: string, argument: string, second: string) => string>> = {
  default: (value, argument) => (value === '' ? argument : value),
  url_encode: (value) => encodeURIComponent(value).replace(/%20/g, '+'),
  escape: (value) => value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  replace: (value, from, to) => (from === '' ? value : value.replaceAll(from, () => to)),
  strip: (value) => value.trim(),
  json: (value) => JSON.stringify(value),
};

function valueAt(name: string, values: FlowValues): string {
  let value: unknown = values;
  for (const part of name.split('.')) {
    value = Object.hasOwn(Object(value), part) ? (value as Record<string, unknown>)[part] : undefined;
  }
  return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The arguments of a filter, quotes taken off: `replace: ':', '.'` has two. */
const argumentsIn = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|([^\s,:"']+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );

const unquoted = (text: string) => text.trim().replace(/^(["'])(.*)\1$/s, '$2');

/**
 * Fills the `{{ … }}` of a template. The result is plain text put in place: nothing is escaped for JSON or a URL unless a
 * filter says so. A filter that the twin does not know throws, rather than filling in something else than Studio would.
 */
export function fill(template: string, values: FlowValues): string {
  return template.replace(/\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const [subject = '', ...steps] = expression.split('|');
    const named = subject.trim();
    const first = /^["']/.test(named) ? unquoted(named) : valueAt(named, values);
    return steps.reduce((value, step) => {
      const [, name = '', rest = ''] = /^\s*(\w+)\s*:?(.*)$/s.exec(step) ?? [];
      const filter = filters[name];
      if (!filter) throw new Error(`the Liquid filter ${name} is not known here`);
      const [argument = '', second = ''] = argumentsIn(rest);
      return filter(value, argument, second);
    }, first);
  });
}
