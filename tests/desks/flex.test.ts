import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentLink } from '../../shared/core/callers/agent-link.ts';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { HandoverRef, ToDesk } from '../../shared/core/handover/desk.ts';
import type { DeskEvent } from '../../shared/core/handover/desk-told.ts';
import type { Line } from '../../shared/core/handover/line.ts';
import { NotTaken } from '../../shared/core/handover/not-taken.ts';
import type { SendHttp } from '../../shared/core/http.ts';
import type { Env } from '../../shared/core/settings.ts';
import { flexDesk, flexDeskSettings } from '../../shared/desks/flex/index.ts';
import { noteOf, taskAttributes } from '../../shared/desks/flex/translate.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { deskContract, sampleHandover, sampleLine, sampleRef } from '../contracts/desk.ts';
import { testSettings } from '../support/calls.ts';
import { testClock } from '../support/clock.ts';
import { type FakeFlex, type FlexFault, fakeFlex } from '../support/fake-flex.ts';
import { flexSettings } from '../support/flex-settings.ts';
import { type RunningClock, runningClock } from '../support/running-clock.ts';
import type { SeenRequest } from '../support/stand-in.ts';

const SID = (kind: string) => `${kind}${'1'.repeat(32)}`;

const deskBy = (send: SendHttp, clock = testClock(), more: Env = {}) => {
  const faults: string[] = [];
  const settings = flexDeskSettings.read({ ...testSettings, ...flexSettings, ...more }, faults);
  if (faults.length > 0) throw new Error(faults.join());
  return flexDesk({ settings, send, clock });
};

/** What Twilio answers when all is well. */
function answerOf({ method, path }: SeenRequest): unknown {
  if (path.endsWith('/Webhooks')) return { sid: SID('WH'), configuration: { url: 'https://x.example.com' } };
  if (path.endsWith('/Participants')) return { sid: SID('MB') };
  if (path.includes('/Messages')) return { sid: SID('IM'), messages: [] };
  if (path === '/v1/Interactions') return { sid: SID('KD') };
  if (path.includes('/Channels'))
    return method === 'GET' ? { channels: [{ sid: SID('UO'), status: 'active' }] } : { sid: SID('UO') };
  if (path.includes('/Tasks'))
    return {
      tasks: [{ sid: SID('WT'), assignment_status: 'pending', attributes: `{"flexInteractionSid":"${SID('KD')}"}` }],
    };
  return { sid: SID('CH'), state: 'active', attributes: '{}' };
}

deskContract({
  name: 'flex',
  opens: answerOf,
  ticket: `${SID('CH')}:${SID('KD')}`,
  // The conversation; who is in it, who hears of it and the note; the interaction.
  requests: { open: 5, said: 2, typing: 0, undelivered: 2, ended: 4 },
  names: ({ handoverId }) => [handoverId],
  takes: { 'success-false': 'unknown', html: 'unknown', 503: 'unknown' },
  asksMs: 5_000,
  silenceMs: 3_400,
  secrets: [testSettings.TWILIO_API_SECRET, Buffer.from(testSettings.TWILIO_API_SECRET).toString('base64')],
  make: (url) => deskBy(sendHttp, testClock(), { TWILIO_API_BASE_URL: new URL(url).origin }),
});

interface World {
  readonly flex: FakeFlex;
  readonly clock: RunningClock;
  readonly desk: ReturnType<typeof deskBy>;
  /** Does something within so long. */
  within<T>(ms: number, does: (deadline: OwnedDeadline) => Promise<T>): Promise<T>;
}

function world(more: Env = {}): World {
  const flex = fakeFlex();
  const clock = runningClock();
  const faults: string[] = [];
  const settings = flexDeskSettings.read({ ...testSettings, ...flexSettings, ...more }, faults);
  const desk = flexDesk({ settings, send: flex.send, clock });
  return {
    flex,
    clock,
    desk,
    async within(ms, does) {
      const deadline = startDeadline(clock, ms);
      try {
        return await does(deadline);
      } finally {
        deadline.close();
      }
    },
  };
}

const OPEN_MS = 2_600;
const handover = {
  ...sampleHandover,
  name: 'Ada',
  reason: 'The invoice is wrong',
  fields: { plan: 'gold', skills: 'en, billing,', priority: '7' },
};
const { handoverId } = handover;

