import { expect, onTestFinished, test } from 'vitest';
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
});

test('a flow that Twilio does not take is not published', async () => {
  const { requests, fault } = await deployed(() => [400, { code: 20001 }]);
  expect(fault).toContain('Twilio does not take the flow');
  expect(requests).toHaveLength(1);
});

test('a dry run sends nothing and says what is missing', async () => {
  const { lines, requests } = await deployed(fine, { FLEX_WORKFLOW_SID: '' }, true);
  expect(requests).toEqual([]);
  expect(lines[0]).toContain('! the flow cannot be filled in: FLEX_WORKFLOW_SID is missing');
  expect(lines.slice(1)).toHaveLength(2);
  expect((await deployed(fine, { FLEX_WORKFLOW_SID: '' })).fault).toContain('FLEX_WORKFLOW_SID is missing');
});
