import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyFunction } from '../../shared/core/function.ts';
import { type Bundle, platformVersion, root } from './bundle.ts';
import { lambdaEntry, lambdaRole } from './lambda-list.ts';

type Named = Readonly<Record<string, unknown>>;

const writeJson = (path: string, value: unknown) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

/** The functions, roles and bundles listed by an earlier build of other functions. */
function listedBefore(outFolder: string): { functions: Named; roles: Named; bundles: Named } {
  const read = (path: string) =>
    existsSync(join(outFolder, path)) ? JSON.parse(readFileSync(join(outFolder, path), 'utf8')) : {};
  return {
    functions: read('lambda/functions.json'),
    roles: read('lambda/roles.json').Resources,
    bundles: read('bundles.json'),
  };
}

/** What Twilio installs beside the functions: exactly what it runs them on, nothing of ours. */
function twilioPackage(): Named {
  const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const handler = '@twilio/runtime-handler';
  const dependencies = { [handler]: platformVersion(handler), twilio: devDependencies.twilio };
  return { name: 'handover', version, private: true, dependencies };
}

/** Writes what is derived from the declarations and their bundles. With `keepOthers` it replaces only the entries of these. */
export function writeLists(
  outFolder: string,
  functions: readonly AnyFunction[],
  bundles: readonly Bundle[],
  keepOthers: boolean,
): void {
  const before = keepOthers ? listedBefore(outFolder) : { functions: {}, roles: {}, bundles: {} };
  const onLambda = bundles.flatMap((bundle) => {
    const fn = bundle.runtime === 'lambda' && functions.find(({ name }) => name === bundle.name);
    return fn ? [{ entry: [fn.name, lambdaEntry(fn, bundle)] as const, role: lambdaRole(fn, bundle) }] : [];
  });
  const entries = Object.fromEntries(onLambda.map(({ entry }) => entry));
  const roles = Object.fromEntries(onLambda.map(({ role }) => role));
  const listed = Object.fromEntries(bundles.map((bundle) => [bundle.path, bundle]));
  writeJson(join(outFolder, 'lambda/functions.json'), { ...before.functions, ...entries });
  writeJson(join(outFolder, 'lambda/roles.json'), { Resources: { ...before.roles, ...roles } });
  writeJson(join(outFolder, 'bundles.json'), { ...before.bundles, ...listed });
  writeJson(join(outFolder, 'package.json'), { type: 'commonjs' });
  writeJson(join(outFolder, 'twilio/package.json'), twilioPackage());
}
