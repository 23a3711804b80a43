import { CompactSign } from 'jose/jws/compact/sign';
import { compactVerify } from 'jose/jws/compact/verify';

type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512';

const bytesOf = (key: string | Uint8Array) => (typeof key === 'string' ? new TextEncoder().encode(key) : key);

/**
 * The claims of a JWT whose signature fits the key by one of these algorithms; undefined for everything else, an empty
 * key too. Says nothing about times and audience. Never rejects.
 */
export async function verifiedClaims(
  jwt: string,
  key: string | Uint8Array,
  algorithms: readonly HmacAlgorithm[],
): Promise<unknown> {
  try {
    const { payload } = await compactVerify(jwt, bytesOf(key), { algorithms: [...algorithms] });
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}

/** A JWT with these claims, signed with HS256. `header` adds to `alg` and `typ`. */
export function signJwt(
  claims: Readonly<Record<string, unknown>>,
  key: string | Uint8Array,
  header: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ ...header, alg: 'HS256', typ: 'JWT' })
    .sign(bytesOf(key));
}
