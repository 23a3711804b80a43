import { describe, expect, test } from 'vitest';
import { eventLog } from '../../stage/events.ts';
import { handoverRefs } from '../../stage/refs.ts';

const event = (url: string, body = '', headers: Record<string, string> = {}) =>
  ({ atMs: 1, vendor: 'desk', direction: 'out', method: 'POST', url, headers, body }) as const;

describe('the list of events', () => {
  test('only the last ones are kept', () => {
    const log = eventLog(() => ({}), 3);
    for (const name of ['a', 'b', 'c', 'd']) log.begin(event(`http://x/${name}`))(200);
    expect(log.all().map(({ url }) => url)).toEqual(['http://x/b', 'http://x/c', 'http://x/d']);
  });

  test('a partner of whom much is asked drives out nothing of another', () => {
    const log = eventLog(() => ({}), 2);
    log.begin(event('http://x/desk'))(200);
    for (const name of ['a', 'b', 'c']) log.begin({ ...event(`http://x/${name}`), vendor: 'dynamodb' })(200);
    expect(log.all().map(({ url }) => url)).toEqual(['http://x/desk', 'http://x/b', 'http://x/c']);
    log.clear();
    for (const name of ['d', 'e']) log.begin({ ...event(`http://x/${name}`), vendor: 'dynamodb' })(200);
    expect(log.all()).toHaveLength(2);
  });

  test('an event is there and told of when it begins, and told of again when it is answered', () => {
    const log = eventLog(() => ({}));
    const told: unknown[] = [];
    const stop = log.watch(({ id, status, answer, isOver }) => told.push([id, status, answer, isOver]));
    const end = log.begin(event('http://x/a'));
    expect(log.all()).toMatchObject([{ status: 0 }]);
    end(200, 'yes');
    stop();
    log.begin(event('http://x/b'))(200);
    expect(told).toEqual([
      [1, 0, undefined, undefined],
      [1, 200, 'yes', true],
    ]);
  });
});

describe('where an event belongs', () => {
  test.for([
    ['the data of a signed event', event('http://x/', '{"data":{"handoverId":"h1","conversationId":"c1"}}')],
    ['the body itself', event('http://x/', '{"handoverId":"h1","conversationId":"c1"}')],
    ['headers', event('http://x/', '{}', { 'x-handover-id': 'h1', 'x-conversation-id': 'c1' })],
    ['the query', event('http://x/?HandoverId=h1&conversationId=c1')],
    [
      'what Flex is told about a web chat',
      event(
        'http://x/',
        new URLSearchParams({ PreEngagementData: '{"handoverId":"h1","conversationId":"c1"}' }).toString(),
        {
          'content-type': 'application/x-www-form-urlencoded',
        },
      ),
    ],
    [
      'a form, where the call is the conversation',
      event('http://x/?handover=h1', 'CallSid=c1', {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      }),
    ],
  ] as const)('is read from %s', ([, sent]) => {
    expect(handoverRefs().of(sent)).toEqual({ handoverId: 'h1', conversationId: 'c1' });
  });

  test('what was seen together once is filled in later', () => {
    const refs = handoverRefs();
    refs.of(event('http://x/', '{"handoverId":"h1","userId":"u","botId":"b"}'));
    expect(refs.of(event('http://x/', '{"userId":"u","botId":"b"}'))).toEqual({
      handoverId: 'h1',
      conversationId: 'b:u',
    });
    expect(refs.of(event('http://x/', '{"handoverId":"h1"}'))).toEqual({ handoverId: 'h1', conversationId: 'b:u' });
    refs.reset();
    expect(refs.of(event('http://x/', '{"handoverId":"h1"}'))).toEqual({ handoverId: 'h1' });
  });

  test('what Twilio names by its own SIDs belongs where they were named first', () => {
    const refs = handoverRefs();
    const form = (fields: Record<string, string>, url = 'http://x/') =>
      event(url, new URLSearchParams(fields).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    const chat = `CH${'1'.repeat(32)}`;
    const interaction = `KD${'2'.repeat(32)}`;
    const own = { handoverId: 'h1', conversationId: 'c1' };
    const attributes = { ...own, conversationSid: chat, flexInteractionSid: interaction };
    expect(refs.of(form({ UniqueName: 'h1', Attributes: '{"conversationId":"c1"}' }))).toEqual(own);
    expect(refs.of(form({ Routing: JSON.stringify({ properties: { attributes: own } }) }))).toEqual(own);
    expect(refs.of(form({ 'Configuration.Url': 'https://x/desk-events?handoverId=h1' }))).toEqual(own);
    expect(refs.of(event(`http://x/Conversations/${chat}`))).toEqual({});
    expect(refs.of(form({ EventType: 'task.created', TaskAttributes: JSON.stringify(attributes) }))).toEqual(own);
    expect(refs.of(event(`http://x/Conversations/${chat}`))).toEqual(own);
    expect(refs.of(event(`http://x/Interactions/${interaction}/Channels`))).toEqual(own);
  });

  test('a request that is about none belongs nowhere', () => {
    expect(handoverRefs().of(event('not a url', 'not json'))).toEqual({});
  });
});
