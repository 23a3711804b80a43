import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testSettings } from '../support/calls.ts';
import { openApiFaults } from '../support/twilio-openapi.ts';
import { encoded, FLEX, restApi, type Sent } from './rest-api.ts';

const text = {
  host: 'api.twilio.com',
  path: `/2010-04-01/Accounts/${testSettings.TWILIO_ACCOUNT_SID}/Messages.json`,
  form: { To: '+15005550008', From: testSettings.TWILIO_PHONE_NUMBER, Body: 'A customer waits: https://a.example/x' },
} as const;

const task = {
  host: 'taskrouter.twilio.com',
  path: `/v1/Workspaces/${FLEX.FLEX_WORKSPACE_SID}/Tasks`,
  form: { WorkflowSid: FLEX.FLEX_WORKFLOW_SID, Attributes: '{"type":"call-back","handoverId":"h1"}' },
} as const;

test('a text is taken in the form that Twilio answers, and kept', () => {
  const { post, messages } = restApi();
  const { status, body } = post(text);
  expect([status, body]).toMatchObject([201, { sid: expect.stringMatching(/^SM[0-9a-f]{32}$/), status: 'queued' }]);
  expect(messages.all()).toMatchObject([{ to: '+15005550008', body: text.form.Body }]);
});

test('a task keeps the place in line that it is given, and is shown as TaskRouter does', () => {
  const { post, engine } = restApi();
  const VirtualStartTime = new Date(engine.clock.nowMs() - 3_600_000).toISOString();
  const answer = post({ ...task, form: { ...task.form, VirtualStartTime, Priority: '2', Timeout: '600' } });
  expect(answer).toMatchObject({
    status: 201,
    body: {
      ...{ sid: expect.stringMatching(/^WT[0-9a-f]{32}$/), assignment_status: 'pending', priority: 2, timeout: 600 },
      attributes: task.form.Attributes,
      virtual_start_time: VirtualStartTime.replace(/\.\d+Z/, 'Z'),
    },
  });
  expect(engine.tasks.waiting()).toMatchObject([{ virtualStartTimeMs: Date.parse(VirtualStartTime) }]);
});

const soon = () => new Date(Date.now() + 60_000).toISOString();

test.for([
  ['a text to nobody', { ...text, form: { ...text.form, To: '' } }, 400, 21604],
  ['a text to what is no number', { ...text, form: { ...text.form, To: 'Ada' } }, 400, 21211],
  ['a text from nobody', { ...text, form: { To: text.form.To, Body: 'Hi' } }, 400, 21603],
  ['a text from a number of somebody else', { ...text, form: { ...text.form, From: '+15005550099' } }, 400, 21606],
  ['an empty text', { ...text, form: { ...text.form, Body: '' } }, 400, 21602],
  ['a text of more than 1600 characters', { ...text, form: { ...text.form, Body: 'x'.repeat(1_601) } }, 400, 21617],
  ['a task of another workspace', { ...task, path: '/v1/Workspaces/WS1/Tasks' }, 404, 20404],
  ['a task of another workflow', { ...task, form: { ...task.form, WorkflowSid: `WW${'f'.repeat(32)}` } }, 400, 20001],
  ['a task whose attributes are no object', { ...task, form: { ...task.form, Attributes: '[1]' } }, 400, 20001],
  ['a task of the future', { ...task, form: { ...task.form, VirtualStartTime: soon() } }, 400, 20001],
] as const)('%s is refused as Twilio refuses it', ([, sent, status, code]) => {
  const { post, messages, engine } = restApi();
  expect(post(sent)).toMatchObject({ status, body: { code, status } });
  expect([messages.all(), engine.tasks.all()]).toEqual([[], []]);
});

/** What the specification says nothing of: accounts, numbers, lengths, JSON in a text, times. */
const specAllows = new Set([20404, 21211, 21606, 21617]);

describe('the twin and the published specification agree', () => {
  const values: Readonly<Record<string, readonly string[]>> = {
    MessagingServiceSid: [`MG${'0'.repeat(32)}`, 'MG1'],
    StatusCallback: ['https://a.example/x', 'x'],
    ValidityPeriod: ['60', 'long'],
    SmartEncoded: ['true', 'yes'],
    ContentRetention: ['retain', 'keep'],
    RiskCheck: ['enable', 'on'],
    MaxPrice: ['0.5', 'cheap'],
    Colour: ['blue'],
  };
  const tasks: Readonly<Record<string, readonly string[]>> = {
    Priority: ['1', 'high'],
    Timeout: ['60', '1.5'],
    TaskChannel: ['voice'],
    TaskQueueSid: [`WQ${'0'.repeat(32)}`, 'WQ1'],
    VirtualStartTime: ['2026-01-01T00:00:00Z', 'yesterday'],
    Colour: ['blue'],
  };

  test.for([
    ['texts', text, values],
    ['tasks', task, tasks],
  ] as const)('about %s', ([, good, more]) => {
    const parameters = fc
      .constantFrom(...Object.keys(more))
      .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(more[name] ?? ['']))));
    const { post } = restApi();
    fc.assert(
      fc.property(fc.array(parameters, { maxLength: 4 }), (extra) => {
        const form: Sent['form'] = { ...good.form, ...Object.fromEntries(extra) };
        const { status, body } = post({ ...good, form });
        const faults = openApiFaults({ method: 'POST', host: good.host, path: good.path, body: encoded(form) });
        const refused = status >= 400 && !specAllows.has(Object(body).code);
        expect([refused, form, faults]).toEqual([faults.length > 0, form, faults]);
      }),
      { numRuns: 60 },
    );
  });
});
