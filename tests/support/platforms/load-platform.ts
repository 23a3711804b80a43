import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = path.resolve(import.meta.dirname, '../../../platforms');
const require = createRequire(path.join(folder, 'here.cjs'));

/** A module of a package in the platforms' folder, whichever kind of module it is. */
// biome-ignore lint/suspicious/noExplicitAny: its types stay in the folder that only tests and deployments install
export const loadPlatform = (name: string): Promise<any> => import(pathToFileURL(require.resolve(name)).href);
