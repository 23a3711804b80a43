import { describe, expect, test } from 'vitest';
import { testSettings } from '../support/calls.ts';
import { stageOfFile } from './stage-of-file.ts';

interface Conversation {
  readonly handoverId: string;
  readonly state: string;
  readonly history: readonly { readonly value: string }[];
  readonly contextVariables: Readonly<Record<string, string>>;
  readonly lines: readonly { readonly by: string; readonly text: string }[];
}
interface Entry {
  readonly value: string;
  readonly sys_created_by: string;
}
interface Incident {
  readonly sys_id: string;
  readonly correlation_id: string;
  readonly caller_id: string;
  readonly state: string;
  readonly comments: readonly Entry[];
  readonly work_notes: readonly Entry[];
}
interface Acted {
  readonly status: number;
}

function actors(stage: ReturnType<typeof stageOfFile>) {
  const ask = async (question: object) => {
    const answer = await stage.send('/pause-check', {
      method: 'POST',
      headers: { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
    return (await answer.json()) as { readonly paused: boolean; readonly reason?: string };
  };
  const inbox = async () => {
    const pushed = await stage.ask<
      { type: string; data: { text?: string; reason?: string; agent?: { name: string } } }[]
    >('GET', '/_stage/bot');
    return pushed.map(({ type, data }) => [type, data.text ?? data.reason ?? data.agent?.name]);
  };
  const desk = () =>
    stage.ask<{ conversations: readonly Conversation[]; incidents: readonly Incident[] }>('GET', '/_stage/servicenow');
  const does = (what: string, more: object = {}) => stage.ask<Acted>('POST', `/_stage/servicenow/${what}`, more);
  return { ask, inbox, desk, does };
}

describe('live agents of ServiceNow', () => {
  const stage = stageOfFile({ DESK: 'servicenow' });
  const { ask, inbox, desk, does } = actors(stage);
  const lines = [
    { by: 'customer', text: 'My bike is broken' },
    { by: 'bot', text: 'I do not know bikes' },
  ];

  test('have a conversation from the bot until they give it back', async () => {
    expect(
      await ask({ conversationId: 'c-1', text: 'A person, please', handover: { topic: 'claims', lines } }),
    ).toMatchObject({
      paused: true,
    });
    const [conversation] = (await desk()).conversations;
    expect(conversation).toMatchObject({ state: 'waiting', lines: [{ by: 'customer', text: 'A person, please' }] });
    expect(conversation?.contextVariables).toMatchObject({
      ...{ live_agent_only: 'true', topic: 'claims' },
      handover_url: expect.stringContaining(`/agent-view?handoverId=${conversation?.handoverId}&link=`),
    });
    expect(conversation?.history.map(({ value }) => value)).toEqual([
      ...lines.map(({ text }) => text),
      expect.stringContaining('Topic: claims'),
    ]);

    for (const what of ['accept', 'type']) expect((await does(what)).status).toBe(204);
    await does('say', { text: 'Hello, I am Bo' });
    expect(await ask({ conversationId: 'c-1', text: 'It squeaks' })).toMatchObject({ paused: true });
    expect((await desk()).conversations[0]?.lines.map(({ text }) => text)).toEqual([
      'A person, please',
      'Hello, I am Bo',
      'It squeaks',
    ]);
    await does('end');
    expect(await inbox()).toEqual([
      ['handover.agent', 'Bo Lind'],
      ['handover.typing', 'Bo Lind'],
      ['handover.message', 'Hello, I am Bo'],
      ['handover.ended', 'agent'],
    ]);
    expect(await ask({ conversationId: 'c-1', text: 'Hello bot' })).toMatchObject({ paused: false });
  });

  test('are told when the customer leaves, and what they say after that did not arrive', async () => {
    await ask({ conversationId: 'c-2', text: 'A person', handover: {} });
    await does('accept');
    await ask({ conversationId: 'c-2', end: true });
    expect((await desk()).conversations[0]?.state).toBe('ended');
    await does('say', { text: 'Still there?' });
    expect(await inbox()).not.toContainEqual(['handover.message', 'Still there?']);
    expect((await desk()).conversations[0]?.lines.at(-1)?.text).toBe('[Not delivered to the customer: Still there?]');
  });

  test.for(['503', '500'])('that answer with %s leave the customer with the bot, who knows why', async (mode) => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'servicenow', mode });
    const answer = await ask({ conversationId: 'c-3', text: 'A person', handover: {} });
    expect(answer).toMatchObject({ paused: false, reason: 'desk_unavailable' });
  });

  test('that say nothing at all, as with a wrong token, lose the conversation to the bot, and everybody is told', async () => {
    await stage.ask('POST', '/_stage/servicenow/silence', { isSilent: true });
    expect(await ask({ conversationId: 'c-4', text: 'A person', handover: {} })).toMatchObject({ paused: true });
    for (let minute = 0; minute < 4; minute++) await stage.ask('POST', '/_stage/clock', { advanceMs: 60_000 });
    expect(await inbox()).toEqual([['handover.ended', 'failed']]);
    expect(await ask({ conversationId: 'c-4', text: 'Hello bot' })).toMatchObject({ paused: false });
  });

  test('that have a customer in their line for long keep them', async () => {
    await ask({ conversationId: 'c-5', text: 'A person', handover: {} });
    for (let minute = 0; minute < 5; minute++) await stage.ask('POST', '/_stage/clock', { advanceMs: 60_000 });
    expect(await ask({ conversationId: 'c-5', text: 'Hello?' })).toMatchObject({ paused: true });
  });

  test('are heard only with the token that the instance was given', async () => {
    for (const token of ['', 'wrong', testSettings.DESK_API_KEY]) {
      const answer = await stage.send('/desk-events', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-handover-token': token },
        body: '{}',
      });
      expect(answer.status).toBe(401);
    }
  });
});

