import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import callLeg from '../../functions/call-leg.ts';
import receiveCall from '../../functions/receive-call.ts';
import referHandler from '../../functions/refer-handler.ts';
import { filledFlow } from '../../scripts/deploy/filled-flow.ts';
import { legStepOf } from '../../shared/core/call/leg-step.ts';
import type { AnyFunction } from '../../shared/core/function.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { Table } from '../../shared/core/table.ts';
import { fill } from '../../stage/twins/twilio/studio/liquid.ts';
import { inboundOf, testSettings, twilioCall } from '../support/calls.ts';
import { memoryTable } from '../support/memory-table.ts';
import { redirectQuery } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';
import { openApiFaults } from '../support/twilio-openapi.ts';
import { type Flow, flowFaults } from './flow-faults.ts';

const text = readFileSync(new URL('../../studio/handover.json', import.meta.url), 'utf8');
const WW = 'WW00000000000000000000000000000001';
const env: Env = { ...testSettings, FLEX_WORKFLOW_SID: WW, FLEX_TASK_CHANNEL: 'TC00000000000000000000000000000001' };
const filled = (more: Env = {}) => filledFlow(text, { ...env, ...more }) as Flow;
const flow = filled();

const handover = 'haaaaaaaaaaaaaaaa';
const key = 'dev::latest';
const readable = ['SessionHistoryKey', 'HandoverId', 'HandoverReason', 'HandoverError'];

function started(fn: AnyFunction, table: Table = memoryTable(), more: Env = {}) {
  return startFunction({ ...fn, ports: { ...fn.ports, table: () => table } }, { FLEX_WORKFLOW_SID: WW, ...more });
}

/** Every value that the functions give a call that comes back to each widget, each function started with the same settings. */
async function emitted(): Promise<Readonly<Record<string, readonly string[]>>> {
  const sids = { AccountSid: testSettings.TWILIO_ACCOUNT_SID, CallSid: 'CA00000000000000000000000000000001' };
  const query = async (fn: AnyFunction, fields: Record<string, string>, own = '', more: Env = {}) => {
    const table = memoryTable();
    await table.contexts.tell(handover, 'bot', { sessionHistoryKey: key }, 1);
    const reply = await started(fn, table, more).call(twilioCall(fn.name, { ...sids, ...fields }, own));
    return Object.keys(redirectQuery(reply));
  };
  const closed = { BUSINESS_HOURS: '{"timeZone":"UTC","weekly":{}}' };
  const ended = `step=assistant-ended&handover=${handover}`;
  const toAssistant = [
    await query(receiveCall, { Called: 'nobody' }),
    await query(referHandler, { ReferTransferTarget: `<sip:q@h?User-to-User=${key}>` }),
    await query(callLeg, { DialCallStatus: 'busy' }, ended),
    await query(callLeg, { DialCallStatus: 'completed' }, ended),
  ].flat();
  const toPerson = [
    await query(callLeg, {}, `step=person&handover=${handover}`, closed),
    await query(callLeg, { QueueResult: 'leave' }, `step=queue-ended&handover=${handover}`),
    await query(callLeg, { QueueResult: 'error' }, `step=queue-ended&handover=${handover}`),
  ].flat();
  return { redirect_to_watson: [...new Set(toAssistant)], to_a_person: [...new Set(toPerson)] };
}

const anyKey = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'AZaz09:_-"\\{}%&'), maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'AZaz09:_-'), minLength: 500, maxLength: 520 }),
);

let given: Readonly<Record<string, readonly string[]>> = {};
beforeAll(async () => {
  given = await emitted();
});

