import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sampleCall, sampleChat, sampleHandover, sampleLine, sampleParcel, sampleState } from '../contracts/store.ts';
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

const sent = () => requestText(requests.take());

test('AP1 reads the state, strongly consistent', async () => {
  await opened.table.states.read('c-1');
  expect(sent()).toMatchInlineSnapshot(`
    "
    GetItem
      Key {"pk":{"S":"CONV#c-1"},"sk":{"S":"STATE"}}
      ConsistentRead true
    "
  `);
});

test('AP2 writes the first state where there is none', async () => {
  await opened.table.states.swap('c-2', undefined, sampleState);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CONV#c-2"},"sk":{"S":"STATE"},"epoch":{"N":"1"},"seq":{"N":"1"},"mode":{"S":"pending"},"pausedUntilMs":{"N":"4070908805000"},"handoverId":{"S":"h-1"},"bot":{"S":"plain"},"owner":{"S":"owner-1"},"deskSeq":{"N":"0"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073587200"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    "
  `);
});

test('AP2 changes a state on its epoch and seq', async () => {
  await opened.table.states.swap('c-3', undefined, sampleState);
  requests.take();
  await opened.table.states.swap('c-3', sampleState, { ...sampleState, seq: 2, mode: 'human' });
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CONV#c-3"},"sk":{"S":"STATE"},"epoch":{"N":"1"},"seq":{"N":"2"},"mode":{"S":"human"},"pausedUntilMs":{"N":"4070908805000"},"handoverId":{"S":"h-1"},"bot":{"S":"plain"},"owner":{"S":"owner-1"},"deskSeq":{"N":"0"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073587200"}}
      ConditionExpression "#epoch = :epoch AND #seq = :seq"
      ExpressionAttributeNames {"#epoch":"epoch","#seq":"seq"}
      ExpressionAttributeValues {":epoch":{"N":"1"},":seq":{"N":"1"}}
    "
  `);
});

test('AP3 adds a line where there is none of its id', async () => {
  await opened.table.transcripts.add('c-1', sampleLine);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CONV#c-1"},"sk":{"S":"SAID#LINE#line-1"},"by":{"S":"customer"},"text":{"S":"Hello, is anybody there?"},"atMs":{"N":"4070908800000"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073500800"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    "
  `);
});

test('AP4 stores a small history in one item', async () => {
  await opened.table.transcripts.putHistory('c-1', 'h-1', [sampleLine]);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CONV#c-1"},"sk":{"S":"SAID#HISTORY#h-1"},"digest":{"S":"(digest)"},"parts":{"N":"1"},"packed":{"B":"(bytes)"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073500800"}}
    "
  `);
});

test('AP5 asks for everything said in one query', async () => {
  await opened.table.transcripts.lines('c-1', 10);
  expect(sent()).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk AND begins_with(#sk, :prefix)"
      ExpressionAttributeNames {"#pk":"pk","#sk":"sk"}
      ExpressionAttributeValues {":pk":{"S":"CONV#c-1"},":prefix":{"S":"SAID#"}}
    "
  `);
});

test('AP6 marks a handover in its conversation, then writes it', async () => {
  await opened.table.transcripts.putHandover(sampleHandover);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CONV#bot-1:user-1"},"sk":{"S":"HANDOVER#h-1"},"handoverId":{"S":"h-1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073587200"}}
    PutItem
      Item {"pk":{"S":"HANDOVER#h-1"},"sk":{"S":"-"},"handoverId":{"S":"h-1"},"conversationId":{"S":"bot-1:user-1"},"openedAtMs":{"N":"4070908800000"},"topic":{"S":"billing"},"language":{"S":"de"},"fields":{"S":"{\\"order\\":\\"4711\\",\\"note\\":\\"größer als \\\\\\"x\\\\\\" 🙂\\"}"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073500800"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    "
  `);
});

test('AP7 reads a handover by its id', async () => {
  await opened.table.transcripts.handover('h-1');
  expect(sent()).toMatchInlineSnapshot(`
    "
    GetItem
      Key {"pk":{"S":"HANDOVER#h-1"},"sk":{"S":"-"}}
      ConsistentRead true
    "
  `);
});

