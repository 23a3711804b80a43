import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { Desk, HandoverRef } from '../../shared/core/handover/desk.ts';
import { serviceNowDesk, serviceNowDeskSettings } from '../../shared/desks/servicenow/index.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { deskContract, sampleHandover, sampleLine, sampleRef } from '../contracts/desk.ts';
import { testSettings } from '../support/calls.ts';
import { type SeenRequest, type StandIn, startStandIn } from '../support/stand-in.ts';

const INCIDENT = '0123456789abcdef0123456789abcdef';
const CALLER = 'fedcba9876543210fedcba9876543210';
const given = {
  ...testSettings,
  SERVICENOW_DESK: 'incident',
  SERVICENOW_USER: 'handover.integration',
  SERVICENOW_PASSWORD: 'servicenow-password',
};

function deskAt(url: string, more: Readonly<Record<string, string>> = {}): Desk {
  const faults: string[] = [];
  const settings = serviceNowDeskSettings.read({ ...given, SERVICENOW_URL: url, ...more }, faults);
  expect(faults).toEqual([]);
  return serviceNowDesk({ settings, send: sendHttp });
}

/** The tables of an instance on which nothing was found yet. */
const emptyInstance = ({ method }: SeenRequest) => ({ result: method === 'GET' ? [] : { sys_id: INCIDENT } });

const ref: HandoverRef = { ...sampleRef, ticket: INCIDENT };

deskContract({
  name: 'servicenow, by incidents',
  opens: emptyInstance,
  ticket: INCIDENT,
  // Is it there already; then it is made. What goes into a journal is looked for in it first.
  requests: { open: 2, said: 2, undelivered: 2, ended: 2, typing: 0 },
  names: () => [INCIDENT],
  secrets: [given.SERVICENOW_PASSWORD, Buffer.from('handover.integration:servicenow-password').toString('base64')],
  make(url) {
    const desk = deskAt(url);
    return { ...desk, tell: (_, event, eventId, deadline) => desk.tell(ref, event, eventId, deadline) };
  },
});

