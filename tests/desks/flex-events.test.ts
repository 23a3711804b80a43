import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeskEvent } from '../../shared/core/handover/desk-told.ts';
import type { Inbound } from '../../shared/core/inbound.ts';
import { flexTelling } from '../../shared/desks/flex/events.ts';
import { inboundOf, testSettings } from '../support/calls.ts';

const SID = (kind: string, digit = '1') => `${kind}${digit.repeat(32)}`;
const handoverId = 'haaaaaaaaaaaaaaaa';
const atMs = Date.UTC(2026, 0, 1, 0, 5);

const own = flexTelling.caller.settings.read(testSettings, []);
const scoped = (query = `handoverId=${handoverId}`): Inbound => inboundOf('', { query });
const told = (body: unknown, inbound = scoped()) => flexTelling.told(body, inbound, own);

/** As twilio.com/docs/conversations/conversations-webhooks lists them, read 2026-11-21. */
const message = {
  AccountSid: testSettings.TWILIO_ACCOUNT_SID,
  EventType: 'onMessageAdded',
  Source: 'SDK',
  ClientIdentity: 'ada_40example_2Ecom',
  ConversationSid: SID('CH'),
  MessageSid: SID('IM'),
  ParticipantSid: SID('MB'),
  Index: '3',
  DateCreated: '2026-01-01T00:05:00.000Z',
  Author: 'ada_40example_2Ecom',
  Body: 'Hello, I am Ada',
  Attributes: '{}',
};

/** As twilio.com/docs/taskrouter/api/event lists them, read 2026-11-21. */
const taskEvent = (EventType: string, attributes: object = { handoverId }, more: object = {}) => ({
  AccountSid: testSettings.TWILIO_ACCOUNT_SID,
  WorkspaceSid: SID('WS'),
  EventType,
  Timestamp: String(atMs / 1_000),
  ResourceType: EventType.split('.')[0],
  TaskSid: SID('WT'),
  TaskAttributes: JSON.stringify(attributes),
  TaskAge: '12',
  TaskPriority: '0',
  TaskAssignmentStatus: 'assigned',
  TaskChannelUniqueName: 'chat',
  TaskQueueSid: SID('WQ'),
  WorkflowSid: SID('WW'),
  ...more,
});

const reservation = {
  ReservationSid: SID('WR'),
  WorkerSid: SID('WK'),
  WorkerName: 'ada@example.com',
  WorkerAttributes: JSON.stringify({
    full_name: 'Ada Berg',
    image_url: 'https://pictures.example.com/ada.png',
    contact_uri: 'client:ada_40example_2Ecom',
  }),
};

const one = (event: DeskEvent, eventId: string) => [{ about: { handoverId }, event, eventId, atMs }];

describe('a message', () => {
  const says = (text: string, isShown = false) => one({ kind: 'says', text, agent: undefined, isShown }, SID('IM'));

  test('of an agent is told under its own id, and never with their login', () => {
    expect(told(message)).toEqual(says('Hello, I am Ada'));
    expect(JSON.stringify(told(message))).not.toContain('example_2Ecom');
  });

  test('in a web chat has been read already', () => {
    expect(told(message, scoped(`handoverId=${handoverId}&shown=1`))).toEqual(says('Hello, I am Ada', true));
  });

  test('with files names them and fetches nothing (row 16)', () => {
    const Media = JSON.stringify([
      { Sid: SID('ME'), Filename: 'invoice.pdf', ContentType: 'application/pdf', Size: 5 },
      { Sid: SID('ME'), ContentType: 'image/png' },
    ]);
    expect(told({ ...message, Media })).toEqual(says('Hello, I am Ada\n[invoice.pdf]\n[file]'));
    expect(told({ ...message, Media, Body: '' })).toEqual(says('[invoice.pdf]\n[file]'));
    expect(told({ ...message, Media: 'no list' })).toEqual(says('Hello, I am Ada'));
  });

  test.for([`visitor-${'a'.repeat(32)}`, `customer-${handoverId}`])('of the customer is theirs: %s', (Author) => {
    expect(told({ ...message, Author })).toEqual(one({ kind: 'customer', text: 'Hello, I am Ada' }, SID('IM')));
  });

  test.for(['bot', 'handover'])('of ours is none: %s', (Author) => {
    expect(told({ ...message, Author })).toEqual([]);
  });

  test('of a flow, which is nobody in the conversation, is none', () => {
    expect(told({ ...message, Source: 'API', ParticipantSid: undefined, Author: 'system' })).toEqual([]);
  });

  test('of a conversation that names no handover is of the web chat that it is, where the visitor has read it', () => {
    const { ConversationSid: ticket } = message;
    expect(told(message, scoped(''))).toMatchObject([{ about: { ticket }, event: { kind: 'says', isShown: true } }]);
    expect(told({ ...message, ConversationSid: 'x' }, scoped(''))).toEqual([]);
  });

  test('without words, an id or a handover is none', () => {
    expect(told({ ...message, Body: ' ' })).toEqual([]);
    expect(told({ ...message, MessageSid: 'x' })).toEqual([]);
    expect(told(message, scoped('handoverId=a%20b'))).toEqual([]);
  });
});

