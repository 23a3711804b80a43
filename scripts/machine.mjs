/** What the tests need from the machine and npm does not bring: a Java for DynamoDB Local, a Chromium for pages. */
import { spawnSync } from 'node:child_process';

const OLDEST_JAVA = 17;
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const says = (command, ...args) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout + stderr : undefined;
};

function hasJava() {
  const version = /version "(\d+)/.exec(says('java', '-version') ?? '')?.[1];
  return Number(version ?? 0) >= OLDEST_JAVA;
}

function missingParts() {
  const missing = [];
  if (!CHROMIUMS.some((name) => says(name, '--version') !== undefined)) missing.push('chromium');
  if (!hasJava()) missing.push('openjdk-17-jre-headless');
  return missing;
}

/**
 * Takes the Java and the Chromium that are there; installs what is missing with apt-get when we may. Throws with the one
 * command to run when we may not.
 */
export function prepareMachine() {
  const missing = missingParts();
  if (missing.length === 0) return;
  const apt = says('apt-get', '--version') !== undefined;
  if (!apt)
    throw new Error(`The tests need a Chromium and Java ${OLDEST_JAVA} on the PATH. Missing: ${missing.join(', ')}`);
  if (process.getuid?.() !== 0) {
    throw new Error(
      `Run this once: sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
  }
  console.log(`apt-get install ${missing.join(' ')}`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...missing], options);
  const stillMissing = missingParts();
  if (stillMissing.length > 0) throw new Error(`apt-get could not install ${stillMissing.join(', ')}`);
}
