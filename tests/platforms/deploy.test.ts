import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { root } from '../../scripts/build/bundle.ts';
import type { Env } from '../../shared/core/settings.ts';
import { testSettings } from '../support/calls.ts';
import { type Recorded, type RecordingServer, startRecordingServer } from '../support/recording-server.ts';
import { runScript } from '../support/run-script.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const reroute = fileURLToPath(new URL('../support/platforms/twilio-reroute.cjs', import.meta.url));
const folder = temporaryFolder();
let server: RecordingServer | undefined;
afterEach(() => server?.close());

const deploy = (args: readonly string[], env: Env = testSettings) =>
  runScript(join(root, 'scripts/deploy.ts'), folder, args, { HOME: folder, ...env });

const secrets = Object.values(testSettings).filter((value) => /token|secret|key|^[0-9a-f]{32}$/.test(value));

describe('before anything is sent', () => {
  test('a missing setting is named, and nothing is deployed', async () => {
    server = await startRecordingServer(() => [200, {}]);
    const access = { OPENWHISK_API_HOST: server.url, OPENWHISK_API_KEY: 'a:b' };
    const { code, output } = await deploy(['receive-call', '--to', 'openwhisk'], access);
    expect(code).toBe(1);
    expect(output).toContain('! TWILIO_AUTH_TOKEN is missing');
    expect(server.requests).toEqual([]);
  });

  test.for([
    [],
    ['receive-call'],
    ['receive-call', '--to', 'nowhere'],
    ['receive-call', '--to', 'constructor'],
    ['--to', 'lambda'],
    ['studio', 'receive-call'],
  ])('a command that is not understood is answered with how it is used: %j', async (args) => {
    expect(await deploy(args)).toMatchObject({
      code: 1,
      output: expect.stringContaining('npm run deploy -- <function'),
    });
  });

  test.for(['twilio', 'lambda', 'openwhisk', 'code-engine'])(
    'a dry run says what would be done, without a value of a secret: %s',
    async (runtime) => {
      const { code, output } = await deploy(['receive-call', '--to', runtime, '--dry-run']);
      expect(code).toBe(0);
      expect(output).toMatch(/^(\$ (twilio-run|osls|wsk) |function receive-call: )/m);
      expect(output).toContain('TWILIO_AUTH_TOKEN');
      expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
    },
  );
});