describe('who comes and goes (row 15)', () => {
  const participant = {
    ...message,
    EventType: 'onParticipantRemoved',
    Identity: 'ada_40example_2Ecom',
    DateRemoved: '2026-01-01T00:05:00Z',
  };

  test('an agent who leaves has left, which is no end', () => {
    expect(told(participant)).toEqual(one({ kind: 'left', agent: undefined }, `${SID('MB')}-left`));
  });

  test('of the customer nothing is told, nor of a phone that has no name', () => {
    expect(told({ ...participant, Identity: `visitor-${'a'.repeat(32)}` })).toEqual([]);
    expect(told({ ...participant, Identity: undefined })).toEqual([]);
    expect(told({ ...participant, EventType: 'onParticipantAdded' })).toEqual([]);
  });

  test('an agent who accepts has joined, with the name and picture that customers may see', () => {
    const agent = { name: 'Ada Berg', avatarUrl: 'https://pictures.example.com/ada.png' };
    expect(told(taskEvent('reservation.accepted', { handoverId }, reservation), scoped(''))).toEqual(
      one({ kind: 'joined', agent, agentId: 'ada@example.com' }, `${SID('WR')}-joined`),
    );
  });

  test.for([
    ['{"full_name":"<b>Ada</b>\\u202e","image_url":"http://10.0.0.1/x.png"}', { name: 'bAda/b' }],
    ['{"image_url":"javascript:alert(1)"}', undefined],
    ['not json', undefined],
    ['[]', undefined],
    ['null', undefined],
    ['{"full_name":7}', undefined],
  ] as const)('whatever stands in the attributes of a worker: %s', ([WorkerAttributes, agent]) => {
    const [first] = told(
      taskEvent('reservation.accepted', { handoverId }, { ...reservation, WorkerAttributes }),
      scoped(''),
    );
    expect(first?.event).toEqual({ kind: 'joined', agent, agentId: 'ada@example.com' });
  });

  test('a transfer is told as such', () => {
    expect(told(taskEvent('task.transfer-initiated'))[0]?.event).toEqual({ kind: 'transferring' });
  });

  test.for([
    'reservation.created',
    'reservation.rejected',
    'reservation.timeout',
    'reservation.rescinded',
    'worker.created',
    'task.created',
  ])('an offer that was not taken is nothing: %s', (type) => {
    const event = taskEvent(type, { handoverId }, reservation);
    expect([told(event), flexTelling.perhapsOver?.(event)]).toEqual([[], undefined]);
  });
});

