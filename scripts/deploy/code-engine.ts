import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyFunction } from '../../shared/core/function.ts';
import type { Env } from '../../shared/core/settings.ts';
import { bundlePath, root } from '../build/bundle.ts';
import { type CodeEngineApi, codeEngineApi } from './code-engine-api.ts';
import { givenSettingsOf, type Plan, type Target } from './plan.ts';

const RUNTIME = 'nodejs-24';
/** Code in the request itself ends here; from memory of IBM's limits, not verified. */
const MAX_INLINE_BYTES = 100_000;

/** Secrets go into a secret of the project, everything else stands in the function's settings. */
function settingsOf(fn: AnyFunction, env: Env) {
  const given = givenSettingsOf([fn], env);
  const secrets = given.filter(({ secret }) => secret).map(({ name, value }) => [name, value]);
  const open = given.filter(({ secret }) => !secret);
  const secretName = `handover-${fn.name}`;
  return {
    secretName,
    secrets: Object.fromEntries(secrets) as Record<string, string>,
    variables: [
      ...open.map(({ name, value }) => ({ type: 'literal', name, value })),
      ...(secrets.length > 0 ? [{ type: 'secret_full_reference', reference: secretName }] : []),
    ],
  };
}

/** The source folder for a function whose code is too large to go along, and the command that builds it. */
function sayBuild(fn: AnyFunction, bytes: number, plan: Plan): void {
  const source = `dist/deploy/code-engine/${fn.name}`;
  mkdirSync(join(root, source), { recursive: true });
  cpSync(join(root, 'dist', bundlePath(fn, 'code-engine')), join(root, source, 'main.js'));
  writeFileSync(join(root, source, 'package.json'), JSON.stringify({ name: fn.name, main: 'main.js' }));
  const limit = MAX_INLINE_BYTES / 1_000;
  plan.say(`${fn.name} is ${Math.ceil(bytes / 1_000)} KB; ${limit} KB go along at most, so Code Engine must build it:`);
  const { variables } = settingsOf(fn, plan.env);
  const flags = variables.map((each) =>
    'reference' in each ? `--env-from-secret ${each.reference}` : `--env ${each.name}=…`,
  );
  plan.say(
    `$ ibmcloud ce fn create --name ${fn.name} --runtime ${RUNTIME} --build-source ${source} ${flags.join(' ')}`,
  );
}

async function deployOne(fn: AnyFunction, plan: Plan, api: CodeEngineApi | undefined): Promise<void> {
  const { secretName, secrets, variables } = settingsOf(fn, plan.env);
  const code = readFileSync(join(root, 'dist', bundlePath(fn, 'code-engine')));
  if (Object.keys(secrets).length > 0) {
    plan.say(`secret ${secretName}: ${Object.keys(secrets).join(' ')}`);
    await api?.putSecret(secretName, secrets);
  }
  if (code.byteLength > MAX_INLINE_BYTES) return sayBuild(fn, code.byteLength, plan);
  const open = variables.flatMap((each) => ('name' in each ? [each.name] : []));
  plan.say(`function ${fn.name}: ${RUNTIME}, dist/${bundlePath(fn, 'code-engine')}, ${open.join(' ')}`);
  const address = await api?.putFunction(fn.name, {
    runtime: RUNTIME,
    code_reference: `data:text/javascript;base64,${code.toString('base64')}`,
    code_main: 'main',
    run_env_variables: variables,
    scale_max_execution_time: Math.ceil(fn.deadlineMs / 1_000) + 1,
    managed_domain_mappings: 'local_public',
  });
  if (address) plan.say(`reached at ${address}: name it in FUNCTION_URLS`);
}

/** IBM Code Engine, by its REST API. */
export const codeEngine: Target = {
  runtime: 'code-engine',
  replacesAll: false,
  knows: ['PUBLIC_BASE_URL'],
  needs: { IBMCLOUD_API_KEY: 'API key of the IBM Cloud account', CODE_ENGINE_PROJECT_ID: 'id of the project' },
  async deploy(plan) {
    const { IBMCLOUD_API_KEY = '', CODE_ENGINE_PROJECT_ID = '' } = plan.env;
    const region = plan.env.CODE_ENGINE_REGION ?? 'us-south';
    const api = plan.dryRun
      ? undefined
      : await codeEngineApi({
          apiKey: IBMCLOUD_API_KEY,
          projectId: CODE_ENGINE_PROJECT_ID,
          identityUrl: plan.env.IBMCLOUD_IAM_API_ENDPOINT ?? 'https://iam.cloud.ibm.com',
          url: plan.env.IBMCLOUD_CODE_ENGINE_API_ENDPOINT ?? `https://api.${region}.codeengine.cloud.ibm.com/v2`,
        });
    for (const fn of plan.functions) await deployOne(fn, plan, api);
  },
};
