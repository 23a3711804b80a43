import { type Attributes, toRawItem } from './attributes.ts';

/** A condition or an update, with `#name` for an attribute and `:name` for one of `values`. */
export interface Expression {
  readonly text: string;
  readonly values: Attributes;
}

/** What DynamoDB must be told about the names and values in a text. Every name gets an alias: many are reserved words. */
export function placeholders(text: string, values: Attributes) {
  const names = [...text.matchAll(/#(\w+)/g)].map(([alias, name]) => [alias, name ?? '']);
  const given = Object.entries(values).map(([name, value]) => [`:${name}`, value]);
  return {
    ExpressionAttributeNames: Object.fromEntries(names),
    ...(given.length > 0 ? { ExpressionAttributeValues: toRawItem(Object.fromEntries(given)) } : {}),
  };
}

/** The part of a command that makes it conditional. */
export function onlyIf({ text, values }: Expression) {
  return { ConditionExpression: text, ...placeholders(text, values) };
}

/** There is no item of this key, or something else holds. */
export function absentOr(condition: Expression | undefined): Expression {
  const absent = 'attribute_not_exists(#pk)';
  return condition ? { ...condition, text: `${absent} OR (${condition.text})` } : { text: absent, values: {} };
}