describe('an end', () => {
  const closed = {
    ...message,
    EventType: 'onConversationStateUpdated',
    StateFrom: 'active',
    StateTo: 'closed',
    Reason: 'API',
    StateUpdated: '2026-01-01T00:05:00Z',
  };

  test('is a conversation that was closed, by one id however it is told', () => {
    expect(told(closed)).toEqual(one({ kind: 'ended', by: 'agent', agent: undefined }, `${handoverId}-over`));
    expect(told({ ...closed, StateTo: 'inactive' })).toEqual([]);
  });

  const ends = [
    'workflow.timeout',
    'task.canceled',
    'task.deleted',
    'task.system-deleted',
    'task.wrapup',
    'task.completed',
  ];
  test.for(ends)('may be behind %s: then Flex is asked', (type) => {
    expect(told(taskEvent(type))).toEqual([]);
    expect(flexTelling.perhapsOver?.(taskEvent(type))).toBe(handoverId);
    for (const name of ['pre_engagement_data', 'preEngagementData'])
      expect(flexTelling.perhapsOver?.(taskEvent(type, { [name]: { handoverId } }))).toBe(handoverId);
  });

  test('of a phone call’s task is the phone’s', () => {
    const ofPhone = [
      taskEvent('task.canceled', { handoverId, call_sid: SID('CA') }),
      taskEvent('task.canceled', { handoverId, type: 'callback' }),
      taskEvent('task.canceled', { handoverId }, { TaskChannelUniqueName: 'voice' }),
      taskEvent('task.canceled', { other: 1 }),
    ];
    for (const event of ofPhone)
      expect([told(event, scoped('')), flexTelling.perhapsOver?.(event)]).toEqual([[], undefined]);
    expect(
      told(taskEvent('reservation.accepted', { handoverId, call_sid: SID('CA') }, reservation), scoped('')),
    ).toEqual([]);
  });
});

describe('an assignment callback', () => {
  const assignment = (attributes: object, contact_uri: string) => {
    const { EventType: _, ...event } = taskEvent('x.y', attributes, {
      ...reservation,
      WorkerAttributes: JSON.stringify({ contact_uri }),
    });
    return flexTelling.answer?.(event, own);
  };
  const answered = (value: object) => ({
    status: 200,
    headers: { 'content-type': expect.stringMatching(/^application\/json/) },
    body: JSON.stringify(value),
  });

  test('is answered with nothing, for Flex answers it', () => {
    expect(assignment({ handoverId }, 'client:ada')).toEqual(answered({}));
    expect(assignment({ call_sid: SID('CA') }, 'client:ada')).toEqual(answered({}));
    expect(assignment({ handoverId }, '+15005550008')).toEqual(answered({}));
    expect(flexTelling.answer?.({ ReservationSid: SID('WR') }, own)).toEqual(answered({}));
  });

  test('joins a caller who waits in line with a worker who has only a phone', () => {
    const dequeue = { instruction: 'dequeue', from: testSettings.TWILIO_PHONE_NUMBER };
    expect(assignment({ call_sid: SID('CA') }, '+15005550008')).toEqual(answered(dequeue));
    expect(assignment({ call_sid: SID('CA') }, 'sip:ada@example.com')).toEqual(answered(dequeue));
  });

  test('is no event, and events are answered without a body', () => {
    expect(flexTelling.answer?.(taskEvent('task.created'), own)).toMatchObject({ status: 204, body: '' });
    expect(flexTelling.answer?.(message, own)).toEqual({ status: 204, headers: {}, body: '' });
  });
});

test('an event of TaskRouter happened when it says to the millisecond, where it says so', () => {
  const event = taskEvent('reservation.accepted', { handoverId }, { ...reservation, TimestampMs: String(atMs + 789) });
  expect(told(event)).toMatchObject([{ atMs: atMs + 789 }]);
  expect(told({ ...event, TimestampMs: 'soon' })).toMatchObject([{ atMs: undefined }]);
});

test('whatever comes, nothing is thrown', () => {
  const names = [
    'EventType',
    'Author',
    'Body',
    'Media',
    'TaskAttributes',
    'WorkerAttributes',
    'MessageSid',
    'StateTo',
    'Timestamp',
    'TimestampMs',
  ];
  const wild = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.string(), fc.json()));
  const types = ['onMessageAdded', 'reservation.accepted', 'task.canceled', 'onConversationStateUpdated'];
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), wild), fc.constantFrom(...types), (body, EventType) => {
      for (const given of [body, { ...message, ...reservation, ...Object(body), EventType }]) {
        for (const happened of told(given)) expect(happened.eventId).not.toBe('');
        flexTelling.perhapsOver?.(given);
        flexTelling.answer?.(given, own);
      }
    }),
    { numRuns: 300 },
  );
});
