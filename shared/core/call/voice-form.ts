import * as v from 'valibot';

type Fields<Name extends string> = { readonly [K in Name]: string | undefined };

function textIn(form: unknown, name: string): string | undefined {
  const value: unknown = Object.hasOwn(Object(form), name) ? Object(form)[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The named fields of a Twilio webhook. Nothing in it is refused, for a caller is waiting: a field that is empty or no
 * text counts as missing, fields with other names are ignored.
 */
export function voiceForm<const Name extends string>(
  ...names: readonly Name[]
): v.GenericSchema<unknown, Fields<Name>> {
  return v.pipe(
    v.unknown(),
    v.transform((form) => Object.fromEntries(names.map((name) => [name, textIn(form, name)])) as Fields<Name>),
  );
}