describe('several functions', () => {
  const dryRun = (...args: readonly string[]) => deploy([...args, '--dry-run']);

  test('each is deployed as if it had been named alone, once, in the order in which they are named', async () => {
    const { code, output } = await dryRun('voice-fallback', 'receive-call', 'voice-fallback', '--to', 'twilio');
    expect(code).toBe(0);
    expect([...output.matchAll(/--service-name (\S+)/g)].map(([, name]) => name)).toEqual([
      'handover-voice-fallback',
      'handover-receive-call',
    ]);
  });

  test('on Lambda each is a service of its own that uses the table of all, if it uses one', async () => {
    const { code, output } = await dryRun('voice-fallback', 'call-events', '--to', 'lambda');
    expect(code).toBe(0);
    expect(output.match(/^(HANDOVER_|\$).*$/gm)).toEqual([
      'HANDOVER_LISTED=-voice-fallback',
      'HANDOVER_ONLY=-voice-fallback',
      'HANDOVER_TABLE=none',
      '$ osls deploy',
      'HANDOVER_LISTED=-call-events',
      'HANDOVER_ONLY=-call-events',
      'HANDOVER_TABLE=handover',
      '$ osls deploy',
    ]);
  });

  test('none is deployed where one of them has no table to share', async () => {
    const { HANDOVER_TABLE: _table, ...env } = testSettings;
    const { code, output } = await deploy(['voice-fallback', 'call-events', '--to', 'lambda', '--dry-run'], env);
    expect(code).toBe(1);
    expect(output).toContain('call-events needs a table that others can share');
    expect(output).not.toContain('$ osls');
  });

  test.for([
    [['receive-call', 'recieve-call', '--to', 'openwhisk'], 'there is no function recieve-call; there are '],
    [['receive-call', 'studio', '--to', 'openwhisk'], 'studio stands by itself'],
    [['receive-call', 'all', '--to', 'openwhisk'], 'all stands by itself'],
  ] as const)('what is no list of functions is refused before anything is done: %j', async ([args, said]) => {
    const { code, output } = await dryRun(...args);
    expect(code).toBe(1);
    expect(output).toContain(said);
    expect(output).not.toContain('$');
  });

  test('a fault in the settings of one keeps all of them from being deployed', async () => {
    server = await startRecordingServer(() => [200, {}]);
    const env = { ...testSettings, OPENWHISK_API_HOST: server.url, OPENWHISK_API_KEY: 'a:b', WATSON_SIP_HOST: '' };
    const { code, output } = await deploy(['voice-fallback', 'receive-call', '--to', 'openwhisk'], env);
    expect(code).toBe(1);
    expect(output).toContain('! WATSON_SIP_HOST is missing');
    expect(server.requests).toEqual([]);
  });

  test('OpenWhisk gets an action for each', async () => {
    server = await startRecordingServer(() => [200, {}]);
    const env = { ...testSettings, OPENWHISK_API_HOST: server.url, OPENWHISK_API_KEY: 'a:b' };
    const { code } = await deploy(['voice-fallback', 'receive-call', '--to', 'openwhisk'], env);
    expect(code).toBe(0);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/_/packages/handover?overwrite=true',
      '/api/v1/namespaces/_/actions/handover/voice-fallback?overwrite=true',
      '/api/v1/namespaces/_/actions/handover/receive-call?overwrite=true',
    ]);
  });

  test('where one of them fails it says which, and goes no further', async () => {
    server = await startRecordingServer(() => [500, {}]);
    const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --require ${reroute}`;
    const env = { ...testSettings, NODE_OPTIONS, FAKE_TWILIO_PORT: String(server.port) };
    const { code, output } = await deploy(['voice-fallback', 'receive-call', '--to', 'twilio'], env);
    expect(code).toBe(1);
    expect(output).toContain('twilio-run failed for voice-fallback; what was named after it was not deployed');
    expect(output.match(/--service-name/g)).toHaveLength(1);
  });
});

test("Twilio's own tool uploads a protected function and its settings", async () => {
  const sids: Readonly<Record<string, string>> = {
    Services: 'ZS',
    Environments: 'ZE',
    Functions: 'ZH',
    Versions: 'ZN',
    Builds: 'ZB',
    Variables: 'ZV',
    Deployments: 'ZD',
  };
  server = await startRecordingServer(({ method, path }) => {
    const kind = /\/(\w+)(\?.*)?$/.exec(path)?.[1] ?? '';
    if (kind === 'Status') return [200, { status: 'completed' }];
    if (method === 'GET')
      return [200, { [kind.toLowerCase()]: [], meta: { key: kind.toLowerCase(), next_page_url: null } }];
    return [201, { sid: `${sids[kind]}${'0'.repeat(32)}`, domain_name: 'handover-1234.twil.io' }];
  });
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --require ${reroute}`;
  const env = { ...testSettings, NODE_OPTIONS, FAKE_TWILIO_PORT: String(server.port) };
  const { code, output } = await deploy(['receive-call', '--to', 'twilio'], env);
  expect(output).toContain('successfully deployed');
  expect(code).toBe(0);

  const sent = (pattern: RegExp) =>
    server?.requests.filter(({ method, path }) => pattern.test(`${method} ${path}`)) ?? [];
  const [upload, ...more] = sent(/^POST .*\/Functions\/\w+\/Versions/);
  expect(more).toEqual([]);
  expect(upload?.headers['x-intended-host']).toBe('serverless-upload.twilio.com');
  expect(upload?.body).toMatch(/name="Path"\s+\/receive-call\s/);
  expect(upload?.body).toMatch(/name="Visibility"\s+protected\s/);
  const [build] = sent(/^POST .*\/Builds$/);
  expect(decodeURIComponent(build?.body ?? '')).toContain('"name":"@twilio/runtime-handler","version":"2.1.0"');
  expect(build?.body).toContain('Runtime=node22');
  const variables = new Map(
    sent(/^POST .*\/Variables$/).map(({ body }) => {
      const form = new URLSearchParams(body);
      return [form.get('Key'), form.get('Value')];
    }),
  );
  expect(variables.get('TWILIO_AUTH_TOKEN')).toBe(testSettings.TWILIO_AUTH_TOKEN);
  expect(variables.get('STUDIO_WEBHOOK_URL')).toBe(testSettings.STUDIO_WEBHOOK_URL);
  expect(variables.has('STAGE')).toBe(false);
  expect(variables.has('DESK_API_KEY')).toBe(false);
});

test('OpenWhisk gets a raw, final text action whose settings are in its environment', async () => {
  server = await startRecordingServer(() => [200, {}]);
  const access = { OPENWHISK_API_HOST: server.url, OPENWHISK_API_KEY: 'user:password' };
  const { code } = await deploy(['receive-call', '--to', 'openwhisk'], { ...testSettings, ...access });
  expect(code).toBe(0);
  const [pack, action, ...others] = server.requests;
  expect(others).toEqual([]);
  expect(pack).toMatchObject({ method: 'PUT', path: '/api/v1/namespaces/_/packages/handover?overwrite=true' });
  expect(action).toMatchObject({
    method: 'PUT',
    path: '/api/v1/namespaces/_/actions/handover/receive-call?overwrite=true',
    headers: { authorization: `Basic ${Buffer.from('user:password').toString('base64')}` },
  });
  const { exec, annotations, parameters, limits } = JSON.parse(action?.body ?? '');
  expect(exec).toMatchObject({ kind: 'nodejs:20', binary: false, main: 'main' });
  expect(annotations).toContainEqual({ key: 'raw-http', value: true });
  expect(annotations).toContainEqual({ key: 'final', value: true });
  expect(parameters).toContainEqual({ key: 'TWILIO_AUTH_TOKEN', value: testSettings.TWILIO_AUTH_TOKEN, init: true });
  expect(parameters.filter(({ init }: { init?: boolean }) => !init)).toEqual([]);
  expect(parameters.map(({ key }: { key: string }) => key)).not.toContain('STAGE');
  expect(limits.timeout).toBeGreaterThan(2_500);
});

