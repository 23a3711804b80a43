/**
 * `npm start`: installs what is missing, builds what changed, and starts the stage on the pinned Node. Plain JavaScript that
 * also runs before anything is installed. Prints `ready http://localhost:PORT` when the stage can be used; ends with its
 * exit code.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installRoot, installWeb, pinnedNode, root } from './install.mjs';

/** Everything that bundles are made of. */
const sources = ['functions', 'shared', 'scripts/build', 'scripts/build.ts', 'package-lock.json'];

const PARENT_CHECK_MS = 250;

function newestMs(path) {
  const about = statSync(path);
  if (!about.isDirectory()) return about.mtimeMs;
  return Math.max(about.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** Builds unless the bundles are newer than all that they are made of. Throws when it fails. */
function buildWhatChanged() {
  const built = join(root, 'dist', 'bundles.json');
  const isNew = (source) => newestMs(join(root, source)) > statSync(built).mtimeMs;
  if (existsSync(built) && !sources.some(isNew)) return;
  console.log('building');
  const { status } = spawnSync(pinnedNode(), [join(root, 'scripts/build.ts'), 'functions'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the build failed');
}

/** What the web chat in the page is made of. Without it all but that works, and the page says so. */
function installWhatThePageShows() {
  try {
    installWeb();
  } catch (error) {
    console.error(`${error.message}; the stage starts without its web chat`);
  }
}

function startStage() {
  const stage = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', 'stage/main.ts'], {
    cwd: root,
    // The channel tells the stage when we are gone, however we went.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const stop = () => stage.kill('SIGTERM');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  // npm ends its shell but not what runs in it: when our parent is another one, nobody waits for us any more.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || stop(), PARENT_CHECK_MS).unref();
  stage.on('exit', (code) => process.exit(code ?? 1));
}

try {
  installRoot();
  installWhatThePageShows();
  buildWhatChanged();
  startStage();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