describe('an incident', () => {
  let standIn: StandIn;
  let desk: Desk;
  let deadline: OwnedDeadline;
  beforeEach(async () => {
    standIn = await startStandIn(emptyInstance);
    desk = deskAt(standIn.url);
    deadline = startDeadline(systemClock, 3_500);
  });
  afterEach(async () => {
    deadline.close();
    await standIn.close();
  });

  const posts = () => standIn.seen.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));
  const queries = () =>
    standIn.seen
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => new URL(path, 'http://x').searchParams.get('sysparm_query'));

  test('says who, why and what was said, in plain text for people', async () => {
    const lines = [
      { ...sampleLine, text: 'It [code]<b>broke</b>[/code]' },
      { ...sampleLine, id: 'b-1', by: 'bot' as const, text: 'I see' },
    ];
    await deskAt(standIn.url, { DESK_QUEUES: `{"*":"${CALLER}"}` }).open(
      { ...sampleHandover, reason: 'angry', name: 'Ada Berg' },
      lines,
      deadline,
    );
    expect(posts()).toEqual([
      {
        short_description: 'Handover from the bot: billing: angry',
        description: expect.stringMatching(
          /^Handed over by the bot\nTopic: billing\nReason: angry\nCustomer: Ada Berg\nLanguage: de\nplan: gold\nConversation: https:/,
        ),
        contact_type: 'chat',
        impact: '2',
        urgency: '2',
        correlation_id: sampleHandover.handoverId,
        correlation_display: sampleHandover.conversationId,
        assignment_group: CALLER,
        work_notes:
          'What was said\n\nCustomer, 2026-01-01 00:05:00 UTC\nIt (code)<b>broke</b>(/code)\n\nBot, 2026-01-01 00:05:00 UTC\nI see',
      },
    ]);
  });

  test('keeps the end of a transcript that is too long for people to read', async () => {
    const lines = Array.from({ length: 200 }, (_, n) => ({
      ...sampleLine,
      id: `c-${n}`,
      text: `${n} ${'ü'.repeat(400)}`,
    }));
    await desk.open(sampleHandover, lines, deadline);
    const { work_notes: notes } = posts()[0];
    expect(Buffer.byteLength(notes)).toBeLessThan(31_000);
    expect(notes).toMatch(/^The end of what was said\n/);
    expect(notes).toContain('\n199 ü');
  });

  const withCaller = (...found: readonly object[]) => {
    standIn.answer = ({ method, path }: SeenRequest) => {
      if (method === 'GET' && path.includes('/sys_user?')) return { result: found };
      return emptyInstance({ method } as SeenRequest);
    };
  };
  const opened = async (fields: Readonly<Record<string, string>>) => {
    await desk.open({ ...sampleHandover, fields }, [], deadline);
    return posts()[0];
  };
  const ada = { sys_id: CALLER, email: 'Ada@example.com', active: 'true' };

  test('is of the one user who has the e-mail that the bot collected', async () => {
    withCaller(ada);
    expect(await opened({ email: 'ada@example.com' })).toMatchObject({ caller_id: CALLER });
  });

  test.for([
    ['two users have it', { email: 'ada@example.com' }, [ada, { ...ada, sys_id: INCIDENT }]],
    ['nobody has it', { email: 'ada@example.com' }, []],
    ['the instance found somebody else', { email: 'ada@example.com' }, [{ ...ada, email: 'bo@example.com' }]],
    ['it is nobody active', { email: 'ada@example.com' }, [{ ...ada, active: 'false' }]],
    ['it is no address', { email: 'ada' }, [ada]],
    ['it would change the query', { email: 'x@example.com^ORemail=ada@example.com' }, [ada]],
    ['there is none', {}, [ada]],
  ] as const)('is of nobody where %s, and is made all the same', async ([, fields, found]) => {
    withCaller(...found);
    expect(await opened(fields)).not.toHaveProperty('caller_id');
  });

  test('is made also when the user cannot be looked up', async () => {
    standIn.behave([403]);
    expect(await opened({ email: 'ada@example.com' })).toMatchObject({ correlation_id: sampleHandover.handoverId });
  });

  test('that is there already is not made again', async () => {
    standIn.answer = { result: [{ sys_id: INCIDENT, correlation_id: sampleHandover.handoverId }] };
    expect(await desk.open(sampleHandover, [], deadline)).toBe(INCIDENT);
    expect(posts()).toEqual([]);
    expect(queries()).toEqual([`correlation_id=${sampleHandover.handoverId}^ORDERBYsys_created_on`]);
  });

  test('that another handover has is not taken for ours', async () => {
    standIn.answer = ({ method }: SeenRequest) =>
      method === 'GET'
        ? { result: [{ sys_id: CALLER, correlation_id: 'hzzzzzzzzzzzzzzzz' }] }
        : { result: { sys_id: INCIDENT } };
    expect(await desk.open(sampleHandover, [], deadline)).toBe(INCIDENT);
  });

  test('whose answer got lost is looked for, and never made blindly again', async () => {
    let made = false;
    standIn.answer = ({ method }: SeenRequest) => {
      made ||= method === 'POST';
      const rows = made ? [{ sys_id: INCIDENT, correlation_id: sampleHandover.handoverId }] : [];
      return { result: method === 'GET' ? rows : 'cut off' };
    };
    expect(await desk.open(sampleHandover, [], deadline)).toBe(INCIDENT);
    expect(standIn.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  test('whose answer got lost and that is not found either is unknown', async () => {
    standIn.behave(['ok', 'reset-after-send', 'ok']);
    await expect(desk.open(sampleHandover, [], deadline)).rejects.toMatchObject({ kind: 'unknown' });
    expect(posts()).toHaveLength(1);
  });

  test("takes the customer's words as comments, once for each time that they were said", async () => {
    const text = 'Customer, 2026-01-01 00:05:00 UTC\nGrüße';
    await desk.tell(ref, { kind: 'said', line: sampleLine }, 'c-1', deadline);
    expect(standIn.seen[1]).toMatchObject({
      method: 'PATCH',
      path: `/events/api/now/v2/table/incident/${INCIDENT}?sysparm_fields=sys_id`,
      body: JSON.stringify({ comments: text }),
    });
    standIn.answer = {
      result: [
        {
          ...{ name: 'incident', element_id: INCIDENT, element: 'comments', sys_id: CALLER },
          ...{
            value: text.replace('\n', '\r\n'),
            sys_created_by: given.SERVICENOW_USER,
            sys_created_on: '2026-01-01 00:05:01',
          },
        },
      ],
    };
    await desk.tell(ref, { kind: 'said', line: sampleLine }, 'c-1', deadline);
    await desk.tell(ref, { kind: 'said', line: { ...sampleLine, atMs: sampleLine.atMs + 11_000 } }, 'c-2', deadline);
    expect(standIn.seen.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET', 'GET', 'PATCH']);
  });

  test('without a ticket is found by the handover, without the table by the conversation', async () => {
    standIn.answer = ({ method, path }: SeenRequest) => {
      const row = {
        sys_id: INCIDENT,
        correlation_id: ref.handoverId,
        correlation_display: ref.conversationId,
        active: 'true',
      };
      return { result: method === 'GET' && path.includes('/incident?') ? [row] : method === 'GET' ? [] : {} };
    };
    const said = { kind: 'said', line: sampleLine } as const;
    await desk.tell({ ...ref, ticket: ref.handoverId }, said, 'c-1', deadline);
    await desk.tell({ ...ref, handoverId: '', ticket: '' }, said, 'c-1', deadline);
    const [byHandover, , byConversation] = queries();
    expect(byHandover).toBe(`correlation_id=${ref.handoverId}^ORDERBYsys_created_on`);
    expect(byConversation).toBe(`correlation_display=${ref.conversationId}^active=true^ORDERBYDESCsys_created_on`);
    expect(standIn.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(2);
  });

  test.for(['', 'c'.repeat(101)])('of a conversation that nothing names is not guessed', async (conversationId) => {
    standIn.answer = { result: [{ sys_id: INCIDENT, active: 'true', correlation_display: conversationId }] };
    const telling = desk.tell(
      { handoverId: '', conversationId, ticket: '' },
      { kind: 'said', line: sampleLine },
      'c-1',
      deadline,
    );
    await expect(telling).rejects.toMatchObject({ kind: 'refused' });
    expect(standIn.seen).toEqual([]);
  });

  const entry = (n: number, by: string, value: string) => ({
    ...{ name: 'incident', element_id: INCIDENT, element: 'comments', sys_created_by: by, value },
    ...{ sys_id: n.toString(16).padStart(32, '0'), sys_created_on: `2026-01-01 00:06:0${n}` },
  });
  const looks = (row: object, entries: readonly object[]) => {
    const incident = { sys_id: INCIDENT, correlation_id: ref.handoverId, state: '2', ...row };
    standIn.answer = ({ path }: SeenRequest) => ({ result: path.includes('/incident?') ? [incident] : entries });
    return desk.look?.(ref, deadline);
  };

  test('is looked at: who has it, what was commented by others than us, oldest first, and the end', async () => {
    const seen = await looks(
      {
        ...{ state: '6', sys_updated_on: '2026-01-01 00:06:09' },
        ...{ 'assigned_to.user_name': 'bo.lind', 'assigned_to.name': 'Bo Lind', 'caller_id.user_name': 'ada.berg' },
      },
      [
        entry(4, 'ADA.BERG', 'From the portal'),
        entry(3, 'eva', '[code]<p>Done &amp; dusted</p>[/code]'),
        entry(2, 'Handover.Integration', 'what the customer said'),
        entry(1, 'bo.lind', 'Hello'),
      ],
    );
    const bo = { name: 'Bo Lind' };
    expect(seen?.map(({ event }) => event)).toEqual([
      { kind: 'joined', agent: bo, agentId: 'bo.lind' },
      { kind: 'says', text: 'Hello', agent: bo, isShown: false },
      { kind: 'says', text: 'Done & dusted', agent: undefined, isShown: false },
      { kind: 'customer', text: 'From the portal' },
      { kind: 'ended', by: 'agent', agent: bo },
    ]);
    expect(seen?.map(({ atMs }) => atMs)).toEqual(
      ['09', '01', '03', '04', '09'].map((second) => Date.UTC(2026, 0, 1, 0, 6, Number(second))),
    );
    expect(new Set(seen?.map(({ eventId }) => eventId)).size).toBe(5);
    for (const { about, eventId } of seen ?? []) {
      expect(about).toEqual({ handoverId: ref.handoverId });
      expect(eventId).toMatch(/^[A-Za-z0-9._:@+-]{1,200}$/);
    }
  });

  test.for(['6', '7', '8'])('in state %s is over', async (state) => {
    expect((await looks({ state }, []))?.map(({ event }) => event.kind)).toEqual(['ended']);
  });

  test.for(['1', '2', '3', 'elsewhere'])(
    'in state %s is not over, and nobody has it who is not named',
    async (state) => {
      expect(await looks({ state }, [])).toEqual([]);
    },
  );

  test('that is only handed to somebody new is not taken yet', async () => {
    expect(await looks({ state: '1', 'assigned_to.user_name': 'bo.lind' }, [])).toEqual([]);
  });

  test('of another handover tells nothing', async () => {
    expect(await looks({ correlation_id: 'hzzzzzzzzzzzzzzzz', state: '6' }, [entry(1, 'bo', 'Hello')])).toEqual([]);
  });

  test('that was never made is not looked at', async () => {
    expect(await desk.look?.({ ...ref, ticket: ref.handoverId }, deadline)).toEqual([]);
    expect(standIn.seen).toEqual([]);
  });
});
