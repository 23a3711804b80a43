import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AnyFunction } from '../../shared/core/function.ts';
import { bundlePath, root } from '../build/bundle.ts';
import { givenSettingsOf, type Plan, type Target } from './plan.ts';

interface Client {
  readonly packages: { update(options: { name: string }): Promise<unknown> };
  readonly actions: { update(options: { name: string; action: object }): Promise<unknown> };
}

const PACKAGE = 'handover';
const KIND = 'nodejs:20';
const MEMORY_MB = 256;

/**
 * Raw, so that a signature can be checked; final, so that no caller can replace a parameter; `OPTIONS` is ours to answer; no
 * key of the platform inside the action.
 */
const annotations = {
  'web-export': true,
  'raw-http': true,
  final: true,
  'web-custom-options': true,
  'provide-api-key': false,
};

/** An action as the platform's API takes it. Settings go into its environment, not into what it is invoked with. */
function actionOf(fn: AnyFunction, plan: Plan): object {
  const code = readFileSync(join(root, 'dist', bundlePath(fn, 'openwhisk')), 'utf8');
  return {
    exec: { kind: KIND, code, binary: false, main: 'main' },
    parameters: givenSettingsOf([fn], plan.env).map(({ name, value }) => ({ key: name, value, init: true })),
    annotations: Object.entries(annotations).map(([key, value]) => ({ key, value })),
    limits: { timeout: fn.deadlineMs + 1_000, memory: MEMORY_MB },
  };
}

/** The same in the words of the platform's command line. */
function command(fn: AnyFunction, plan: Plan): string {
  const settings = givenSettingsOf([fn], plan.env).map(({ name }) => `--env ${name} …`);
  const flags = [`--kind ${KIND}`, '--web raw', '--annotation final true', '--annotation web-custom-options true'];
  const limits = [`--timeout ${fn.deadlineMs + 1_000}`, `--memory ${MEMORY_MB}`];
  return [
    'wsk action update',
    `${PACKAGE}/${fn.name}`,
    `dist/${bundlePath(fn, 'openwhisk')}`,
    ...flags,
    ...limits,
    ...settings,
  ].join(' ');
}

/** Apache OpenWhisk and what descends from it, by its own client. */
export const openwhisk: Target = {
  runtime: 'openwhisk',
  replacesAll: false,
  knows: [],
  needs: { OPENWHISK_API_HOST: 'address of the platform', OPENWHISK_API_KEY: 'key of the namespace' },
  async deploy(plan) {
    const { OPENWHISK_API_HOST: apihost = '', OPENWHISK_API_KEY: api_key } = plan.env;
    const platformModules = createRequire(join(root, 'platforms/package.json'));
    const client: Client | undefined = plan.dryRun ? undefined : platformModules('openwhisk')({ apihost, api_key });
    plan.say(`$ wsk package update ${PACKAGE}`);
    await client?.packages.update({ name: PACKAGE });
    for (const fn of plan.functions) {
      plan.say(`$ ${command(fn, plan)}`);
      await client?.actions.update({ name: `${PACKAGE}/${fn.name}`, action: actionOf(fn, plan) });
    }
    plan.say(`reached at ${apihost.replace(/\/+$/, '')}/api/v1/web/<namespace>/${PACKAGE}/<function>`);
  },
};