describe('row 8: the Studio flow', () => {
  it('leads every way to a widget that is there, reaches each, and reads only what the functions give it', () => {
    expect(flowFaults(flow, given)).toEqual([]);
  });

  it('is whole without Flex, and without phones', () => {
    const noFlex = filled({ FLEX_WORKFLOW_SID: '', FLEX_TASK_CHANNEL: '' });
    expect(flowFaults(noFlex, given)).toEqual([]);
    expect(JSON.stringify(noFlex)).not.toContain('send_to_flex');
    const noPhones = filled({ AGENT_NUMBERS: '' });
    expect(flowFaults(noPhones, given)).toEqual([]);
    expect(JSON.stringify(noPhones)).not.toContain('phone_of_the_desk');
  });

  it('reads of a call that came back all that it may, and the functions give nothing else', () => {
    const read = [...text.matchAll(/widgets\.redirect_to_watson\.(\w+)/g)].map(([, name]) => name);
    expect(new Set(read)).toEqual(new Set(readable));
    expect(new Set(given.redirect_to_watson)).toEqual(new Set(['FlowEvent', ...readable]));
    expect(given.to_a_person?.filter((name) => !['FlowEvent', ...readable].includes(name))).toEqual([]);
  });

  it('has no fault that would not be found', () => {
    const changed = (name: string, change: (widget: Flow['states'][number]) => object): Flow => ({
      ...flow,
      states: flow.states.map((state) => (state.name === name ? { ...state, ...change(state) } : state)),
    });
    const way = (name: string, event: string, next?: string) =>
      changed(name, ({ transitions }) => ({
        transitions: transitions.map((one) => (one.event === event ? { event, ...(next && { next }) } : one)),
      }));
    const property = (name: string, value: object) =>
      changed(name, ({ properties }) => ({ properties: { ...properties, ...value } }));
    const broken: readonly (readonly [Flow, string])[] = [
      [
        way('redirect_to_watson', 'return', 'nowhere'),
        'redirect_to_watson leads by return to nowhere, which is not there',
      ],
      [way('to_a_person', 'fail'), 'to_a_person does not say what follows fail'],
      [way('send_to_flex', 'failedToEnqueue'), 'send_to_flex does not say what follows failedToEnqueue'],
      [way('nobody_there', 'return', 'to_a_person'), 'to_a_person is in a circle'],
      [
        changed('say_nobody', () => ({ type: 'run-function' })),
        'say_nobody is of a type that nothing here knows: run-function',
      ],
      [
        { ...flow, states: flow.states.filter(({ name }) => name !== 'say_nobody') },
        'nobody_there leads by return to say_nobody, which is not there',
      ],
      [{ ...flow, states: [...flow.states, ...flow.states.slice(-1)] }, 'say_nobody is there twice'],
      [{ ...flow, initial_state: 'x' }, 'x is not there'],
      [
        property('why_it_came_back', { input: '{{widgets.redirect_to_watson.Reason}}' }),
        'why_it_came_back reads widgets.redirect_to_watson.Reason, which nothing gives',
      ],
      [
        property('send_to_flex', { attributes: '{"from": "{{trigger.call.From}}"}' }),
        'send_to_flex reads trigger.call.From, which nothing gives',
      ],
      [
        property('nobody_there', { url: 'https://a.example/?h={{widgets.redirect_to_watson.HandoverId}}' }),
        'nobody_there puts widgets.redirect_to_watson.HandoverId into a URL as it is',
      ],
    ];
    for (const [wrong, fault] of broken) expect(flowFaults(wrong, given)).toContain(fault);
    const deaf = { ...given, redirect_to_watson: ['HandoverId', 'HandoverReason', 'HandoverError'] };
    expect(flowFaults(flow, deaf)).toContain(
      'to_a_person reads widgets.redirect_to_watson.SessionHistoryKey, which nothing gives',
    );
  });

  it('makes task attributes of any key that the functions let through, and Twilio takes their length', async () => {
    const template = String(flow.states.find(({ type }) => type === 'send-to-flex')?.properties.attributes);
    const { call } = started(referHandler);
    await fc.assert(
      fc.asyncProperty(anyKey, async (one) => {
        const target = `<sip:q@h?User-to-User=${encodeURIComponent(one)}>`;
        const values = redirectQuery(await call(twilioCall('refer-handler', { ReferTransferTarget: target })));
        const attributes = template.replace(
          /\{\{widgets\.redirect_to_watson\.(\w+)\}\}/g,
          (_, name: string) => values[name] ?? '',
        );
        expect(JSON.parse(attributes).sessionHistoryKey).toBe(values.SessionHistoryKey ?? '');
        expect(attributes.length).toBeLessThanOrEqual(1_024);
      }),
    );
  });

  it('asks our functions by URLs that every platform spells alike, and loses no key in them', async () => {
    const urls = flow.states.flatMap(({ type, properties }) =>
      type === 'add-twiml-redirect' ? String(properties.url) : [],
    );
    expect(urls).toHaveLength(3);
    const { call } = started(referHandler);
    await fc.assert(
      fc.asyncProperty(anyKey, async (one) => {
        const target = `<sip:q@h?User-to-User=${encodeURIComponent(one)}>`;
        const values = redirectQuery(await call(twilioCall('refer-handler', { ReferTransferTarget: target })));
        const asked = urls.map((url) => fill(url, { widgets: { redirect_to_watson: values } }));
        for (const url of asked) expect(new URL(url).search).toMatch(/^(\?([A-Za-z]+=[\w.-]*&?)+)?$/);
        const query = new URL(asked[1] ?? '').search.slice(1);
        expect(legStepOf(inboundOf('', { query }), 'en').told.SessionHistoryKey).toBe(values.SessionHistoryKey);
      }),
    );
  });

  it('is filled in from the settings, and says which are missing', () => {
    expect(JSON.stringify(flow)).not.toContain('${');
    const urlOf = (name: string) => flow.states.find((state) => state.name === name)?.properties.url;
    expect(urlOf('redirect_to_watson')).toBe('https://handover.example.com/receive-call');
    expect(urlOf('nobody_there')).toMatch(/^https:\/\/handover\.example\.com\/call-leg\?step=nobody&/);
    expect(() => filled({ AGENT_NUMBERS: '1', FLEX_WORKFLOW_SID: 'WW1' })).toThrow(
      /AGENT_NUMBERS is malformed.*FLEX_WORKFLOW_SID is malformed/,
    );
    expect(() => filled({ AGENT_NUMBERS: '', FLEX_WORKFLOW_SID: '' })).toThrow(
      'FLEX_WORKFLOW_SID or AGENT_NUMBERS is missing',
    );
    expect(() => filled({ FLEX_TASK_CHANNEL: '' })).toThrow('FLEX_TASK_CHANNEL is missing');
    expect(() => filledFlow(['"$', '{TWILIO_AUTH_TOKEN}"'].join(''), env)).toThrow('nothing says');
  });

  it('is what the API of Studio takes', () => {
    const body = new URLSearchParams({
      FriendlyName: 'Handover',
      Status: 'published',
      Definition: JSON.stringify(flow),
    });
    const request = { method: 'POST', host: 'studio.twilio.com', path: '/v2/Flows', body: body.toString() };
    expect(openApiFaults(request)).toEqual([]);
  });
});
