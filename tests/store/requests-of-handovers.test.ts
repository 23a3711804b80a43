import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openErasures } from '../../shared/store/erasures.ts';
import { keyOf } from '../../shared/store/keys.ts';
import { sampleOpening, sampleTurn } from '../contracts/store.ts';
import { engines, startMs, type TestTable } from './engines.ts';
import { noteRequests, requestText } from './sent-requests.ts';

let opened: TestTable;
let requests: ReturnType<typeof noteRequests>;

beforeAll(async () => {
  opened = await engines.dynalite();
  requests = noteRequests(opened.connection);
});
beforeEach(() => {
  requests.take();
});
afterAll(() => opened.stop());

const dayMs = 86_400_000;

const sent = () => requestText(requests.take());
const count = () => requests.take().length;

test('AP27 notes what a source knows where it told nothing later', async () => {
  await opened.table.contexts.tell('h-1', 'bot', { topic: 'billing', fields: { order: '4711' } }, startMs);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"HANDOVER#h-1"},"sk":{"S":"FACTS#bot"},"toldAtMs":{"N":"4070908800000"},"facts":{"S":"{\\"topic\\":\\"billing\\",\\"fields\\":{\\"order\\":\\"4711\\"}}"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073587200"}}
      ConditionExpression "attribute_not_exists(#pk) OR (#toldAtMs <= :nowMs)"
      ExpressionAttributeNames {"#pk":"pk","#toldAtMs":"toldAtMs"}
      ExpressionAttributeValues {":nowMs":{"N":"4070908800000"}}
    "
  `);
});

test('AP28 links a conversation', async () => {
  await opened.table.contexts.link('h-1', 'c-1', startMs);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CONV#c-1"},"sk":{"S":"HANDOVER#h-1"},"handoverId":{"S":"h-1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073587200"}}
    PutItem
      Item {"pk":{"S":"HANDOVER#h-1"},"sk":{"S":"CONV#c-1"},"linkedAtMs":{"N":"4070908800000"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073587200"}}
    "
  `);
});

test('AP29 asks for all that is known in one query', async () => {
  await opened.table.contexts.read('h-1');
  expect(sent()).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk"
      ExpressionAttributeNames {"#pk":"pk"}
      ExpressionAttributeValues {":pk":{"S":"HANDOVER#h-1"}}
    "
  `);
});

test('AP30 puts a handover on the list of its day', async () => {
  await opened.table.openings.add(sampleOpening);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"OPEN#2099-01-01"},"sk":{"S":"4070908800000#h-1"},"conversationId":{"S":"bot-1:user-1"},"kind":{"S":"chat"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4071081600"}}
    "
  `);
});

test('AP31 asks today first, backwards', async () => {
  await opened.table.openings.newest(startMs + 5, 3);
  expect(sent()).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk"
      ExpressionAttributeNames {"#pk":"pk"}
      ExpressionAttributeValues {":pk":{"S":"OPEN#2099-01-01"}}
      ScanIndexForward false
      Limit 3
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk"
      ExpressionAttributeNames {"#pk":"pk"}
      ExpressionAttributeValues {":pk":{"S":"OPEN#2098-12-31"}}
      ScanIndexForward false
      Limit 2
    "
  `);
});

test('AP31 does not ask yesterday when today is enough', async () => {
  const handovers = ['h-1', 'h-2', 'h-3'];
  for (const [n, handoverId] of handovers.entries())
    await opened.table.openings.add({ ...sampleOpening, handoverId, openedAtMs: startMs + 10 * dayMs + n });
  requests.take();
  await opened.table.openings.newest(startMs + 10 * dayMs + 5, 3);
  expect(count()).toBe(1);
  await opened.table.openings.newest(startMs + 10 * dayMs + 5, 0);
  expect(count()).toBe(0);
});

test('AP32 puts a call on the list of its day', async () => {
  await opened.table.due.add('r-1', startMs);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"DUE#2099-01-01"},"sk":{"S":"4070908800000#r-1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4071686400"}}
    "
  `);
});

