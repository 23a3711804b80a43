import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { webChatRequest } from '../../shared/core/web-chat/web-chat-request.ts';
import { builtDesks, connectMessage, type SceneOptions, shapes } from './desk-scene.ts';

const open = builtDesks();
const KEY = `dev::latest::893499::${'a'.repeat(8)}::b::c::d`;

interface Vector {
  readonly item?: object;
  readonly context?: object;
  readonly start?: object;
  readonly options?: SceneOptions;
  /** What the function is asked for, beside the action. */
  readonly body: object;
  /** What the agent reads first. */
  readonly sent?: readonly string[];
}

const vectors: Readonly<Record<string, Vector>> = {
  nothing: { body: {} },
  'a topic': { item: { topic: 'billing' }, body: { topic: 'billing', connect: { topic: 'billing' } } },
  'a message': {
    item: { message_to_human_agent: ' Wants a refund ' },
    body: { connect: { message_to_human_agent: 'Wants a refund' } },
    sent: ['Wants a refund'],
  },
  'a summary instead of a message': {
    item: {
      message_to_human_agent: '',
      transfer_info: {
        summary_message_to_agent: [
          { response_type: 'text', text: 'Order 7' },
          { response_type: 'image' },
          { response_type: 'text', text: 'Late' },
        ],
      },
    },
    body: { connect: { message_to_human_agent: 'Order 7\nLate' } },
    sent: ['Order 7\nLate'],
  },
  'what was collected': {
    item: { transfer_info: { additional_data: { order: '7' }, assignee: 'x', session_history_key: KEY } },
    body: { connect: { transfer_info: { additional_data: { order: '7' }, session_history_key: KEY } } },
  },
  'the session of the assistant': { context: { global: { session_id: 's-1' } }, body: { conversationId: 's-1' } },
  'the key of the web chat': {
    start: { agentAppInfo: { sessionHistoryKey: KEY } },
    body: { connect: { transfer_info: { session_history_key: KEY } } },
  },
  'what the page knows, before what the assistant says': {
    item: { topic: 'billing' },
    context: { global: { session_id: 's-1' } },
    options: { visitor: () => ({ friendlyName: 'Jane', topic: 'vip', language: 'de-AT', conversationId: 'c-1' }) },
    body: {
      friendlyName: 'Jane',
      topic: 'vip',
      language: 'de-AT',
      conversationId: 'c-1',
      connect: { topic: 'billing' },
    },
  },
  'what the page says at the start, before everything': {
    options: { visitor: () => ({ friendlyName: 'Jane', topic: 'vip' }) },
    start: { preStartChatPayload: { topic: 'now', other: 1 } },
    body: { friendlyName: 'Jane', topic: 'now' },
  },
  'what is malformed or too long': {
    item: { topic: 7, message_to_human_agent: 'y'.repeat(900), transfer_info: 'no' },
    context: { global: { session_id: 'not an id' } },
    start: { preStartChatPayload: 'text' },
    options: {
      visitor: () => ({ friendlyName: 'x'.repeat(300), language: 'not a language', topic: 'z'.repeat(20_000) }),
    },
    body: {
      friendlyName: 'x'.repeat(100),
      topic: 'z'.repeat(200),
      connect: { message_to_human_agent: 'y'.repeat(800) },
    },
    sent: ['y'.repeat(800)],
  },
};

describe.for(shapes)('row 18: %s', (shape) => {
  test.for(Object.entries(vectors))('the agent gets to know: %s', async ([, vector]) => {
    const { item, context, start, options = {}, body, sent = [] } = vector;
    const { desk, people, flexToken } = await open(shape, options);
    await desk.startChat(connectMessage(item, context), start);
    expect(flexToken.asked[0]?.body).toEqual({ action: 'start', ...body });
    expect(v.safeParse(webChatRequest, flexToken.asked[0]?.body).success).toBe(true);
    expect(people.sent).toEqual(sent);
  });

  test.for([
    undefined,
    null,
    {},
    { output: {} },
    { output: { generic: 'x' } },
    { output: { generic: [null, 7, 'x'] } },
  ])('an answer that asks for nobody is a start without a message: %j', async (message) => {
    const { desk, people, flexToken } = await open(shape);
    await desk.startChat(message as object);
    expect(flexToken.asked[0]?.body).toEqual({ action: 'start' });
    expect(people.sent).toEqual([]);
  });

  test('a first message that cannot be sent does not keep anybody from the agent', async () => {
    const { desk, chat, people } = await open(shape);
    people.trouble.send = 'fails';
    await desk.startChat(connectMessage({ message_to_human_agent: 'Wants a refund' }));
    people.joins('Ada');
    await expect.poll(() => chat.lines).toEqual(['joined Ada']);
  });

  test('what was said before cannot be read: no first message is better than two', async () => {
    const { desk, people } = await open(shape);
    people.trouble.since = 'fails';
    await desk.startChat(connectMessage({ message_to_human_agent: 'Wants a refund' }));
    expect(people.sent).toEqual([]);
  });
});
