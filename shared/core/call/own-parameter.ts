import type { Inbound } from '../inbound.ts';

/**
 * A parameter that we put into the query of one of our own URLs; undefined when it is missing or there twice. A platform
 * that merges query and body has it among the fields, so its name must be one that neither the partner nor the platform
 * uses: on Twilio Functions a parameter called `request` would take the place of the headers and be lost.
 */
export function ownParameter(inbound: Inbound, name: string): string | undefined {
  if (inbound.fields) {
    const value = Object.hasOwn(inbound.fields, name) ? inbound.fields[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  }
  const values = new URLSearchParams(inbound.query).getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

/**
 * Any text as a value in the query of one of our own URLs. Platforms parse a query and write it anew, and not all escape
 * alike, so what Twilio signs must hold nothing to escape.
 */
export const spelled = (text: string): string => Buffer.from(text).toString('base64url');

/** A parameter that was `spelled`. */
export function spelledParameter(inbound: Inbound, name: string): string | undefined {
  const value = ownParameter(inbound, name);
  return value === undefined ? undefined : Buffer.from(value, 'base64url').toString();
}
