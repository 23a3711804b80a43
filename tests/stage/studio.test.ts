import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FlowDefinition } from '../../stage/twins/twilio/studio/flow.ts';
import { fill } from '../../stage/twins/twilio/studio/liquid.ts';
import { flowRunner } from '../../stage/twins/twilio/studio/runner.ts';
import { readTwiml } from '../../stage/twins/twilio/voice/twiml.ts';

const FLOW = 'https://webhooks.twilio.com/v1/Accounts/AC00000000000000000000000000000001/Flows/FW1';

type Transition = Partial<FlowDefinition['states'][number]['transitions'][number]> & { event: string };

const widget = (name: string, type: string, properties: Record<string, unknown>, ...transitions: Transition[]) => ({
  name,
  type,
  properties,
  transitions: transitions.map((transition) => ({ conditions: [], ...transition })),
});

const split = (name: string, value: string, next: string, other?: string) =>
  widget(
    name,
    'split-based-on',
    { input: '{{widgets.away.Why}}' },
    { event: 'noMatch', ...(other && { next: other }) },
    { event: 'match', next, conditions: [{ type: 'equal_to', value, arguments: ['{{widgets.away.Why}}'] }] },
  );

/** A flow that gives the call away and looks at how it comes back. */
const flow: FlowDefinition = {
  initial_state: 'begin',
  states: [
    widget('begin', 'trigger', {}, { event: 'incomingCall', next: 'away' }),
    widget(
      'away',
      'add-twiml-redirect',
      { url: 'https://a.example/x?from={{trigger.call.From | url_encode}}', method: 'POST' },
      { event: 'return', next: 'why' },
      { event: 'fail', next: 'sorry' },
    ),
    split('why', 'done', 'sorry', 'queue'),
    widget(
      'queue',
      'send-to-flex',
      { workflow: 'WW1', attributes: '{"key": "{{widgets.away.Key}}"}' },
      { event: 'callComplete', next: 'sorry' },
    ),
    widget('sorry', 'say-play', { say: 'Sorry & bye', language: 'en-US' }, { event: 'audioComplete' }),
  ],
};

function runner(definition: FlowDefinition = flow) {
  const flows = flowRunner(
    () => ({ STUDIO_WEBHOOK_URL: FLOW }),
    () => definition,
  );
  const come = (query = '', fields = {}) =>
    readTwiml(flows.answer(FLOW + query, { CallSid: 'CA1', From: '+15005550001', ...fields })?.body ?? '').verbs ?? [];
  return { ...flows, come };
}

describe('flow', () => {
  test('a new call goes from the trigger to the widget that gives it away', () => {
    const { come, path } = runner();
    const [redirect] = come();
    expect(redirect).toMatchObject({ name: 'Redirect', text: 'https://a.example/x?from=%2B15005550001' });
    expect(path('CA1')).toEqual(['begin', 'away']);
  });

  test('every parameter of the return becomes a variable; a quote in one breaks the JSON, as in Studio', () => {
    const { come } = runner();
    come();
    const [enqueue] = come('?FlowEvent=return&Key=a%22b&Why=x');
    expect(enqueue?.attributes).toMatchObject({ workflowSid: 'WW1', action: `${FLOW}?FlowEvent=callComplete` });
    expect(enqueue?.children[0]?.text).toBe('{"key": "a"b"}');
  });

  test('a split looks at what came back, and the flow ends with a hangup', () => {
    const { come, path } = runner();
    come();
    expect(come('?FlowEvent=return&Why=Done').map(({ name, text }) => [name, text])).toEqual([
      ['Say', 'Sorry & bye'],
      ['Hangup', ''],
    ]);
    expect(path('CA1')).toEqual(['begin', 'away', 'why', 'sorry']);
  });

  test('a return when nothing waits is a new start, and so is a call that comes again', () => {
    const { come, path } = runner();
    expect(come('?FlowEvent=return&Why=done')[0]?.name).toBe('Redirect');
    come();
    expect(path('CA1')).toEqual(['begin', 'away']);
  });

  test('two calls do not see each other', () => {
    const { come, path } = runner();
    come();
    come('', { CallSid: 'CA2' });
    come('?FlowEvent=return&Why=done');
    expect(path('CA2')).toEqual(['begin', 'away']);
  });

  test('what is no URL takes the failing branch', () => {
    const [begin, , ...rest] = flow.states;
    const broken = widget('away', 'add-twiml-redirect', { url: 'not a url' }, { event: 'fail', next: 'sorry' });
    const { come } = runner({ ...flow, states: [begin, broken, ...rest].filter((one) => one !== undefined) });
    expect(come()[0]).toMatchObject({ name: 'Say', text: 'Sorry & bye' });
  });

  test("a URL that is not the flow's is nobody's", () => {
    expect(runner().answer('https://webhooks.twilio.com/v1/Accounts/AC1/Flows/FW2', {})).toBeUndefined();
    expect(runner().answer('https://handover.example.com/receive-call', {})).toBeUndefined();
  });

  test('a widget that the twin does not know is said, not skipped', () => {
    const { come } = runner({ initial_state: 'x', states: [widget('x', 'run-function', {})] });
    expect(() => come()).toThrow('the type run-function is not known here');
  });
});

describe('templates', () => {
  test.for([
    ['{{ a.b }}', 'c'],
    ['{{a.missing}}', ''],
    ['{{a.missing | default: "none"}}', 'none'],
    ['{{ "x y" | url_encode }}', 'x+y'],
    [`{{ "a:b:c" | replace: ':', '.' | url_encode }}`, 'a.b.c'],
    ['{{ "a.b" | replace: ".", "$&" }}', 'a$&b'],
    ['{{ "a.b" | replace: "." }}', 'ab'],
    ['{{amp | escape}}', '&#38;'],
    ['{{amp}}', '&'],
    ['no template', 'no template'],
  ])('%s is filled in as %s', ([template = '', filled]) => {
    expect(fill(template, { a: { b: 'c' }, amp: '&' })).toBe(filled);
  });

  test('names of the prototype are no values', () => {
    fc.assert(
      fc.property(fc.constantFrom('constructor', '__proto__', 'toString', 'a.constructor.name'), (name) => {
        expect(fill(`{{${name}}}`, { a: {} })).toBe('');
      }),
    );
  });

  test('what a value holds is not filled in again', () => {
    expect(fill('{{a}}', { a: '{{b}}', b: 'secret' })).toBe('{{b}}');
  });

  test('a filter that the twin does not know is said', () => {
    expect(() => fill('{{a | upcase}}', { a: 'x' })).toThrow('upcase');
  });
});
