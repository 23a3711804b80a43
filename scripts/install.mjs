/**
 * Installs what is missing, for `npm start` and `npm test`. Plain JavaScript without dependencies: it runs on whatever Node
 * is there, before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The first Node that runs TypeScript without a flag; the pinned one does. */
const OLDEST_NODE = [22, 18];

/** @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }> | undefined} */
function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : undefined;
}

/**
 * Whether `node_modules` of a folder holds what its lock file says. npm writes down what it installed; what is optional may
 * be missing, because it is for another machine.
 */
export function isInstalled(folder) {
  const wanted = packagesOf(join(folder, 'package-lock.json')) ?? {};
  const there = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
  return (
    there !== undefined &&
    Object.entries(wanted).every(
      ([path, { version, optional, link }]) =>
        path === '' || link || (there[path]?.version ?? (optional ? version : undefined)) === version,
    )
  );
}

/** Installs a folder's packages when they are missing or stale. */
function install(folder) {
  if (isInstalled(folder)) return;
  console.log(`npm install in ${folder}`);
  // Without our own .bin: npm must not run on the Node that it is about to remove.
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(root));
  // Not npm ci: it refuses a lock file without the optional packages of other machines. This takes the same versions from
  // it and writes nothing back. No package needs its install script, and one that runs may find our Node half written.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: path.join(delimiter) },
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm install failed in ${folder}`);
}

/** What the functions, the stage and the tests are made of. */
export function installRoot() {
  install(root);
}

/** The platforms' own tools. */
export function installPlatforms() {
  install(join(root, 'platforms'));
}

/** What the browser parts are built from. */
export function installWeb() {
  install(join(root, 'web'));
}

/** The real web chat that tests put the service desk into. */
export function installWebChat() {
  install(join(root, 'web/carbon-ai-chat'));
}

/** The Node that runs everything else: the pinned one, or the one we run on where none is pinned for this machine. */
export function pinnedNode() {
  const pinned = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(pinned)) return pinned;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return process.execPath;
  throw new Error(
    `Node ${OLDEST_NODE.join('.')} or newer is needed here: none is pinned for ${process.platform} ${process.arch}`,
  );
}

/** Runs a script of the project on the pinned Node and throws when it fails. */
export function runScript(script, ...args) {
  const { status } = spawnSync(pinnedNode(), [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`${script} failed`);
}