test('AP8 puts a parcel where there is none of its event', async () => {
  await opened.table.outbox.put(sampleParcel);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CONV#bot-1:user-1"},"sk":{"S":"OUT#desk#e-1"},"order":{"N":"4070908800000"},"payload":{"S":"{\\"type\\":\\"message\\"}"},"claimedUntilMs":{"N":"4070908802000"},"tries":{"N":"1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073500800"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    "
  `);
});

test('AP9 asks for what waits for one side in one query', async () => {
  await opened.table.outbox.waiting('bot-1:user-1', 'desk');
  expect(sent()).toMatchInlineSnapshot(`
    "
    Query
      ConsistentRead true
      KeyConditionExpression "#pk = :pk AND begins_with(#sk, :prefix)"
      ExpressionAttributeNames {"#pk":"pk","#sk":"sk"}
      ExpressionAttributeValues {":pk":{"S":"CONV#bot-1:user-1"},":prefix":{"S":"OUT#desk#"}}
    "
  `);
});

test('AP10 claims a parcel whose claim is over', async () => {
  const parcel = { ...sampleParcel, eventId: 'e-10' };
  await opened.table.outbox.put(parcel);
  requests.take();
  await opened.table.outbox.claim(parcel, parcel.claimedUntilMs, parcel.claimedUntilMs + 2_000);
  expect(sent()).toMatchInlineSnapshot(`
    "
    UpdateItem
      Key {"pk":{"S":"CONV#bot-1:user-1"},"sk":{"S":"OUT#desk#e-10"}}
      UpdateExpression "SET #claimedUntilMs = :untilMs, #tries = #tries + :one, #writeId = :writeId, #ttlSec = :ttlSec"
      ConditionExpression "(#claimedUntilMs <= :nowMs AND attribute_type(#tries, :type)) AND (attribute_not_exists(#writeId) OR #writeId <> :writeId)"
      ExpressionAttributeNames {"#claimedUntilMs":"claimedUntilMs","#tries":"tries","#writeId":"writeId","#ttlSec":"ttlSec"}
      ExpressionAttributeValues {":untilMs":{"N":"4070908804000"},":one":{"N":"1"},":nowMs":{"N":"4070908802000"},":type":{"S":"N"},":writeId":{"S":"(random)"},":ttlSec":{"N":"4073500800"}}
      ReturnValues "ALL_NEW"
    "
  `);
});

test('AP11 lets go of a parcel that nobody else has claimed', async () => {
  const parcel = { ...sampleParcel, eventId: 'e-11' };
  await opened.table.outbox.put(parcel);
  requests.take();
  await opened.table.outbox.release(parcel, startMs + 500);
  expect(sent()).toMatchInlineSnapshot(`
    "
    UpdateItem
      Key {"pk":{"S":"CONV#bot-1:user-1"},"sk":{"S":"OUT#desk#e-11"}}
      UpdateExpression "SET #claimedUntilMs = :retryAtMs, #writeId = :writeId, #ttlSec = :ttlSec"
      ConditionExpression "(#tries = :tries) AND (attribute_not_exists(#writeId) OR #writeId <> :writeId)"
      ExpressionAttributeNames {"#claimedUntilMs":"claimedUntilMs","#writeId":"writeId","#ttlSec":"ttlSec","#tries":"tries"}
      ExpressionAttributeValues {":retryAtMs":{"N":"4070908800500"},":tries":{"N":"1"},":writeId":{"S":"(random)"},":ttlSec":{"N":"4073500800"}}
      ReturnValues "ALL_NEW"
    "
  `);
});

test('AP12 removes a parcel', async () => {
  await opened.table.outbox.remove(sampleParcel);
  expect(sent()).toMatchInlineSnapshot(`
    "
    DeleteItem
      Key {"pk":{"S":"CONV#bot-1:user-1"},"sk":{"S":"OUT#desk#e-1"}}
    "
  `);
});

test('AP13 claims a key by its hash', async () => {
  await opened.table.once.claim('key-1', 'fingerprint-1', startMs, 8_000);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"ONCE#vil0VGl443OebW2oXEvp8zTOMt8rn9S2_xtVwNV-nUQ"},"sk":{"S":"-"},"fingerprint":{"S":"fingerprint-1"},"untilMs":{"N":"4070908808000"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4070995208"}}
      ConditionExpression "attribute_not_exists(#pk) OR (#untilMs <= :nowMs)"
      ExpressionAttributeNames {"#pk":"pk","#untilMs":"untilMs"}
      ExpressionAttributeValues {":nowMs":{"N":"4070908800000"}}
    "
  `);
});