describe('Code Engine', () => {
  const access = (url: string) => ({
    ...testSettings,
    IBMCLOUD_API_KEY: 'ibm-cloud-api-key',
    CODE_ENGINE_PROJECT_ID: 'project-1',
    IBMCLOUD_IAM_API_ENDPOINT: url,
    IBMCLOUD_CODE_ENGINE_API_ENDPOINT: `${url}/v2`,
  });
  const answering =
    (there: boolean) =>
    ({ method, path }: Recorded): readonly [number, unknown] => {
      if (path === '/identity/token') return [200, { access_token: 'token-1' }];
      if (method === 'GET') return there ? [200, { entity_tag: 'tag-1' }] : [404, {}];
      return [there ? 200 : 201, { endpoint: 'https://receive-call.example.com' }];
    };
  const shown = ({ method, path }: Recorded) => `${method} ${path}`;

  test('a new function is created with its secrets apart from its settings', async () => {
    server = await startRecordingServer(answering(false));
    const { code, output } = await deploy(['receive-call', '--to', 'code-engine'], access(server.url));
    expect(code).toBe(0);
    expect(output).toContain('reached at https://receive-call.example.com');
    expect(server.requests.map(shown)).toEqual([
      'POST /identity/token',
      'GET /v2/projects/project-1/secrets/handover-receive-call',
      'POST /v2/projects/project-1/secrets',
      'GET /v2/projects/project-1/functions/receive-call',
      'POST /v2/projects/project-1/functions',
    ]);
    const [, , secret, , made] = server.requests;
    expect(JSON.parse(secret?.body ?? '')).toEqual({
      name: 'handover-receive-call',
      format: 'generic',
      data: { TWILIO_AUTH_TOKEN: testSettings.TWILIO_AUTH_TOKEN },
    });
    expect(made?.headers.authorization).toBe('Bearer token-1');
    const body = JSON.parse(made?.body ?? '');
    expect(body).toMatchObject({ name: 'receive-call', runtime: 'nodejs-24', code_main: 'main' });
    expect(body.run_env_variables).toContainEqual({
      type: 'secret_full_reference',
      reference: 'handover-receive-call',
    });
    expect(body.run_env_variables).toContainEqual({
      type: 'literal',
      name: 'PUBLIC_BASE_URL',
      value: testSettings.PUBLIC_BASE_URL,
    });
    expect(made?.body).not.toContain(testSettings.TWILIO_AUTH_TOKEN);
    const code64 = /^data:text\/javascript;base64,(.+)$/.exec(body.code_reference)?.[1] ?? '';
    expect(Buffer.from(code64, 'base64').toString()).toContain('receive-call');
  });

  test('a function that is there is changed in the version that was read', async () => {
    server = await startRecordingServer(answering(true));
    const { code } = await deploy(['receive-call', '--to', 'code-engine'], access(server.url));
    expect(code).toBe(0);
    expect(
      server.requests
        .filter(({ method }) => method !== 'GET')
        .slice(1)
        .map(shown),
    ).toEqual([
      'PUT /v2/projects/project-1/secrets/handover-receive-call',
      'PATCH /v2/projects/project-1/functions/receive-call',
    ]);
    expect(server.requests.at(-1)?.headers).toMatchObject({
      'if-match': 'tag-1',
      'content-type': 'application/merge-patch+json',
    });
  });

  test('a refusal ends the deployment without repeating what was sent', async () => {
    server = await startRecordingServer(({ path, body }) => (path === '/identity/token' ? [200, {}] : [403, { body }]));
    const { code, output } = await deploy(['receive-call', '--to', 'code-engine'], access(server.url));
    expect(code).toBe(1);
    expect(output).toContain('was answered 403');
    expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
  });
});

test('AWS keys of whoever deploys are not handed to the functions', async () => {
  const env = { ...testSettings, AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' };
  writeFileSync(join(folder, '.env'), '');
  const { output } = await deploy(['click-to-call', '--to', 'openwhisk', '--dry-run'], env);
  expect(output).toContain('wsk action update handover/click-to-call');
  expect(output).not.toContain('AWS_SECRET_ACCESS_KEY');
});
