import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../../scripts/build/bundle.ts';
import { deployStudio } from '../../scripts/deploy/studio.ts';
import { testSettings } from '../support/calls.ts';
import { type Recorded, startRecordingServer } from '../support/recording-server.ts';
import { openApiFaults } from '../support/twilio-openapi.ts';

const SID = 'FW00000000000000000000000000000001';
const flow = { sid: SID, webhook_url: `http://webhooks.twilio.com/v1/Accounts/AC1/Flows/${SID}` };
const settings = {
  ...testSettings,
  FLEX_WORKFLOW_SID: 'WW00000000000000000000000000000001',
  FLEX_TASK_CHANNEL: 'TC00000000000000000000000000000001',
};

async function deployed(
  answer: (request: Recorded) => readonly [number, unknown],
  env: Readonly<Record<string, string>> = {},
  dryRun = false,
) {
  const server = await startRecordingServer(answer);
  onTestFinished(() => server.close());
  const lines: string[] = [];
  const plan = {
    env: { ...settings, TWILIO_API_BASE_URL: server.url, ...env },
    dryRun,
    say: (line: string) => lines.push(line),
  };
  const fault = await deployStudio(plan).catch((error: Error) => error.message);
  return { lines, fault, requests: server.requests };
}

const fine = ({ path }: Recorded) =>
  path.endsWith('/Validate') ? ([200, { valid: true }] as const) : ([201, flow] as const);

test('the flow is checked, then published, and the address of its webhook is said', async () => {
  const { lines, requests } = await deployed(fine, { STUDIO_WEBHOOK_URL: '' });
  expect(requests.map(({ path }) => path)).toEqual(['/v2/Flows/Validate', '/v2/Flows']);
  for (const { method, path, headers, body } of requests)
    expect(openApiFaults({ method, path, body, host: String(headers['x-twilio-host']) })).toEqual([]);
  expect(lines).toEqual([
    `published ${SID}; set STUDIO_WEBHOOK_URL=https://webhooks.twilio.com/v1/Accounts/AC1/Flows/${SID}`,
  ]);
});

test('a flow that the settings name is changed, not made again', async () => {
  const { requests } = await deployed(fine);
  expect(requests.map(({ path }) => path)).toEqual(['/v2/Flows/Validate', `/v2/Flows/${SID}`]);
  for (const { method, path, headers, body } of requests)
    expect(openApiFaults({ method, path, body, host: String(headers['x-twilio-host']) })).toEqual([]);
});

test('a flow that Twilio does not take is not published, and what is wrong with it is said', async () => {
  const errors = [{ property_path: '#/states/3/transitions', message: 'no such widget' }];
  const { requests, fault } = await deployed(() => [400, { code: 20001, message: 'Invalid', details: { errors } }]);
  expect(fault).toContain('Twilio does not take the flow');
  expect(fault).toContain('#/states/3/transitions no such widget');
  expect(requests).toHaveLength(1);
  for (const body of [{}, [], 'no', { details: { errors: 'no' } }, { valid: false }])
    expect((await deployed(() => [400, body])).fault).toContain('Twilio does not take the flow');
  expect((await deployed(() => [200, { valid: false }])).requests.map(({ path }) => path)).not.toContain('/v2/Flows');
});

test('a dry run sends nothing, writes the flow for an import by hand, and says what is missing', async () => {
  const { lines, requests } = await deployed(fine, {}, true);
  expect(requests).toEqual([]);
  expect(lines[0]).toContain('dist/studio/handover.json');
  const written = JSON.parse(readFileSync(join(root, 'dist/studio/handover.json'), 'utf8'));
  expect(written).toMatchObject({ initial_state: 'Trigger', states: expect.any(Array) });
  expect(JSON.stringify(written)).not.toContain('${');
  const none = { FLEX_WORKFLOW_SID: '', AGENT_NUMBERS: '' };
  const missing = await deployed(fine, none, true);
  expect(missing.lines[0]).toContain('! the flow cannot be filled in: FLEX_WORKFLOW_SID or AGENT_NUMBERS is missing');
  expect(missing.lines.slice(1)).toHaveLength(2);
  expect((await deployed(fine, none)).fault).toContain('FLEX_WORKFLOW_SID or AGENT_NUMBERS is missing');
});
