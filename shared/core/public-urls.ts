import * as v from 'valibot';
import { jsonOf, optional, required, type SettingsGroup, settings, text } from './settings.ts';

/** Where the functions are reached from outside. Every URL that is handed out and every signature check uses this. */
export interface PublicUrls {
  /** The full URL of a function, without a query. */
  of(functionName: string): string;
}

const PRIVATE_HOST =
  /^(localhost|.*\.localhost|.*\.local|.*\.internal|0\.0\.0\.0|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+|\[.*\])$/i;

/** Whether a host name is a loopback, private or link-local one by its letters alone. IPv6 literals count as private. */
export function isPrivateHost(host: string): boolean {
  return PRIVATE_HOST.test(host);
}

function publicUrl(value: string, local: boolean): string | undefined {
  const bare = value.replace(/#.*$/s, '').replace(/\/+$/, '');
  if (!URL.canParse(bare)) return undefined;
  const url = new URL(bare);
  if (url.username || url.password || url.search) return undefined;
  const acceptable = local ? /^https?:$/.test(url.protocol) : url.protocol === 'https:' && !isPrivateHost(url.hostname);
  return acceptable ? bare : undefined;
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
export const publicUrls: SettingsGroup<{ readonly STAGE: 'local' | 'production'; readonly urls: PublicUrls }> = {
  infos: shape.infos,
  read(env, faults) {
    const before = faults.length;
    const { STAGE, PUBLIC_BASE_URL, FUNCTION_URLS } = shape.read(env, faults);
    if (faults.length > before) return undefined as never;
    const local = STAGE === 'local';
    const base = publicUrl(PUBLIC_BASE_URL, local);
    if (base === undefined)
      faults.push('PUBLIC_BASE_URL is malformed (a public https URL; http or private only with STAGE=local)');
    const own = new Map<string, string>();
    for (const [name, value] of Object.entries(FUNCTION_URLS)) {
      const url = publicUrl(value, local);
      if (url === undefined)
        faults.push(`FUNCTION_URLS is malformed for ${/^[a-z-]{1,40}$/.test(name) ? name : 'a function'}`);
      else own.set(name, url);
    }
    return { STAGE, urls: { of: (name) => own.get(name) ?? `${base}/${name}` } };
  },
};