test('AP14 stores the answer for a key', async () => {
  await opened.table.once.claim('key-2', 'fingerprint-1', startMs, 8_000);
  requests.take();
  await opened.table.once.finish('key-2', 'fingerprint-1', { status: 202 }, startMs, 86_400_000);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"ONCE#fDawqd7d4RnHUWWVfGycGH5l3x7l24fExYrVA62Iy-M"},"sk":{"S":"-"},"fingerprint":{"S":"fingerprint-1"},"untilMs":{"N":"4070995200000"},"answer":{"S":"{\\"result\\":{\\"status\\":202}}"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4071081600"}}
      ConditionExpression "attribute_not_exists(#pk) OR (#fingerprint = :fingerprint AND attribute_not_exists(#answer))"
      ExpressionAttributeNames {"#pk":"pk","#fingerprint":"fingerprint","#answer":"answer"}
      ExpressionAttributeValues {":fingerprint":{"S":"fingerprint-1"}}
    "
  `);
});

test('AP15 gives a key back by the claim that is there', async () => {
  await opened.table.once.claim('key-3', 'fingerprint-1', startMs, 8_000);
  requests.take();
  await opened.table.once.forget('key-3', 'fingerprint-1');
  expect(sent()).toMatchInlineSnapshot(`
    "
    GetItem
      Key {"pk":{"S":"ONCE#2e-BllV8naaYBvtdd39OWtbVwYWTA54P9i-f3wA7AZg"},"sk":{"S":"-"}}
      ConsistentRead true
    DeleteItem
      Key {"pk":{"S":"ONCE#2e-BllV8naaYBvtdd39OWtbVwYWTA54P9i-f3wA7AZg"},"sk":{"S":"-"}}
      ConditionExpression "#writeId = :writeId"
      ExpressionAttributeNames {"#writeId":"writeId"}
      ExpressionAttributeValues {":writeId":{"S":"(random)"}}
    "
  `);
});

test('AP16 creates a call where there is none of its id', async () => {
  await opened.table.calls.create(sampleCall);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CALL#r-1"},"sk":{"S":"-"},"requestId":{"S":"r-1"},"subject":{"S":"visitor-1"},"phone":{"S":"+15005550006"},"name":{"S":"Ada"},"status":{"S":"calling"},"createdAtMs":{"N":"4070908800000"},"updatedAtMs":{"N":"4070908800000"},"version":{"N":"1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073500800"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    "
  `);
});

test('AP17 reads a call, strongly consistent', async () => {
  await opened.table.calls.read('r-1');
  expect(sent()).toMatchInlineSnapshot(`
    "
    GetItem
      Key {"pk":{"S":"CALL#r-1"},"sk":{"S":"-"}}
      ConsistentRead true
    "
  `);
});

test('AP18 changes a call on its version', async () => {
  const call = { ...sampleCall, requestId: 'r-18' };
  await opened.table.calls.create(call);
  requests.take();
  await opened.table.calls.swap(call, { ...call, status: 'connected', version: 2 });
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CALL#r-18"},"sk":{"S":"-"},"requestId":{"S":"r-18"},"subject":{"S":"visitor-1"},"phone":{"S":"+15005550006"},"name":{"S":"Ada"},"status":{"S":"connected"},"createdAtMs":{"N":"4070908800000"},"updatedAtMs":{"N":"4070908800000"},"version":{"N":"2"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073500800"}}
      ConditionExpression "#version = :version"
      ExpressionAttributeNames {"#version":"version"}
      ExpressionAttributeValues {":version":{"N":"1"}}
    "
  `);
});

test('AP19 occupies the place of a phone number', async () => {
  await opened.table.calls.occupy('+15005550006', 'r-1', startMs, startMs + 30_000);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"PHONE#+15005550006"},"sk":{"S":"-"},"requestId":{"S":"r-1"},"untilMs":{"N":"4070908830000"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4071081600"}}
      ConditionExpression "attribute_not_exists(#pk) OR (#untilMs <= :nowMs OR #requestId = :requestId)"
      ExpressionAttributeNames {"#pk":"pk","#untilMs":"untilMs","#requestId":"requestId"}
      ExpressionAttributeValues {":nowMs":{"N":"4070908800000"},":requestId":{"S":"r-1"}}
    "
  `);
});

