import { describe, expect, test } from 'vitest';
import erase from '../../functions/erase.ts';
import type { Erased, Erasures } from '../../shared/core/erase/erasures.ts';
import { jsonCall } from '../support/calls.ts';
import { startFunction } from '../support/start-function.ts';

const adminKey = 'admin-key-0123456789abcdef';

const nothing: Erased = {
  deleted: 0,
  traces: { bots: [], tickets: [], handoverIds: [], talks: [], callSids: [], recordingSids: [] },
};

/** The function over what it finds, with the time that it waits in between left out. */
function started(found: Erased = nothing, env: Record<string, string | undefined> = {}) {
  const asked: string[] = [];
  const erasures: Erasures = {
    async erase(conversationId) {
      asked.push(conversationId);
      return asked.length === 1 ? found : nothing;
    },
  };
  let elapsedMs = 0;
  const clock = {
    nowMs: () => 0,
    monotonicMs: () => elapsedMs,
    after(delayMs: number, then: () => void) {
      // The deadline itself does not come: only who sleeps is woken.
      if (delayMs > 5_000) return () => {};
      elapsedMs += delayMs;
      then();
      return () => {};
    },
  };
  const { call, lines } = startFunction(
    { ...erase, ports: { erasures: () => erasures } },
    { ADMIN_KEY: adminKey, ...env },
    clock,
  );
  const ask = async (body: unknown, authorization: string | undefined = adminKey) => {
    const { status, body: answer } = await call(jsonCall(body, authorization === '' ? {} : { authorization }));
    return { status, body: JSON.parse(answer) };
  };
  return { ask, asked, lines };
}

test('a conversation is erased, and again what was under way, and what others hold is told', async () => {
  const ticket = `CH${'1'.repeat(32)}:KD${'2'.repeat(32)}`;
  const traces = { ...nothing.traces, bots: ['botcopy'], tickets: [ticket], handoverIds: ['h-1'], callSids: ['CA1'] };
  const { ask, asked, lines } = started({ deleted: 7, traces });
  const { status, body } = await ask({ userId: 'u:1', botId: 'b1' });
  expect(status).toBe(200);
  expect(asked).toEqual(['b1:u:1', 'b1:u:1']);
  expect(body.deleted).toBe(7);
  const holders = body.elsewhere.map(({ holder, ids }: { holder: string; ids: string[] }) => [holder, ids]);
  expect(holders).toEqual([
    ['Botcopy and Dialogflow', ['u:1']],
    ['Twilio', [`CH${'1'.repeat(32)}`]],
    ['Twilio', [`KD${'2'.repeat(32)}`]],
    ['Twilio', ['CA1']],
    ['AWS', []],
  ]);
  for (const one of body.elsewhere) expect(one).toMatchObject({ what: /./, how: /./ });
  expect(lines.join()).not.toContain('u:1');
});

test('the bots of a call are named, each with the id by which it knows the call', async () => {
  const talks = [{ bots: ['helpdesk', 'rasa', 'rasa-host https://orders.example.com', 'watson'], id: 'h-0' }];
  const traces = { ...nothing.traces, handoverIds: ['h-1'], talks };
  const { body } = await started({ deleted: 1, traces }, { DESK: undefined }).ask({ conversationId: 'h-1' });
  const named = body.elsewhere.map(({ holder, ids }: { holder: string; ids: string[] }) => [holder, ids]);
  expect(named).toEqual([
    ['ServiceNow', []],
    ['Rasa', ['h-0']],
    ['Rasa at https://orders.example.com', ['h-0']],
    ['Watson Assistant', ['h-0']],
    ['AWS', []],
  ]);
});

test.for([
  ['genesys', 'Genesys'],
  ['servicenow', 'ServiceNow'],
  ['webhook', 'the desk at DESK_WEBHOOK_URL'],
])('the desk %s is named where it had the conversation', async ([DESK, holder]) => {
  const traces = { ...nothing.traces, bots: ['watson', 'plain'], handoverIds: ['h-1'], tickets: ['T-1', 'h-1'] };
  const { body } = await started({ deleted: 1, traces }, { DESK }).ask({ conversationId: 'c-1' });
  const named = body.elsewhere.map((one: { holder: string }) => one.holder);
  expect(named).toEqual(['Watson Assistant', 'your bot', holder, 'AWS']);
  expect(body.elsewhere[2].ids).toEqual(['T-1', 'h-1']);
});

describe('is refused', () => {
  test.for([
    [{}, 'invalid_user_id'],
    [{ userId: 'u' }, 'invalid_request'],
    [{ conversationId: 'c', userId: 'u', botId: 'b' }, 'invalid_request'],
    [{ conversationId: 'c 1' }, 'invalid_conversation_id'],
    [{ conversationId: 'c', all: true }, 'unknown_field'],
  ])('%j: %s', async ([body, code]) => {
    const { ask, asked } = started();
    const answer = await ask(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    expect(asked).toEqual([]);
  });

  test.for(['', 'another', `Basic ${adminKey}`])('without the key: %j', async (authorization) => {
    const { ask, asked } = started();
    expect(await ask({ conversationId: 'c' }, authorization)).toMatchObject({ status: 401 });
    expect(asked).toEqual([]);
  });

  test('by everybody where no key is set', async () => {
    expect(await started(nothing, { ADMIN_KEY: undefined }).ask({ conversationId: 'c' }, '')).toMatchObject({
      status: 401,
    });
  });
});
