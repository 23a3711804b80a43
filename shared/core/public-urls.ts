import * as v from 'valibot';
import { isPrivateHost } from './private-host.ts';
import { jsonOf, optional, readAs, required, type SettingsGroup, settings, text } from './settings.ts';

/** Where the functions are reached from outside. Every URL that is handed out and every signature check uses this. */
export interface PublicUrls {
  /** The full URL of a function, without a query. */
  of(functionName: string): string;
}

/** Scheme, host and perhaps a path, spelled plainly: Twilio's signature is over every letter of it. */
const PLAIN_URL = /^https?:\/\/[^\s/?#@\\]+(\/[^\s?#\\]*)?$/;

/** What is left of a URL without its connection overrides (`#rc=2`); undefined when nobody could reach it. */
function publicUrl(value: string, isLocal: boolean): string | undefined {
  const bare = value.replace(/#.*$/s, '');
  if (!PLAIN_URL.test(bare) || !URL.canParse(bare)) return undefined;
  const { protocol, hostname } = new URL(bare);
  return isLocal || (protocol === 'https:' && !isPrivateHost(hostname)) ? bare : undefined;
}

const shape = settings({
  STAGE: optional(v.picklist(['local', 'production']), 'production', {
    is: 'local allows http and private addresses; production refuses them',
  }),
  PUBLIC_BASE_URL: required(text(), {
    is: 'https URL under which the functions are reached from outside',
    example: 'https://handover.example.com',
  }),
  FUNCTION_URLS: optional(
    jsonOf(v.record(v.string(), v.string())),
    {},
    {
      is: 'JSON, function name to full https URL, where a function has a host of its own',
    },
  ),
});

/** `STAGE`, `PUBLIC_BASE_URL` and `FUNCTION_URLS`, as `urls`. */
export const publicUrls: SettingsGroup<{ readonly STAGE: 'local' | 'production'; readonly urls: PublicUrls }> = readAs(
  shape,
  (env, faults) => {
    const before = faults.length;
    const { STAGE, PUBLIC_BASE_URL, FUNCTION_URLS } = shape.read(env, faults);
    if (faults.length > before) return undefined as never;
    const isLocal = STAGE === 'local';
    const base = publicUrl(PUBLIC_BASE_URL, isLocal)?.replace(/\/+$/, '');
    if (base === undefined)
      faults.push('PUBLIC_BASE_URL is malformed (a public https URL; http or private only with STAGE=local)');
    const own = new Map<string, string>();
    for (const [name, value] of Object.entries(FUNCTION_URLS)) {
      const url = publicUrl(value, isLocal);
      // Kept to the letter, slash at the end included, but for the empty path, which is requested as a slash.
      if (url !== undefined) own.set(name, /^https?:\/\/[^/]+$/.test(url) ? `${url}/` : url);
      else faults.push('FUNCTION_URLS is malformed (full public https URLs; http or private only with STAGE=local)');
    }
    return { STAGE, urls: { of: (name) => own.get(name) ?? `${base}/${name}` } };
  },
);

/** The same where nothing but a part of the work depends on them: `urls` is undefined without `PUBLIC_BASE_URL`. */
export const optionalPublicUrls: SettingsGroup<{ readonly urls: PublicUrls | undefined }> = {
  get infos() {
    return publicUrls.infos.map((info) => ({ ...info, optional: true }));
  },
  read: (env, faults) => ({ urls: env.PUBLIC_BASE_URL ? publicUrls.read(env, faults)?.urls : undefined }),
};