test('AP33 asks each of eight days for what is due, the earliest first', async () => {
  await opened.table.due.until(startMs + 30 * dayMs, 20);
  const asked = requests.take();
  expect(asked).toHaveLength(8);
  expect(requestText(asked.slice(0, 1))).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk AND #sk < :after"
      ExpressionAttributeNames {"#pk":"pk","#sk":"sk"}
      ExpressionAttributeValues {":pk":{"S":"DUE#2099-01-24"},":after":{"S":"4073500800000$"}}
      Limit 20
    "
  `);
  expect(requestText(asked)).toContain(`DUE#2099-01-31`);
});

test('AP33 asks no further day when there are enough', async () => {
  const nowMs = startMs + 60 * dayMs;
  for (const [requestId, daysAgo] of [
    ['r-1', 6.5],
    ['r-2', 6.4],
    ['r-3', 2],
  ] as const)
    await opened.table.due.add(requestId, nowMs - daysAgo * dayMs);
  requests.take();
  await opened.table.due.until(nowMs, 2);
  expect(count()).toBe(1);
  await opened.table.due.until(nowMs, 3);
  expect(count()).toBe(6);
});

test('AP33 takes no more than eight requests, however many pages a day has', async () => {
  const nowMs = startMs + 90 * dayMs;
  const { pk } = keyOf({ kind: 'due', requestId: 'r-1', atMs: nowMs - 7 * dayMs });
  for (let n = 10; n < 30; n++) await opened.putRaw({ pk, sk: `0-unreadable-${n}` }, {});
  requests.take();
  expect(await opened.table.due.until(nowMs, 1)).toEqual([]);
  expect(count()).toBe(8);
});

test('AP34 takes a call off the list', async () => {
  await opened.table.due.remove('r-1', startMs);
  expect(sent()).toMatchInlineSnapshot(`
    "
    DeleteItem
      Key {"pk":{"S":"DUE#2099-01-01"},"sk":{"S":"4070908800000#r-1"}}
    "
  `);
});

test('AP35 puts a conversation on the list of its day', async () => {
  await opened.table.reminders.add({ conversationId: 'c-1', atMs: startMs });
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"REMIND#2099-01-01"},"sk":{"S":"4070908800000#c-1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4071686400"}}
    "
  `);
});

test('AP36 asks each of eight days for what is due, the earliest first, and no further day when there are enough', async () => {
  const nowMs = startMs + 30 * dayMs;
  await opened.table.reminders.due(nowMs, 20);
  const asked = requests.take();
  expect(asked).toHaveLength(8);
  expect(requestText(asked.slice(0, 1))).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk AND #sk < :after"
      ExpressionAttributeNames {"#pk":"pk","#sk":"sk"}
      ExpressionAttributeValues {":pk":{"S":"REMIND#2099-01-24"},":after":{"S":"4073500800000$"}}
      Limit 20
    "
  `);
  await opened.table.reminders.add({ conversationId: 'c-1', atMs: nowMs - 6.5 * dayMs });
  requests.take();
  await opened.table.reminders.due(nowMs, 1);
  expect(count()).toBe(1);
});

test('AP37 takes a reminder off the list', async () => {
  await opened.table.reminders.remove({ conversationId: 'c-1', atMs: startMs });
  expect(sent()).toMatchInlineSnapshot(`
    "
    DeleteItem
      Key {"pk":{"S":"REMIND#2099-01-01"},"sk":{"S":"4070908800000#c-1"}}
    "
  `);
});

test('AP38 removes everything of a customer', async () => {
  await opened.table.transcripts.putHandover({
    ...{ handoverId: 'h-e', conversationId: 'c-e', openedAtMs: startMs, topic: undefined, reason: undefined },
    ...{ name: undefined, language: undefined, fields: {} },
  });
  requests.take();
  await openErasures(opened.items).erase('c-e', startMs);
  const commands = requests.take().map(({ command }) => command.replace('Command', ''));
  const counted = (name: string) => commands.filter((command) => command === name).length;
  // Two partitions and fifteen days are looked at; the mark and the handover go, and what counts or names nothing is asked to.
  expect([counted('Query'), counted('DeleteItem'), counted('GetItem')]).toEqual([17, 4, 0]);
});

