import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { Desk, HandoverRef } from '../../shared/core/handover/desk.ts';
import type { HttpRequest, SendHttp } from '../../shared/core/http.ts';
import { toldByMessages } from '../../shared/desks/genesys/icws/translate.ts';
import { sampleHandover, sampleLine, sampleRef } from '../contracts/desk.ts';
import golden from '../fixtures/genesys/icws.json' with { type: 'json' };
import { testSettings } from '../support/calls.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';
import { icwsAt } from './genesys-parts.ts';

const URL_OF_SERVER = 'http://127.0.0.1:8019';
const handover = { ...sampleHandover, name: 'Ada Berg', reason: 'wants a refund' };
const ref: HandoverRef = { ...sampleRef, ticket: 'c-1:p-1' };

type Answer = readonly [status: number, body?: unknown];

/** A server of which each path answers as it is told, and else as documented. */
function server(told: Readonly<Record<string, readonly Answer[]>> = {}) {
  const seen: string[] = [];
  const bodies: unknown[] = [];
  const left = new Map(Object.entries(told).map(([path, answers]) => [path, [...answers]]));
  const usual: Readonly<Record<string, Answer>> = {
    start: [200, golden.started],
    'messages/p-1': [200, golden.messages],
    'message-history/p-1': [200, golden.messages],
  };
  const send: SendHttp = async ({ method, url, body }: HttpRequest) => {
    const path = url.replace(`${URL_OF_SERVER}/icws/web-chat/`, '');
    seen.push(`${method} ${path}`);
    if (body !== undefined) bodies.push(JSON.parse(body));
    const [status, answer] = left.get(path)?.shift() ?? usual[path] ?? [204];
    return { status, headers: {}, body: answer === undefined ? '' : JSON.stringify(answer) };
  };
  return { seen, bodies, send };
}

let deadline: OwnedDeadline;
beforeEach(() => {
  deadline = startDeadline(steadyClock, 3_500);
});
afterEach(() => deadline.close());

const deskAt = ({ send }: { send: SendHttp }, more = {}): Desk => icwsAt(URL_OF_SERVER, { send, ...more });
const say = (desk: Desk, to = ref) => desk.tell(to, { kind: 'said', line: sampleLine }, 'e-1', deadline);
const unknown: Answer = [400, golden.unknownParticipant];

describe('row 38: the five services of the web chat', () => {
  test('start, send-message, typing-state and exit are to the letter of the golden file', async () => {
    const icws = server();
    const desk = deskAt(icws, { queues: { billing: 'Claims', '*': 'Support' } });
    expect(await desk.open(handover, [sampleLine], deadline)).toBe('c-1:p-1');
    await say(desk);
    await desk.tell(ref, { kind: 'typing' }, 'e-2', deadline);
    await desk.tell(ref, { kind: 'ended', reason: 'customer' }, 'e-3', deadline);
    expect(icws.seen).toEqual([
      'POST start',
      'POST send-message/p-1',
      'POST send-message/p-1',
      'POST typing-state/p-1',
      'POST exit/p-1',
    ]);
    const [start, first, ...others] = icws.bodies;
    expect(start).toEqual(golden.start);
    expect(first).toMatchObject({ contentType: 'text/plain', message: expect.stringContaining('customer: Grüße') });
    expect(others).toEqual([golden.message, golden.typing]);
  });

  test.for([
    ['an unknown participant', unknown],
    ['a resource that is gone', [410]],
  ] as const)('reconnect comes after %s, and then the words once more', async ([, answer]) => {
    const icws = server({ 'send-message/p-1': [answer as Answer] });
    await say(deskAt(icws));
    expect(icws.seen).toEqual(['POST send-message/p-1', 'POST reconnect', 'POST send-message/p-1']);
    expect(icws.bodies[1]).toEqual(golden.reconnect);
  });

  test('a chat that cannot be reconnected takes no words', async () => {
    const icws = server({
      'send-message/p-1': [unknown],
      reconnect: [[400, { errorId: 'error.request.webChat.invalidChatId' }]],
    });
    await expect(say(deskAt(icws))).rejects.toMatchObject({ kind: 'refused' });
    expect(icws.seen).toHaveLength(2);
  });

  test('another refusal is one, without a reconnection', async () => {
    const icws = server({ 'send-message/p-1': [[400, { errorId: 'error.request.webChat.tooLong' }]] });
    await expect(say(deskAt(icws))).rejects.toThrow('status 400, error.request.webChat.tooLong');
    expect(icws.seen).toHaveLength(1);
  });

  test('row 37: the workgroup is that of the topic, and the default for an unknown department', async () => {
    const icws = server();
    const desk = deskAt(icws, { queues: { billing: 'Claims', '*': 'Support' } });
    for (const topic of ['billing', 'bees', undefined]) await desk.open({ ...handover, topic }, [], deadline);
    const targets = icws.bodies.flatMap((body) => Object(body).targetName ?? []);
    expect(targets).toEqual(['Claims', 'Support', 'Support']);
  });

  test('the notes hold the link to the conversation where there is one; a customer without a name has one', async () => {
    const icws = server();
    await deskAt(icws, { sessionSecret: testSettings.SESSION_SECRET }).open(
      { ...handover, name: undefined },
      [],
      deadline,
    );
    expect(icws.bodies[0]).toMatchObject({
      participantName: 'Customer',
      notes: expect.stringContaining('https://handover.example.com/agent-view?handoverId=haaaaaaaaaaaaaaaa&link='),
    });
  });
});

