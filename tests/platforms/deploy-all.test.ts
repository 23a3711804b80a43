import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root } from '../../scripts/build/bundle.ts';
import { readFunctions } from '../../scripts/build/functions.ts';
import { deployable } from '../../scripts/deploy/deployable.ts';
import { targets } from '../../scripts/deploy/targets.ts';
import type { Env } from '../../shared/core/settings.ts';
import { testSettings } from '../support/calls.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import { runScript } from '../support/run-script.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A build of everything, more beside other suites. */
const SLOW_MS = 120_000;

const project = temporaryFolder();
const home = temporaryFolder();

const all = (await readFunctions(join(root, 'functions'))).map(({ fn }) => fn);

/** People on the phone who speak German, and nothing of the helpdesk or of chats. */
const { BOT_ACCESS_TOKEN, BOT_IDS, DESK_API_KEY, ALLOWED_ORIGINS, ...phone } = testSettings;
const german = { ...phone, SPEECH_LANGUAGE: 'de' };
const chats = ['bot-events', 'flex-token', 'handover-push', 'pause-check'];

function chosen(env: Env, to = 'lambda', { apart = false, functions = all, dryRun = false } = {}) {
  const target = targets[to];
  if (!target) throw new Error(`there is no ${to}`);
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  try {
    const names = deployable({ functions, apart, env, dryRun, say }, target).map(({ name }) => name);
    return { names, said: lines.join('\n'), fault: undefined };
  } catch (error) {
    return { names: undefined, said: lines.join('\n'), fault: (error as Error).message };
  }
}

describe('of all functions', () => {
  test('what nobody has set up is left out, with why and what to set', () => {
    const { names, said, fault } = chosen(german);
    expect(fault).toBeUndefined();
    expect(names).toEqual(all.map(({ name }) => name).filter((name) => ![...chats, 'helpdesk-call'].includes(name)));
    expect(said).toMatch(/^- helpdesk-call is left out.*:\n {4}VOICE_BOT is missing \(rasa or watson/m);
    expect(said).toMatch(/^- flex-token is left out.*:\n {4}FLEX_CONVERSATIONS_SERVICE_SID is missing \(/m);
    expect(said).not.toMatch(/^!/m);
  });

  test('it is said that what is left out goes, on platforms where a deployment takes the place of the one before', () => {
    expect(chosen(german, 'lambda').said).toContain('taken away');
    expect(chosen({ ...german, IBMCLOUD_API_KEY: 'k', CODE_ENGINE_PROJECT_ID: 'p' }, 'code-engine').said).not.toContain(
      'taken away',
    );
  });

  test('one for which something is given that nothing else takes was meant: without the rest nothing is deployed', () => {
    const { fault, said } = chosen({ ...german, FLEX_ADDRESS_SID: 'IG00000000000000000000000000000001' });
    expect(fault).toBe('nothing was deployed: see above');
    expect(said).toMatch(/^! FLEX_CONVERSATIONS_SERVICE_SID is missing/m);
    expect(said).toContain(
      'flex-token is not left out, for something is set that nothing else takes: FLEX_ADDRESS_SID',
    );
    expect(said).toContain('- helpdesk-call is left out');
  });

  test.for([
    ['DESK', 'genesys', 'GENESYS_API_URL', 'pause-check'],
    ['DESK', 'webhook', 'DESK_WEBHOOK_SECRET', 'bot-events'],
    ['VOICE_BOT', 'rasa', 'RASA_URL', 'helpdesk-call'],
  ] as const)(
    'who chooses %s=%s and forgets %s is told so, and nothing is left out for it',
    ([choice, value, lacks, name]) => {
      const { fault, said } = chosen({ ...german, BOT_ACCESS_TOKEN: testSettings.BOT_ACCESS_TOKEN, [choice]: value });
      expect(fault).toBe('nothing was deployed: see above');
      expect(said).toContain(`! ${lacks} is missing`);
      expect(said).toContain(`  ${name} is not left out, for `);
    },
  );

  test.for([
    ['VOICE_BOT', 'helpdesk', 'SPEECH_LANGUAGE is malformed'],
    ['VOICE_BOT', 'rsaa', 'VOICE_BOT is malformed'],
    ['PUBLIC_BASE_URL', 'https://10.0.0.5', 'PUBLIC_BASE_URL is malformed'],
  ] as const)('%s that is %s is a mistake, which is not passed over', ([name, value, expected]) => {
    const { fault, said } = chosen({ ...german, STAGE: '', [name]: value });
    expect(fault).toBe('nothing was deployed: see above');
    expect(said).toContain(`! ${expected}`);
  });

  test('a key of one’s account that is missing stops everything that was set up with it', () => {
    const { fault, said } = chosen({ ...german, TWILIO_AUTH_TOKEN: '' });
    expect(fault).toBe('nothing was deployed: see above');
    expect(said).toContain('! TWILIO_AUTH_TOKEN is missing');
  });

  test('where nothing is given nothing is deployed, not even what could do without', () => {
    expect(chosen({ AWS_REGION: 'us-east-1' }).fault).toContain('nothing is deployed');
  });

  test('where nothing is given a dry run shows all, with what is missing', () => {
    const { names, said } = chosen({}, 'lambda', { dryRun: true });
    expect(names).toEqual(all.map(({ name }) => name));
    expect(said).toMatch(/^! TWILIO_AUTH_TOKEN is missing/m);
    expect(said).not.toContain('is left out');
  });
});

test('a function that is named is never left out', () => {
  const functions = all.filter(({ name }) => ['helpdesk-call', 'call-leg'].includes(name));
  const { fault, said } = chosen(german, 'lambda', { apart: true, functions });
  expect(fault).toBe('nothing was deployed: see above');
  expect(said).toMatch(/^! VOICE_BOT is missing \(rasa or watson/);
});

test('the platform gets the others, and what is left out is said again at the end', { timeout: SLOW_MS }, async () => {
  // In a copy, for a build of all takes away the one that other tests are reading.
  cpSync(root, project, { recursive: true, filter: (path) => !/[\\/](node_modules|dist|\.git|docs)$/.test(path) });
  for (const folder of ['', 'platforms', 'web'])
    symlinkSync(join(root, folder, 'node_modules'), join(project, folder, 'node_modules'));
  const server = await startRecordingServer(() => [200, {}]);
  onTestFinished(() => server.close());
  const env = { ...german, OPENWHISK_API_HOST: server.url, OPENWHISK_API_KEY: 'a:b' };
  const { code, output } = await runScript(join(project, 'scripts/deploy.ts'), home, ['all', '--to', 'openwhisk'], {
    HOME: home,
    ...env,
  });
  expect(code).toBe(0);
  const actions = server.requests.flatMap(({ path }) => /actions\/handover\/([\w-]+)/.exec(path)?.[1] ?? []);
  expect(actions).toEqual(chosen(env, 'openwhisk').names);
  expect(output).toMatch(/\nleft out, .*: .*\bhelpdesk-call\b.*\n$/);
});