const open = ({ desk, within }: World, lines = [sampleLine]) =>
  within(OPEN_MS, (deadline) => desk.open(handover, lines, deadline));

const refTo = (ticket: string): HandoverRef => ({ ...sampleRef, ticket });

describe('an opening', () => {
  test('makes a conversation that says nothing about whom it is of, and a task that says why', async () => {
    const all = world();
    const ticket = await open(all);
    const { flex, clock } = all;
    expect(flex.faultsOfForm).toEqual([]);
    const [conversation] = flex.conversations;
    const [interaction] = flex.interactions;
    expect(ticket).toBe(`${conversation?.sid}:${interaction?.sid}`);
    expect(conversation).toMatchObject({
      uniqueName: handoverId,
      participants: [`customer-${handoverId}`],
      webhooks: [{ url: `https://handover.example.com/desk-events?handoverId=${handoverId}` }],
      messages: [{ author: 'bot', attributes: { handoverId, for: 'agents' } }],
    });
    expect(conversation?.messages[0]?.body).toBe(
      'Name: Ada\nTopic: billing\nReason: The invoice is wrong\nLanguage: de\nplan: gold\nskills: en, billing,\npriority: 7\n\nCustomer: Grüße',
    );
    expect(interaction).toMatchObject({
      conversationSid: conversation?.sid,
      routing: {
        workspace_sid: flexSettings.FLEX_WORKSPACE_SID,
        workflow_sid: flexSettings.FLEX_WORKFLOW_SID,
        task_channel_unique_name: 'chat',
      },
    });
    const urls = { of: (name: string) => `https://handover.example.com/${name}` };
    expect(flex.tasks[0]?.attributes).toEqual({
      handoverId,
      conversationId: handover.conversationId,
      conversationSid: conversation?.sid,
      handoverUrl: agentLink(urls, testSettings.SESSION_SECRET, handoverId, clock.nowMs()),
      topic: 'billing',
      language: 'de',
      skills: ['en', 'billing'],
      priority: 7,
      conversations: { conversation_id: handoverId },
      customerName: 'Ada',
      reason: 'The invoice is wrong',
      fields: handover.fields,
      flexInteractionSid: interaction?.sid,
      flexInteractionChannelSid: interaction?.channel.sid,
    });
  });

  test('goes to the queue of its topic, or says so to the workflow (row 37)', async () => {
    const DESK_QUEUES = JSON.stringify({
      Billing: SID('WQ'),
      claims: SID('WW'),
      travel: 'the travellers',
      '*': 'others',
    });
    const routed = async (topic: string | undefined) => {
      const { flex, desk, within } = world({ DESK_QUEUES });
      await within(OPEN_MS, (deadline) => desk.open({ ...handover, topic }, [], deadline));
      const { workflow_sid, queue_sid } = flex.interactions[0]?.routing ?? {};
      return [workflow_sid, queue_sid, flex.tasks[0]?.attributes.queue];
    };
    const { FLEX_WORKFLOW_SID } = flexSettings;
    expect(await routed('billing')).toEqual([FLEX_WORKFLOW_SID, SID('WQ'), undefined]);
    expect(await routed('claims')).toEqual([SID('WW'), undefined, undefined]);
    expect(await routed('Travel ')).toEqual([FLEX_WORKFLOW_SID, undefined, 'the travellers']);
    expect(await routed('unheard of')).toEqual([FLEX_WORKFLOW_SID, undefined, 'others']);
    expect(await routed(undefined)).toEqual([FLEX_WORKFLOW_SID, undefined, 'others']);
  });

  test('without a secret has no link to the page, and all the rest', async () => {
    const all = world({ SESSION_SECRET: undefined });
    await open(all);
    expect(all.flex.tasks[0]?.attributes).not.toHaveProperty('handoverUrl');
  });

  test('of the same handover gives the same ticket and makes nothing twice', async () => {
    const all = world();
    const ticket = await open(all);
    all.flex.forget();
    expect(await open(all)).toBe(ticket);
    expect(all.flex.asked.filter((what) => what.startsWith('POST'))).toEqual([
      'POST Conversations',
      'POST Participants',
    ]);
    expectOneOfAll(all);
  });

  const steps = ['POST Conversations', 'POST Participants', 'POST Webhooks', 'POST Messages', 'POST Interactions'];
  const faults: readonly FlexFault[] = [
    'reset',
    'reset after',
    'cut off after',
    '500',
    '500 after',
    '429',
    '403',
    'hang',
  ];
  const cases = steps.flatMap((step) =>
    faults.flatMap((fault) => [1, 2].map((times) => [step, fault, times] as const)),
  );

  function expectOneOfAll({ flex }: World) {
    expect(flex.conversations).toHaveLength(1);
    expect(flex.conversations[0]?.participants).toHaveLength(1);
    expect(new Set(flex.conversations[0]?.webhooks.map(({ url }) => url)).size).toBe(1);
    expect(flex.conversations[0]?.messages).toHaveLength(1);
    expect(flex.interactions).toHaveLength(1);
    expect(flex.tasks).toHaveLength(1);
  }

  test.for(cases)('is one, whatever fails: %s, %s, %i times', async ([step, fault, times]) => {
    const all = world();
    all.flex.fails(step, ...Array.from({ length: times }, () => fault));
    const tries: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      const startedMs = all.clock.nowMs();
      tries.push(await open(all).catch((error: unknown) => error));
      expect(all.clock.nowMs() - startedMs).toBeLessThanOrEqual(OPEN_MS);
      if (typeof tries.at(-1) === 'string') break;
    }
    for (const error of tries.slice(0, -1)) {
      expect(error).toBeInstanceOf(NotTaken);
      // Who may have left something behind says so, so that it is ended.
      if (step !== 'POST Conversations') expect(error).toMatchObject({ kind: 'unknown' });
    }
    expect(tries.at(-1)).toBe(`${all.flex.conversations[0]?.sid}:${all.flex.interactions[0]?.sid}`);
    expectOneOfAll(all);
    expect(all.flex.faultsOfForm).toEqual([]);
  });

  test.for(cases)('that broke off can be ended whole: %s, %s, %i times', async ([step, fault, times]) => {
    const all = world();
    all.flex.fails(step, ...Array.from({ length: times }, () => fault));
    const ticket = await open(all).catch(() => handoverId);
    const over = { kind: 'ended', reason: 'failed' } as const;
    await all.within(3_000, (deadline) => all.desk.tell(refTo(ticket), over, 'e-1', deadline));
    expect(all.flex.conversations.filter(({ state }) => state !== 'closed')).toEqual([]);
    expect(all.flex.tasks.filter(({ status }) => status !== 'completed')).toEqual([]);
    if (all.flex.conversations.length > 0) await expect(open(all)).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('what Flex is told', () => {
  const said = (text: string) => ({ kind: 'said', line: { ...sampleLine, text } }) as const;

  const tell = ({ desk, within }: World, ...[ref, event, eventId, isRepeat]: Told) =>
    within(2_600, (deadline) => desk.tell(ref, event, eventId, deadline, isRepeat));
  type Told = readonly [HandoverRef, ToDesk, string, boolean?];

  const bodies = ({ flex }: World) => flex.conversations[0]?.messages.slice(1).map(({ body }) => body);

  test('stands in the conversation as the customer’s own words, with one request', async () => {
    const all = world();
    const ref = refTo(await open(all));
    all.flex.forget();
    await tell(all, ref, said('It is urgent'), 'c-2');
    expect(all.flex.asked).toEqual(['POST Messages']);
    expect(all.flex.conversations[0]?.messages.at(-1)).toEqual({
      author: `customer-${handoverId}`,
      body: 'It is urgent',
      attributes: { handoverId, conversationId: ref.conversationId, eventId: 'c-2', part: 0, for: 'agents' },
    });
  });

  test('comes in pieces that Twilio takes, none of which cuts a character', async () => {
    const all = world();
    const ref = refTo(await open(all));
    const text = '😀'.repeat(2_000);
    await tell(all, ref, said(text), 'c-2');
    expect(bodies(all)?.join('')).toBe(text);
    expect(bodies(all)?.map((body) => body.length)).toEqual([1_600, 1_600, 800]);
  });

  const faults: readonly FlexFault[] = ['reset', 'reset after', 'cut off after', '500', '500 after', '429', 'hang'];
  test.for(faults)('stands there once, whatever the first tries came to: %s', async (fault) => {
    const all = world();
    const ref = refTo(await open(all));
    all.flex.fails('POST Messages', fault, fault);
    const text = 'x'.repeat(3_000);
    for (let tries = 1; tries <= 4; tries++) {
      const came = await tell(all, ref, said(text), 'c-2', tries > 1).then(
        () => 'told',
        () => 'not',
      );
      if (came === 'told') break;
      expect(tries).toBeLessThan(4);
    }
    expect(bodies(all)?.join('')).toBe(text);
  });

  test('of words that were lost is a note to the agent; typing is nothing', async () => {
    const all = world();
    const ref = refTo(await open(all));
    all.flex.forget();
    await tell(all, ref, { kind: 'typing' }, 't-1');
    expect(all.flex.asked).toEqual([]);
    await tell(all, ref, { kind: 'undelivered', line: { ...sampleLine, by: 'agent', text: 'Hello' } }, 'a-1-lost');
    expect(all.flex.conversations[0]?.messages.at(-1)).toMatchObject({
      author: 'handover',
      body: 'Not delivered, the customer does not see it: Hello',
      attributes: { for: 'agents' },
    });
  });

  test('of an end closes the interaction, whatever its task is at, and never touches the task', async () => {
    const all = world();
    const ref = refTo(await open(all));
    all.flex.forget();
    for (const _ of [1, 2]) await tell(all, ref, { kind: 'ended', reason: 'customer' }, 'e-1');
    expect(all.flex.interactions[0]?.channel.status).toBe('closed');
    expect(all.flex.conversations[0]?.state).toBe('closed');
    expect(all.flex.asked.filter((what) => what === 'POST Tasks')).toEqual([]);
  });

  test('of an end of what never got so far is nothing, or closes the conversation', async () => {
    const all = world();
    await tell(all, refTo(handoverId), { kind: 'ended', reason: 'failed' }, 'e-1');
    expect(all.flex.asked).toEqual(['GET Conversations']);
    all.flex.fails('POST Interactions', '500', '500');
    await open(all).catch(() => {});
    await tell(all, refTo(handoverId), { kind: 'ended', reason: 'failed' }, 'e-1');
    expect(all.flex.conversations[0]?.state).toBe('closed');
  });

  test('about a web chat: its visitor never reads what a bot hears elsewhere, and its end goes through its task', async () => {
    const all = world();
    const chat = all.flex.webChat();
    const interaction = {
      sid: SID('KD'),
      conversationSid: chat.sid,
      routing: {},
      channel: { sid: SID('UO'), status: 'active' },
    };
    all.flex.interactions.push(interaction);
    all.flex.tasks.push({
      sid: SID('WT'),
      status: 'pending',
      attributes: { conversationSid: chat.sid, flexInteractionSid: interaction.sid },
    });
    await tell(all, refTo(chat.sid), said('My password is secret'), 'c-2');
    expect(chat.messages).toEqual([]);
    await tell(all, refTo(chat.sid), { kind: 'ended', reason: 'expired' }, 'e-1');
    expect([chat.state, interaction.channel.status]).toEqual(['closed', 'closed']);
  });

  test('without a table goes nowhere, and says so', async () => {
    const nowhere = { handoverId: '', conversationId: 'c-1', ticket: '' };
    await expect(tell(world(), nowhere, said('Hello'), 'c-2')).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('a look at Flex', () => {
  const look = ({ desk, within }: World, ref: HandoverRef) =>
    within(2_600, (deadline) => desk.look?.(ref, deadline) ?? Promise.resolve([]));
  const told = (event: DeskEvent) => [{ about: { handoverId }, event, eventId: `${handoverId}-over`, atMs: undefined }];
  const ended = told({ kind: 'ended', by: 'agent', agent: undefined });
  const failed = told({ kind: 'failed' });

  async function opened() {
    const all = world();
    const ref = refTo(await open(all));
    const [conversation, interaction, task] = [all.flex.conversations[0], all.flex.interactions[0], all.flex.tasks[0]];
    if (!conversation || !interaction || !task) throw new Error('nothing was opened');
    return { all, ref, conversation, interaction, task };
  }

  test.for(['pending', 'reserved', 'assigned'])('sees nothing while a task is %s', async (status) => {
    const { all, ref, task } = await opened();
    task.status = status;
    expect(await look(all, ref)).toEqual([]);
  });

  test.for([
    ['wrapping', ended, 'closed'],
    ['completed', ended, 'closed'],
    ['canceled', failed, 'active'],
  ] as const)(
    'sees that a task which is %s is over, and closes what agents have ended',
    async ([status, over, state]) => {
      const { all, ref, task, conversation } = await opened();
      task.status = status;
      expect(await look(all, ref)).toEqual(over);
      expect(conversation.state).toBe(state);
      expect(all.flex.faultsOfForm).toEqual([]);
    },
  );

  test('sees no end where one agent has gone and another has it, or is being found (row 15)', async () => {
    const { all, ref, task } = await opened();
    task.status = 'completed';
    const second = { sid: SID('WT'), status: 'pending', attributes: task.attributes };
    all.flex.tasks.push(second);
    expect(await look(all, ref)).toEqual([]);
    second.status = 'canceled';
    expect(await look(all, ref)).toEqual(failed);
  });

  test('sees no end where a colleague was asked in vain and the first agent still has it (row 15)', async () => {
    const { all, ref, task } = await opened();
    task.status = 'assigned';
    all.flex.tasks.push({ sid: SID('WT'), status: 'canceled', attributes: task.attributes });
    expect(await look(all, ref)).toEqual([]);
  });

  test('sees by the conversation and the interaction what TaskRouter has forgotten', async () => {
    const { all, ref, conversation, interaction } = await opened();
    all.flex.tasks.length = 0;
    interaction.channel.status = 'pause';
    expect(await look(all, ref)).toEqual([]);
    interaction.channel.status = 'failed';
    expect(await look(all, ref)).toEqual(failed);
    conversation.state = 'closed';
    expect(await look(all, ref)).toEqual(ended);
  });

  test('sees nothing where Twilio does not answer, and says so', async () => {
    const { all, ref } = await opened();
    all.flex.fails('GET Tasks', '429', '429', '429');
    await expect(look(all, ref)).rejects.toBeInstanceOf(NotTaken);
  });
});

describe('what goes to Flex', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 1_200 });
  const wild = fc.record({
    topic: fc.option(text, { nil: undefined }),
    reason: fc.option(text, { nil: undefined }),
    name: fc.option(text, { nil: undefined }),
    language: fc.option(text, { nil: undefined }),
    fields: fc.dictionary(fc.oneof(fc.constant('skills'), fc.string({ maxLength: 100 })), text, { maxKeys: 30 }),
  });

  test('is never too large for it, whatever is known and was said, and ends with the newest words', () => {
    const line = fc.record({ by: fc.constantFrom('customer', 'bot', 'agent', 'system'), text });
    fc.assert(
      fc.property(wild, fc.array(line, { maxLength: 40 }), (known, said) => {
        const lines = said.map((one, at) => ({ ...one, atMs: at, id: `l-${at}` }) as Line);
        const more = { conversationSid: SID('CH'), handoverUrl: 'https://x.example.com/', queue: undefined };
        const attributes = taskAttributes({ ...sampleHandover, ...known }, more);
        expect(Buffer.byteLength(JSON.stringify(attributes))).toBeLessThanOrEqual(3_000);
        expect(attributes).toMatchObject({ handoverId, conversationId: sampleHandover.conversationId });
        const note = noteOf({ ...sampleHandover, ...known }, lines);
        expect(note.length).toBeLessThanOrEqual(1_600);
        expect(note).not.toBe('');
        const newest = lines.at(-1)?.text.slice(0, 100) ?? '';
        expect(note).toContain(newest.replace(/[\ud800-\udbff]$/, ''));
      }),
      { numRuns: 300 },
    );
  });

  test.for([1_570, 1_590, 1_600, 30_000])(
    'begins the newest words also where they are %i characters long',
    (length) => {
      const lines = [
        { by: 'bot', text: 'How can I help?', atMs: 1, id: 'l-1' },
        { by: 'customer', text: 'x'.repeat(length), atMs: 2, id: 'l-2' },
      ] as const;
      const note = noteOf(sampleHandover, lines);
      expect(note).toContain(`Customer: ${'x'.repeat(1_400)}`);
      expect(note.length).toBeLessThanOrEqual(1_600);
    },
  );
});