test('AP20 gives the place back, never later than it was', async () => {
  await opened.table.calls.occupy('+15005550007', 'r-1', startMs, startMs + 60_000);
  requests.take();
  await opened.table.calls.vacate('+15005550007', 'r-1', startMs + 30_000);
  expect(sent()).toMatchInlineSnapshot(`
    "
    UpdateItem
      Key {"pk":{"S":"PHONE#+15005550007"},"sk":{"S":"-"}}
      UpdateExpression "SET #untilMs = :untilMs, #writeId = :writeId, #ttlSec = :ttlSec"
      ConditionExpression "(#requestId = :requestId AND #untilMs > :untilMs) AND (attribute_not_exists(#writeId) OR #writeId <> :writeId)"
      ExpressionAttributeNames {"#untilMs":"untilMs","#writeId":"writeId","#ttlSec":"ttlSec","#requestId":"requestId"}
      ExpressionAttributeValues {":untilMs":{"N":"4070908830000"},":requestId":{"S":"r-1"},":writeId":{"S":"(random)"},":ttlSec":{"N":"4071081600"}}
      ReturnValues "ALL_NEW"
    "
  `);
});

test('AP21 makes a call known', async () => {
  await opened.table.progress.begin('CA1', startMs);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"PROGRESS#CA1"},"sk":{"S":"-"},"status":{"S":""},"sequence":{"N":"-1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4071513600"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    "
  `);
});

test('AP22 notes a status that is news', async () => {
  await opened.table.progress.begin('CA2', startMs);
  requests.take();
  await opened.table.progress.advance('CA2', 'ringing', 1, startMs);
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"PROGRESS#CA2"},"sk":{"S":"-"},"status":{"S":"ringing"},"sequence":{"N":"1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4071513600"}}
      ConditionExpression "#sequence < :seen AND NOT #status IN (:completed,:busy,:failed,:noAnswer,:canceled)"
      ExpressionAttributeNames {"#sequence":"sequence","#status":"status"}
      ExpressionAttributeValues {":seen":{"N":"1"},":completed":{"S":"completed"},":busy":{"S":"busy"},":failed":{"S":"failed"},":noAnswer":{"S":"no-answer"},":canceled":{"S":"canceled"}}
    "
  `);
});

test('AP23 takes a place in a sliding window', async () => {
  await opened.table.rates.take('phone +15005550006', 3, 600_000, startMs);
  await opened.table.rates.take('phone +15005550006', 3, 600_000, startMs + 1);
  expect(sent()).toMatchInlineSnapshot(`
    "
    GetItem
      Key {"pk":{"S":"RATE#JDgBlz29EnN6dT5uCYgxUnF88tyf8FmzMOHcSuQxW1I"},"sk":{"S":"-"}}
      ConsistentRead true
    PutItem
      Item {"pk":{"S":"RATE#JDgBlz29EnN6dT5uCYgxUnF88tyf8FmzMOHcSuQxW1I"},"sk":{"S":"-"},"places":{"L":[{"S":"4070908800000 (random)"}]},"writeId":{"S":"(random)"},"ttlSec":{"N":"4070995800"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    GetItem
      Key {"pk":{"S":"RATE#JDgBlz29EnN6dT5uCYgxUnF88tyf8FmzMOHcSuQxW1I"},"sk":{"S":"-"}}
      ConsistentRead true
    PutItem
      Item {"pk":{"S":"RATE#JDgBlz29EnN6dT5uCYgxUnF88tyf8FmzMOHcSuQxW1I"},"sk":{"S":"-"},"places":{"L":[{"S":"4070908800001 (random)"},{"S":"4070908800000 (random)"}]},"writeId":{"S":"(random)"},"ttlSec":{"N":"4070995800"}}
      ConditionExpression "#writeId = :seen"
      ExpressionAttributeNames {"#writeId":"writeId"}
      ExpressionAttributeValues {":seen":{"S":"(random)"}}
    "
  `);
});