describe('an opening', () => {
  test('of which the words are not taken is closed again, and is none', async () => {
    const icws = server({ 'send-message/p-1': [[500]] });
    await expect(deskAt(icws).open(handover, [sampleLine], deadline)).rejects.toMatchObject({ kind: 'unknown' });
    expect(icws.seen).toEqual(['POST start', 'POST send-message/p-1', 'POST exit/p-1']);
  });

  test.for([{}, { participantId: 'p 1', chatId: 'c' }, { participantId: 5 }, undefined])(
    'answered with %j may have been taken, but nobody can say which chat it is',
    async (answer) => {
      const icws = server({ start: [[200, answer]] });
      await expect(deskAt(icws).open(handover, [], deadline)).rejects.toMatchObject({ kind: 'unknown' });
    },
  );

  test('gives names that lead back to the chat, whatever is in them', async () => {
    const icws = server({ start: [[200, { participantId: 'p:1/2', chatId: 'c%3A:1' }]] });
    const desk = deskAt(icws);
    const ticket = await desk.open(handover, [], deadline);
    await desk.tell({ ...ref, ticket }, { kind: 'typing' }, 'e-1', deadline);
    expect(icws.seen.at(-1)).toBe('POST typing-state/p%3A1%2F2');
  });
});

describe('the end', () => {
  test.for([unknown, [410]] as const)(
    'of a chat that the server does not know any more is no fault: %j',
    async (answer) => {
      const icws = server({ 'exit/p-1': [answer as Answer] });
      await deskAt(icws).tell(ref, { kind: 'ended', reason: 'expired' }, 'e-1', deadline);
      expect(icws.seen).toEqual(['POST exit/p-1']);
    },
  );

  test('of an opening that broke off asks nobody', async () => {
    const icws = server();
    const lost = { ...ref, ticket: ref.handoverId };
    await deskAt(icws).tell(lost, { kind: 'ended', reason: 'failed' }, 'e-1', deadline);
    expect(icws.seen).toEqual([]);
    await expect(say(deskAt(icws), lost)).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('a look', () => {
  const look = async (icws: ReturnType<typeof server>) => (await deskAt(icws).look?.(ref, deadline)) ?? [];

  test('reads what happened, in order and under the same ids each time', async () => {
    const told = await look(server());
    const bo = { name: 'Bo' };
    expect(told.map(({ event }) => event)).toEqual([
      { kind: 'joined', agent: bo, agentId: undefined },
      { kind: 'says', text: 'Hello Ada & welcome!\nHow can I help?', agent: bo, isShown: false },
      { kind: 'says', text: '[invoice.pdf]', agent: bo, isShown: false },
      { kind: 'left', agent: bo },
      { kind: 'ended', by: 'agent', agent: bo },
    ]);
    expect(told[1]).toMatchObject({
      about: { handoverId: ref.handoverId, ticket: 'c-1:p-1' },
      eventId: 'c-1-4',
      atMs: Date.UTC(2026, 0, 1, 0, 6, 2),
    });
    expect(await look(server())).toEqual(told);
  });

  test('finds in the history what was given to somebody else before, and does without one', async () => {
    const none: Answer = [200, { pollWaitSuggestion: '2000', messages: [] }];
    expect(await look(server({ 'messages/p-1': [none] }))).toHaveLength(5);
    expect(await look(server({ 'message-history/p-1': [[404]] }))).toHaveLength(5);
    expect(await look(server({ 'messages/p-1': [none], 'message-history/p-1': [[404]] }))).toEqual([]);
  });

  test('does not tell a long chat again and again: the newest 20 of what was given before, and all that is new', async () => {
    const text = golden.messages.messages[4];
    const history = Array.from({ length: 100 }, (_, sequenceNumber) => ({ ...text, sequenceNumber }));
    const answers = (fresh: number) => ({
      'messages/p-1': [[200, { messages: history.slice(100 - fresh) }] as const],
      'message-history/p-1': [[200, { messages: history }] as const],
    });
    expect(await look(server(answers(0)))).toHaveLength(20);
    expect(await look(server(answers(30)))).toHaveLength(50);
  });

  test('says what the system says as the system', async () => {
    const [, , joined, , text] = golden.messages.messages;
    const messages = [{ ...joined, participantType: 'System' }, text];
    const told = await look(server({ 'messages/p-1': [[200, { messages }]], 'message-history/p-1': [[404]] }));
    expect(told).toMatchObject([{ event: { kind: 'says', by: 'system', agent: undefined } }]);
  });

  test('at a chat that is gone sees the end; a server that is away is an error', async () => {
    const gone = {
      'messages/p-1': [unknown],
      reconnect: [[400, { errorId: 'error.request.webChat.invalidChatId' }]],
    } as const;
    expect((await look(server(gone as never))).map(({ event }) => event.kind)).toEqual(['ended']);
    await expect(look(server({ 'messages/p-1': [[500]] }))).rejects.toMatchObject({ kind: 'unknown' });
  });

  test.for([
    undefined,
    {},
    { messages: 'many' },
    { messages: [null, 5, { __type: 'urn:inin.com:webChat:chatMoonMessage' }, { __type: 5 }] },
  ])('at nonsense sees nothing: %j', async (answer) => {
    const told = { 'messages/p-1': [[200, answer] as const], 'message-history/p-1': [[200, answer] as const] };
    expect(await look(server(told))).toEqual([]);
  });

  test('at a handover without a chat asks nobody', async () => {
    const icws = server();
    expect(await deskAt(icws).look?.({ ...ref, ticket: ref.handoverId }, deadline)).toEqual([]);
    expect(icws.seen).toEqual([]);
  });
});

test('whether anybody is there cannot be known: no field for it is documented', () => {
  expect(deskAt(server()).availability).toBeUndefined();
});

test('a page of broken tags is read in no time', () => {
  const value = '<'.repeat(300_000);
  const text = { __type: 'urn:inin.com:webChat:chatTextMessage', participantId: 'p-2', sequenceNumber: 1 } as const;
  const message = { ...text, timestamp: undefined, contentType: 'text/html', value };
  const took = stopwatch();
  const told = toldByMessages(sampleRef, { chatId: 'chat', participantId: 'p-1' }, [message]);
  expect(told).toHaveLength(1);
  expect(took()).toBeLessThan(1_000);
});
