import { expect, test } from 'vitest';
import { deskNames, deskSettings, openDesk } from '../../shared/desks/index.ts';
import { testSettings } from '../support/calls.ts';
import { testClock } from '../support/clock.ts';
import { flexSettings } from '../support/flex-settings.ts';

const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=';

function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  const faults: string[] = [];
  deskSettings.read(env, faults);
  return faults;
}

test('a desk that nobody knows is a fault that names the choices', () => {
  expect(deskNames).toEqual(expect.arrayContaining(['flex', 'genesys', 'servicenow', 'webhook', 'stage']));
  const choices = deskNames.join(', ');
  expect(faultsOf({ DESK: 'pigeon' })).toEqual([`DESK is malformed (where people answer: ${choices})`]);
  expect(faultsOf({})).toEqual([`DESK is missing (where people answer: ${choices})`]);
});

test('only the settings of the chosen desk are asked for', () => {
  const asked = (DESK: string) => faultsOf({ DESK }).map((fault) => fault.split(' ')[0]);
  expect(asked('webhook')).toEqual(['DESK_WEBHOOK_URL', 'DESK_WEBHOOK_SECRET']);
  expect(asked('flex')).toEqual(expect.arrayContaining(['FLEX_WORKSPACE_SID', 'FLEX_WORKFLOW_SID']));
  expect(faultsOf({ DESK: 'stage', STAGE_DESK_URL: 'http://127.0.0.1:1/', STAGE_DESK_SECRET: secret })).toEqual([]);
});

test('every desk opens without a request', () => {
  const clock = testClock();
  for (const DESK of deskNames) {
    const env = {
      DESK,
      SERVICENOW_URL: 'https://example.service-now.com',
      SERVICENOW_USER: 'handover',
      SERVICENOW_PASSWORD: 'secret',
      DESK_WEBHOOK_URL: 'https://desk.example.com/',
      DESK_WEBHOOK_SECRET: secret,
      STAGE_DESK_URL: 'http://127.0.0.1:1/',
      STAGE_DESK_SECRET: secret,
      ...testSettings,
      ...flexSettings,
      GENESYS_ICWS_URL: 'https://cic.example.com',
      DESK_QUEUES: '{"*":"Support"}',
    };
    expect(openDesk({ settings: deskSettings.read(env, []), clock })).toMatchObject({ open: expect.any(Function) });
  }
});
