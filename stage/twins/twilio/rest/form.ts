import type { TwinAnswer } from '../../../twin.ts';
import { refusal } from './errors.ts';

export type Check = (value: string) => boolean;

export const anyText: Check = () => true;
export const wholeNumber: Check = (value) => /^[+-]?\d+$/.test(value);
export const boolean: Check = (value) => value === 'true' || value === 'false';
export const verb: Check = (value) => value === 'GET' || value === 'POST';
export const uri: Check = (value) => /^https?:\/\//.test(value) && URL.canParse(value);
export const dateTime: Check = (value) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
export const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value);
export const sid =
  (prefix: string): Check =>
  (value) =>
    new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(value);

/** The parameters of one REST call. */
export interface FormRule {
  /** What each parameter must look like. Others are refused. */
  readonly fields: Readonly<Record<string, Check>>;
  /** Those that may stand several times. */
  readonly lists?: readonly string[];
  /** Those that must be there, with Twilio's own error for each. */
  readonly required?: Readonly<Record<string, readonly [code: number, message: string]>>;
  /** One of these must be there. */
  readonly oneOf?: { readonly names: readonly string[]; readonly error: readonly [code: number, message: string] };
  /** Twilio's own error for a parameter of the wrong form; 20001 for all others. */
  readonly malformed?: Readonly<Record<string, readonly [code: number, message: string]>>;
}

/** Why a form is refused; undefined when Twilio would take it. */
export function formFault(rule: FormRule, form: URLSearchParams): TwinAnswer | undefined {
  for (const [name, [code, message]] of Object.entries(rule.required ?? {})) {
    if (!form.get(name)) return refusal(400, code, message);
  }
  if (rule.oneOf && !rule.oneOf.names.some((name) => form.get(name))) return refusal(400, ...rule.oneOf.error);
  for (const name of new Set(form.keys())) {
    const check = Object.hasOwn(rule.fields, name) ? rule.fields[name] : undefined;
    if (!check) return refusal(400, 20001, `Unknown parameter ${name}`);
    const values = form.getAll(name);
    if (values.length > 1 && !rule.lists?.includes(name))
      return refusal(400, 20001, `${name} stands ${values.length} times`);
    if (!values.every(check)) {
      return refusal(400, ...(rule.malformed?.[name] ?? ([20001, `Invalid parameter ${name}`] as const)));
    }
  }
  return undefined;
}
