import { isPrivateHost } from './private-host.ts';
import { optional, readAs, required, type SettingsGroup, settings, text } from './settings.ts';

interface UrlOptions {
  readonly is: string;
  readonly example?: string;
}

/** Whether a partner may be reached there: what customers say travels in clear only where nobody outside can listen. */
export function isPartnerUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  if (url.username || url.password || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isPrivateHost(url.hostname));
}

function checked<Name extends string, T extends string | undefined>(
  name: Name,
  group: SettingsGroup<{ readonly [N in Name]: T }>,
): SettingsGroup<{ readonly [N in Name]: T }> {
  return readAs(group, (env, faults) => {
    const values = group.read(env, faults);
    const url = values[name];
    if (url !== undefined && !isPartnerUrl(url))
      faults.push(`${name} is malformed (an https URL without credentials; http only to a private address)`);
    return values;
  });
}

/** A setting that says where a partner is reached: https, or http to a private address. */
export function partnerUrl<Name extends string>(
  name: Name,
  options: UrlOptions,
): SettingsGroup<{ readonly [N in Name]: string }> {
  return checked(name, settings({ [name]: required(text(), options) }) as SettingsGroup<never>);
}

/** The same, for a partner that need not be there or has an address that everybody knows. */
export function optionalPartnerUrl<Name extends string, const D extends string | undefined>(
  name: Name,
  fallback: D,
  options: UrlOptions,
): SettingsGroup<{ readonly [N in Name]: string | D }> {
  return checked(name, settings({ [name]: optional(text(), fallback, options) }) as SettingsGroup<never>);
}
