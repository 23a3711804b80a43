import { DeployError } from './plan.ts';

const TRY_MS = 60_000;

interface Access {
  readonly apiKey: string;
  readonly projectId: string;
  readonly identityUrl: string;
  /** With the version in its path. */
  readonly url: string;
}

/** Code Engine's REST API v2, as far as functions and their secrets need it. */
export interface CodeEngineApi {
  /** Creates or replaces a secret of name and value pairs. */
  putSecret(name: string, data: Readonly<Record<string, string>>): Promise<void>;
  /** Creates or changes a function. Resolves to its address, if it has one already. */
  putFunction(name: string, parts: Readonly<Record<string, unknown>>): Promise<string | undefined>;
}

/** What the platform answers about a thing: its version, and a function's address. */
interface Thing {
  readonly entity_tag?: string;
  readonly endpoint?: string;
}

async function ask(url: string, init: RequestInit, fine: readonly number[]): Promise<{ status: number; thing: Thing }> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TRY_MS) });
  // The body of a refusal may repeat what was sent, secrets too.
  if (!fine.includes(answer.status)) throw new DeployError(`${init.method} ${url} was answered ${answer.status}`);
  return { status: answer.status, thing: (await answer.json()) as Thing };
}

/** Signs in and resolves to the API of one project. Throws `DeployError` for every answer that is not the expected one. */
export async function codeEngineApi({ apiKey, projectId, identityUrl, url }: Access): Promise<CodeEngineApi> {
  const grant = { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey };
  const { thing } = await ask(
    `${identityUrl}/identity/token`,
    { method: 'POST', body: new URLSearchParams(grant) },
    [200],
  );
  const authorization = `Bearer ${(thing as { access_token?: string }).access_token}`;
  const project = `${url}/projects/${projectId}`;

  /** Creates what is not there, else changes the version that is: by PATCH in parts, by PUT as a whole. */
  async function put(kind: string, name: string, method: 'PATCH' | 'PUT', parts: object): Promise<Thing> {
    const found = await ask(`${project}/${kind}/${name}`, { method: 'GET', headers: { authorization } }, [200, 404]);
    const there = found.status === 200;
    const type = there && method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = {
      authorization,
      'content-type': type,
      ...(there ? { 'if-match': found.thing.entity_tag ?? '*' } : {}),
    };
    const body = JSON.stringify(there ? parts : { name, ...parts });
    const to = there ? `${project}/${kind}/${name}` : `${project}/${kind}`;
    const { thing: made } = await ask(to, { method: there ? method : 'POST', headers, body }, [200, 201]);
    return made;
  }

  return {
    async putSecret(name, data) {
      await put('secrets', name, 'PUT', { format: 'generic', data });
    },
    async putFunction(name, parts) {
      return (await put('functions', name, 'PATCH', parts)).endpoint;
    },
  };
}