test('AP39 asks for a turn and the one before it in one query', async () => {
  await opened.table.voice.around({ caller: '+15005550001', callSid: 'CA1', atMs: startMs }, 3);
  expect(sent()).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk AND #sk BETWEEN :from AND :to"
      ExpressionAttributeNames {"#pk":"pk","#sk":"sk"}
      ExpressionAttributeValues {":pk":{"S":"VOICE#+15005550001"},":from":{"S":"4070908800000#CA1#0002"},":to":{"S":"4070908800000#CA1#0003"}}
    "
  `);
});

test('AP40 asks for the newest turn of a caller alone', async () => {
  const caller = '+15005550002';
  for (const turn of [1, 2])
    await opened.table.voice.put({ ...sampleTurn, call: { ...sampleTurn.call, caller }, turn });
  requests.take();
  await opened.table.voice.newest(caller);
  expect(sent()).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk"
      ExpressionAttributeNames {"#pk":"pk"}
      ExpressionAttributeValues {":pk":{"S":"VOICE#+15005550002"}}
      ScanIndexForward false
      Limit 1
    "
  `);
});

test('AP41 writes a turn where there is none', async () => {
  await opened.table.voice.put(sampleTurn);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"VOICE#+15005550006"},"sk":{"S":"4070908800000#CA1#0001"},"turn":{"S":"{\\"takenAtMs\\":4070908800005,\\"answer\\":{\\"says\\":[{\\"text\\":\\"What is the \\\\\\"priority\\\\\\" <of> it?\\"},{\\"pauseSec\\":1}],\\"choices\\":[{\\"title\\":\\"low\\",\\"value\\":\\"/inform{\\\\\\"priority\\\\\\":\\\\\\"low\\\\\\"}\\"}],\\"listens\\":{\\"for\\":\\"key\\",\\"hints\\":[\\"größer\\"]},\\"next\\":\\"listen\\"},\\"lines\\":[{\\"by\\":\\"customer\\",\\"text\\":\\"It is broken 🙂\\"},{\\"by\\":\\"bot\\",\\"text\\":\\"What is the priority?\\"}],\\"memory\\":{\\"conversationId\\":\\"h-1\\",\\"bot\\":{\\"is\\":\\"rasa-host\\",\\"url\\":\\"https://orders.example.com\\"},\\"states\\":{\\"helpdesk\\":{\\"slots\\":[null,1,{\\"a\\":\\"\\"}]},\\"rasa\\":\\"x\\"},\\"startsAfter\\":\\"https://rasa.example.com\\",\\"known\\":{\\"topic\\":\\"mail\\",\\"fields\\":{\\"order\\":\\"4711\\"},\\"draft\\":{\\"short_description\\":\\"broken\\"}},\\"hasBegun\\":true,\\"question\\":{\\"says\\":[{\\"text\\":\\"What?\\"}]},\\"asksToResume\\":false,\\"earlier\\":[{\\"callSid\\":\\"CA0\\",\\"atMs\\":4070908799999}],\\"silences\\":1,\\"misunderstood\\":2,\\"alone\\":0}}"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4070916000"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    "
  `);
});

test('AP42 asks for the turns of a call in one query', async () => {
  await opened.table.voice.ofCall({ caller: '+15005550001', callSid: 'CA1', atMs: startMs });
  expect(sent()).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk AND begins_with(#sk, :prefix)"
      ExpressionAttributeNames {"#pk":"pk","#sk":"sk"}
      ExpressionAttributeValues {":pk":{"S":"VOICE#+15005550001"},":prefix":{"S":"4070908800000#CA1#"}}
    "
  `);
});