describe('an incident of ServiceNow', () => {
  const stage = stageOfFile({ DESK: 'servicenow', SERVICENOW_DESK: 'incident', PAUSE_MINUTES: '600' });
  const { ask, inbox, desk, does } = actors(stage);
  const incident = async (): Promise<Incident> => {
    const [found, ...others] = (await desk()).incidents;
    expect(others).toEqual([]);
    if (!found) throw new Error('no incident');
    return found;
  };

  test('carries comments both ways, each once, until it is resolved', async () => {
    const lines = [{ by: 'customer', text: 'My bike is broken' }];
    const fields = { email: 'Ada@example.com' };
    await ask({ conversationId: 'c-1', text: 'A person', handover: { topic: 'claims', fields, lines } });
    const opened = await incident();
    expect(opened).toMatchObject({ state: '1', comments: [], caller_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(opened.work_notes[0]?.value).toMatch(/^What was said\n\nCustomer, .* UTC\nMy bike is broken\n/);

    await does('work', { comment: 'I look into it' });
    await does('work', { comment: '[code]Try <b>again</b>[/code]' });
    await ask({ conversationId: 'c-1', text: 'Thank you' });
    expect((await incident()).comments.map(({ value }) => value)).toEqual([
      'I look into it',
      '[code]Try <b>again</b>[/code]',
      expect.stringMatching(/^Customer, .* UTC\nThank you$/),
    ]);
    await does('work', { comment: 'From the portal', by: 'ada.berg' });
    await does('work', { state: '6' });
    expect(await inbox()).toEqual([
      ['handover.agent', 'Bo Lind'],
      ['handover.message', 'I look into it'],
      ['handover.message', 'Try again'],
      ['handover.ended', 'agent'],
    ]);
    expect(await ask({ conversationId: 'c-1', text: 'Hello bot' })).toMatchObject({ paused: false });
  });

  test('is looked at every minute where the instance tells nothing', async () => {
    await ask({ conversationId: 'c-1', text: 'A person', handover: {} });
    await does('work', { comment: 'I look into it', isTold: false });
    await does('work', { comment: 'It is repaired', isTold: false, state: '6' });
    for (let minute = 0; minute < 2; minute++) await stage.ask('POST', '/_stage/clock', { advanceMs: 60_000 });
    expect(await inbox()).toEqual([
      ['handover.agent', 'Bo Lind'],
      ['handover.message', 'I look into it'],
      ['handover.message', 'It is repaired'],
      ['handover.ended', 'agent'],
    ]);
  });

  test('that is asked for while the answer got lost is one', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'servicenow', mode: ['ok', 'reset-after-send'] });
    expect(await ask({ conversationId: 'c-1', text: 'A person', handover: {} })).toMatchObject({ paused: true });
    await incident();
    await stage.ask('POST', '/_stage/faults', { vendor: 'servicenow', mode: ['ok', 'truncated-201'] });
    await ask({ conversationId: 'c-1', text: 'Thank you' });
    await ask({ conversationId: 'c-1', text: 'Bye' });
    const texts = (await incident()).comments.map(({ value }) => value.split('\n')[1]);
    expect(texts).toEqual(['Thank you', 'Bye']);
  });
});
