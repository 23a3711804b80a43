/** A value of a record by the name of its field, also of one that it refers to: `assigned_to.name`. */
type TextOf = (field: string) => string;
type Condition = (textOf: TextOf) => boolean;

/** An encoded query as the instance reads it. */
export interface EncodedQuery {
  readonly fits: Condition;
  readonly sorted: readonly { readonly field: string; readonly isDown: boolean }[];
}

const operators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  IN: (value, wanted) => wanted.split(',').includes(value),
  'NOT IN': (value, wanted) => !wanted.split(',').includes(value),
  LIKE: (value, wanted) => value.includes(wanted),
  'NOT LIKE': (value, wanted) => !value.includes(wanted),
  STARTSWITH: (value, wanted) => value.startsWith(wanted),
  ENDSWITH: (value, wanted) => value.endsWith(wanted),
  ISEMPTY: (value) => value === '',
  ISNOTEMPTY: (value) => value !== '',
  '>=': (value, wanted) => value >= wanted,
  '<=': (value, wanted) => value <= wanted,
  '>': (value, wanted) => value > wanted,
  '<': (value, wanted) => value < wanted,
};

const PART =
  /^([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(!=|>=|<=|=|>|<|NOT IN|IN|NOT LIKE|LIKE|STARTSWITH|ENDSWITH|ISEMPTY|ISNOTEMPTY)(.*)$/s;

/**
 * One condition. Undefined for one that is invalid: the instance drops it, so that more is found than was asked for. A value
 * that begins with `javascript:` is run there; here its condition is dropped.
 */
function conditionOf(part: string, hasField: (field: string) => boolean): Condition | undefined {
  const [, field = '', operator = '', wanted = ''] = PART.exec(part) ?? [];
  const holds = operators[operator];
  if (!holds || !hasField(field) || /^javascript:/i.test(wanted)) return undefined;
  return (textOf) => holds(textOf(field).toLowerCase(), wanted.toLowerCase());
}

/** Conditions joined by `^`; one that begins with `OR` belongs to the one before it. */
function groupOf(parts: readonly string[], hasField: (field: string) => boolean): Condition {
  const all: Condition[][] = [];
  for (const part of parts) {
    const isOr = part.startsWith('OR');
    const condition = conditionOf(isOr ? part.slice(2) : part, hasField);
    if (!condition) continue;
    const last = all.at(-1);
    if (isOr && last) last.push(condition);
    else all.push([condition]);
  }
  return (textOf) => all.every((either) => either.some((condition) => condition(textOf)));
}

const ORDER = /^ORDERBY(DESC)?([a-z][a-z0-9_.]*)$/;

/**
 * Reads a query: `^` is and, `^OR` is or with the condition before, `^NQ` begins another query whose records are found, too.
 * Texts are compared without regard to letter case. Source: ServiceNow, encoded query strings and operators available for
 * filters, release australia, read 2026-11-28; what it says nothing of is our guess.
 */
export function encodedQuery(query: string, hasField: (field: string) => boolean): EncodedQuery {
  const parts = query.split('^').filter((part) => part !== '' && part !== 'EQ');
  const sorted = parts.flatMap((part) => {
    const [, down, field = ''] = ORDER.exec(part) ?? [];
    return hasField(field) ? [{ field, isDown: down !== undefined }] : [];
  });
  const groups: string[][] = [[]];
  for (const part of parts.filter((one) => !one.startsWith('ORDERBY'))) {
    if (part.startsWith('NQ')) groups.push([part.slice(2)]);
    else groups.at(-1)?.push(part);
  }
  const conditions = groups.map((group) => groupOf(group, hasField));
  return { fits: (textOf) => conditions.some((fits) => fits(textOf)), sorted };
}
