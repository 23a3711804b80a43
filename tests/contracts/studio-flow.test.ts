import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import callLeg from '../../functions/call-leg.ts';
import receiveCall from '../../functions/receive-call.ts';
import referHandler from '../../functions/refer-handler.ts';
import { filledFlow } from '../../scripts/deploy/filled-flow.ts';
import type { AnyFunction } from '../../shared/core/function.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { redirectQuery } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';
import { openApiFaults } from '../support/twilio-openapi.ts';

interface Widget {
  readonly name: string;
  readonly type: string;
  readonly transitions: readonly { readonly event: string; readonly next?: string }[];
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Flow {
  readonly states: readonly Widget[];
  readonly initial_state: string;
}

const text = readFileSync(new URL('../../studio/handover.json', import.meta.url), 'utf8');
const env = {
  ...testSettings,
  FLEX_WORKFLOW_SID: 'WW00000000000000000000000000000001',
  FLEX_TASK_CHANNEL: 'TC00000000000000000000000000000001',
};
const flow = filledFlow(text, env) as Flow;

/** The ways out that each type of widget has. Those that end well may lead nowhere. */
const waysOut: Readonly<Record<string, { readonly must: readonly string[]; readonly may: readonly string[] }>> = {
  trigger: {
    must: ['incomingCall'],
    may: ['incomingMessage', 'incomingConversationMessage', 'incomingRequest', 'incomingParent'],
  },
  'add-twiml-redirect': { must: ['return', 'timeout', 'fail'], may: [] },
  'split-based-on': { must: [], may: ['noMatch', 'match'] },
  'send-to-flex': { must: ['failedToEnqueue', 'callFailure'], may: ['callComplete'] },
  'connect-call-to': { must: ['callCompleted'], may: ['hangup'] },
  'say-play': { must: [], may: ['audioComplete'] },
};

const readable = ['SessionHistoryKey', 'HandoverId', 'HandoverReason', 'HandoverError'];

/** Every value that the functions give a call that comes back, each function started with the same settings. */
async function emitted(): Promise<Set<string>> {
  const sids = { AccountSid: testSettings.TWILIO_ACCOUNT_SID, CallSid: 'CA00000000000000000000000000000001' };
  const query = async (fn: AnyFunction, fields: Record<string, string>, own = '') =>
    Object.keys(redirectQuery(await startFunction(fn).call(twilioCall(fn.name, { ...sids, ...fields }, own))));
  const names = [
    await query(receiveCall, { Called: 'nobody' }),
    await query(referHandler, { ReferTransferTarget: '<sip:q@h?User-to-User=k>' }),
    await query(callLeg, { DialCallStatus: 'busy' }, 'step=assistant-ended&handover=haaaaaaaaaaaaaaaa'),
  ];
  return new Set(names.flat());
}

const anyKey = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'AZaz09:_-"\\{}%&'), maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'AZaz09:_-'), minLength: 500, maxLength: 520 }),
);

describe('the Studio flow', () => {
  it('leads every way out of every widget to a widget that is there', () => {
    const names = flow.states.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type, transitions } of flow.states) {
      const ways = waysOut[type];
      if (!ways) throw new Error(`${name} is of a type that nothing here knows: ${type}`);
      for (const event of ways.must)
        expect(transitions.find((transition) => transition.event === event)?.next, `${name} ${event}`).toBeDefined();
      for (const { event, next } of transitions) {
        expect([...ways.must, ...ways.may], `${name} ${event}`).toContain(event);
        if (next !== undefined) expect(names, `${name} ${event}`).toContain(next);
      }
    }
  });

  it('reaches every widget from the trigger, and comes to an end on every way', () => {
    const next = (name: string) =>
      flow.states.find((state) => state.name === name)?.transitions.flatMap((way) => way.next ?? []) ?? [];
    const reach = (from: string, on: readonly string[] = []): string[] => {
      expect(on).not.toContain(from);
      return [from, ...next(from).flatMap((name) => reach(name, [...on, from]))];
    };
    expect(new Set(reach(flow.initial_state))).toEqual(new Set(flow.states.map(({ name }) => name)));
  });

  it('reads nothing of a call that came back but what the functions give it', async () => {
    const read = [...text.matchAll(/widgets\.redirect_to_watson\.(\w+)/g)].map(([, name]) => name);
    expect(new Set(read)).toEqual(new Set(readable));
    const given = await emitted();
    expect([...given].filter((name) => !['FlowEvent', ...readable].includes(name))).toEqual([]);
    expect(readable.filter((name) => !given.has(name))).toEqual([]);
    const others = [...text.matchAll(/\{\{\s*([\w.]+)/g)].map(([, name]) => name ?? '');
    const own = /^(widgets\.(redirect_to_watson|phone_of_the_desk)\.\w+|contact\.channel\.address)$/;
    expect(others.filter((name) => !own.test(name))).toEqual([]);
  });

  it('makes task attributes of any key that the functions let through, and Twilio takes their length', async () => {
    const template = String(flow.states.find(({ type }) => type === 'send-to-flex')?.properties.attributes);
    const { call } = startFunction(referHandler);
    await fc.assert(
      fc.asyncProperty(anyKey, async (key) => {
        const target = `<sip:q@h?User-to-User=${encodeURIComponent(key)}>`;
        const values = redirectQuery(await call(twilioCall('refer-handler', { ReferTransferTarget: target })));
        const filled = template.replace(
          /\{\{widgets\.redirect_to_watson\.(\w+)\}\}/g,
          (_, name: string) => values[name] ?? '',
        );
        expect(JSON.parse(filled).sessionHistoryKey).toBe(values.SessionHistoryKey ?? '');
        expect(filled.length).toBeLessThanOrEqual(1_024);
      }),
    );
  });

  it('is filled in from the settings, and says which are missing', () => {
    expect(JSON.stringify(flow)).not.toContain('${');
    expect(flow.states.find(({ name }) => name === 'redirect_to_watson')?.properties.url).toBe(
      'https://handover.example.com/receive-call',
    );
    expect(() => filledFlow(text, { ...env, AGENT_NUMBERS: '', FLEX_WORKFLOW_SID: 'WW1' })).toThrow(
      /AGENT_NUMBERS is missing.*FLEX_WORKFLOW_SID is malformed/,
    );
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