test('AP24 takes a place of a day in one of its shards', async () => {
  await opened.table.rates.takeDaily('calls', 1, startMs); // a limit of one is in one shard
  expect(sent()).toMatchInlineSnapshot(`
    "
    UpdateItem
      Key {"pk":{"S":"DAILY#9G9ZkOv63KsZkQcli52t2HEb15RtjQAJGhBz7_zyqEM#2099-01-01#09"},"sk":{"S":"-"}}
      UpdateExpression "SET #taken = if_not_exists(#taken, :zero) + :one, #writeId = :writeId, #ttlSec = :ttlSec"
      ConditionExpression "(attribute_not_exists(#taken) OR #taken < :share) AND (attribute_not_exists(#writeId) OR #writeId <> :writeId)"
      ExpressionAttributeNames {"#taken":"taken","#writeId":"writeId","#ttlSec":"ttlSec"}
      ExpressionAttributeValues {":zero":{"N":"0"},":one":{"N":"1"},":share":{"N":"1"},":writeId":{"S":"(random)"},":ttlSec":{"N":"4071081600"}}
      ReturnValues "ALL_NEW"
    "
  `);
});

test('AP25 reads the chat of a visitor, strongly consistent', async () => {
  await opened.table.chats.read('visitor-1');
  expect(sent()).toMatchInlineSnapshot(`
    "
    GetItem
      Key {"pk":{"S":"CHAT#visitor-1"},"sk":{"S":"-"}}
      ConsistentRead true
    "
  `);
});

test('AP26 changes the chat of a visitor on its version', async () => {
  await opened.table.chats.swap(undefined, sampleChat);
  await opened.table.chats.swap(sampleChat, { ...sampleChat, status: 'closed', version: 2 });
  expect(sent()).toMatchInlineSnapshot(`
    "
    PutItem
      Item {"pk":{"S":"CHAT#visitor-1"},"sk":{"S":"-"},"identity":{"S":"visitor-1"},"status":{"S":"starting"},"leaseUntilMs":{"N":"4070908808000"},"version":{"N":"1"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073500800"}}
      ConditionExpression "attribute_not_exists(#pk)"
      ExpressionAttributeNames {"#pk":"pk"}
    PutItem
      Item {"pk":{"S":"CHAT#visitor-1"},"sk":{"S":"-"},"identity":{"S":"visitor-1"},"status":{"S":"closed"},"leaseUntilMs":{"N":"4070908808000"},"version":{"N":"2"},"writeId":{"S":"(random)"},"ttlSec":{"N":"4073500800"}}
      ConditionExpression "#version = :seen"
      ExpressionAttributeNames {"#version":"version"}
      ExpressionAttributeValues {":seen":{"N":"1"}}
    "
  `);
});

test('what happens most costs least', async () => {
  const { states, transcripts } = opened.table;
  const cost = async (work: Promise<unknown>) => {
    await work;
    const all = requests.take();
    return { requests: all.length, units: all.reduce((units, request) => units + request.capacityUnits, 0) };
  };
  const words = 'I ordered two weeks ago and nothing has come yet, can you look it up?';
  const lines = Array.from({ length: 100 }, (_, n) => ({ ...sampleLine, id: `l-${n}`, text: `${n} ${words}` }));
  expect(await cost(states.swap('cost', undefined, sampleState))).toEqual({ requests: 1, units: 1 });
  expect(await cost(states.read('cost'))).toEqual({ requests: 1, units: 1 });
  expect(await cost(transcripts.add('cost', sampleLine))).toEqual({ requests: 1, units: 1 });
  expect(await cost(transcripts.putHistory('cost', 'h-1', lines))).toEqual({ requests: 1, units: 1 });
});
