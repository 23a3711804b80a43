import { describe, expect, it } from 'vitest';
import { numbersOf, phoneDesk, phoneDeskSettings } from '../../../shared/core/call/phone-desk.ts';
import type { Env } from '../../../shared/core/settings.ts';

const WW = 'WW00000000000000000000000000000001';
const [ada, bob, eve] = ['+15005550008', '+15005550009', '+15005550011'] as const;
const queues = JSON.stringify({ Invoices: [bob, eve], claims: `${eve} ${bob}` });

function read(env: Env) {
  const faults: string[] = [];
  return { settings: phoneDeskSettings.read(env, faults), faults };
}

const deskOf = (env: Env, placed: boolean, topic?: string) => phoneDesk(read(env).settings, { placed, topic });
const phones = (numbers: readonly string[], queue?: string) => ({ is: 'phones', queue, numbers });
const workflow = { is: 'workflow', workflowSid: WW };

describe('where a call finds people', () => {
  it.each([
    ['phones only', { AGENT_NUMBERS: ada }, phones([ada]), phones([ada])],
    ['a workflow only', { FLEX_WORKFLOW_SID: WW }, workflow, workflow],
    ['both', { FLEX_WORKFLOW_SID: WW, AGENT_NUMBERS: ada }, workflow, phones([ada])],
    ['both, Flex is the desk', { DESK: 'flex', FLEX_WORKFLOW_SID: WW, AGENT_NUMBERS: ada }, workflow, workflow],
    ['both, phones are', { DESK: 'phone', FLEX_WORKFLOW_SID: WW, AGENT_NUMBERS: ada }, phones([ada]), phones([ada])],
    [
      'both, chats go elsewhere',
      { DESK: 'webhook', FLEX_WORKFLOW_SID: WW, AGENT_NUMBERS: ada },
      workflow,
      phones([ada]),
    ],
    ['neither', {}, phones([]), phones([])],
  ])('%s', (_, env, cameIn, placed) => {
    expect(deskOf(env, false)).toEqual(cameIn);
    expect(deskOf(env, true)).toEqual(placed);
  });

  it('a topic has its team, whatever its letters; other topics have everybody else', () => {
    const env = { AGENT_NUMBERS: ada, AGENT_QUEUES: queues };
    expect(deskOf(env, true, ' INVOICES')).toEqual(phones([bob, eve], 'Invoices'));
    expect(deskOf(env, true, 'claims')).toEqual(phones([eve, bob], 'claims'));
    expect(deskOf(env, true, 'weather')).toEqual(phones([ada]));
    expect(deskOf(env, true, 'constructor')).toEqual(phones([ada]));
    expect(deskOf(env, true)).toEqual(phones([ada]));
  });

  it('a name in a URL that is no team is nobody in particular', () => {
    const { settings } = read({ AGENT_NUMBERS: ada, AGENT_QUEUES: queues });
    expect(numbersOf(settings, 'claims')).toEqual([eve, bob]);
    expect(numbersOf(settings, '+19005550000')).toEqual([ada]);
    expect(numbersOf(settings, '__proto__')).toEqual([ada]);
  });

  it('everybody of every team is tried where nobody is left for other topics', () => {
    expect(deskOf({ AGENT_QUEUES: queues }, true, 'weather')).toEqual(phones([bob, eve]));
  });

  it('settings that make no desk are said', () => {
    for (const env of [
      { AGENT_QUEUES: '{"a":["500"]}' },
      { AGENT_QUEUES: '{"a":[]}' },
      { AGENT_QUEUES: '{"":["+15005550008"]}' },
      { AGENT_QUEUES: '["+15005550008"]' },
      { FLEX_WORKFLOW_SID: 'WF1' },
      { DESK: 'flex' },
    ])
      expect(read(env).faults, JSON.stringify(env)).toHaveLength(1);
  });
});
