/**
 * `npm start`: installs what is missing, builds, and starts the stage on the pinned Node. Plain JavaScript that also runs
 * before anything is installed. Prints `ready http://localhost:PORT` when the stage can be used; ends with its exit code.
 */
import { spawn } from 'node:child_process';
import { installRoot, pinnedNode, root, runScript } from './install.mjs';

try {
  installRoot();
  runScript('scripts/build.ts');
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const stage = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', 'stage/main.ts'], {
  cwd: root,
  // The channel tells the stage when we are gone, however we went.
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stage.kill('SIGTERM'));
stage.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' ? 0 : 1)));
