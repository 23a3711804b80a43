import { expect, test } from 'vitest';
import type { StageEvent } from '../../stage/events.ts';
import { callOf } from './call.ts';
import type { Expectation } from './corpus.ts';
import { effectsOf } from './effects.ts';
import { type Answer, faultsOf, type Observed } from './expectations.ts';
import { privateTexts } from './privacy.ts';

const json = { 'content-type': 'application/json' };
const answer = (change: Partial<Answer>): Answer => ({ status: 200, headers: json, body: '{}', ms: 1, ...change });
const twiml = (body: string) => answer({ headers: { 'content-type': 'text/xml' }, body });

const event = (change: Partial<StageEvent>): StageEvent => ({
  id: 1,
  atMs: 0,
  vendor: 'twilio',
  direction: 'out',
  method: 'POST',
  url: 'https://api.twilio.com/Calls.json',
  headers: {},
  body: '',
  status: 201,
  ...change,
});
const write = event({ vendor: 'dynamodb', headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' } });

const observed = (change: Partial<Observed>): Observed => ({
  function: 'pause-check',
  answers: [answer({})],
  events: [],
  firstEffects: effectsOf('pause-check', []),
  logLines: ['{}'],
  heard: [],
  ...change,
});

const redirect = (query: string) =>
  twiml(`<Response><Redirect>https://webhooks.twilio.com/f?${query}</Redirect></Response>`);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (claims: object) => answer({ body: JSON.stringify({ token: `${part({})}.${part(claims)}.x` }) });
const jwt: Expectation['jwt'] = {
  maxTtl: 3600,
  identityNot: ['admin'],
  grantsOnly: ['identity', 'chat'],
  serviceSid: 'configured',
};
const sound = { exp: 3600, iat: 0, grants: { identity: 'a', chat: { service_sid: 'IS1' } } };

/** What is expected, what is seen, and a part of what must be said about it. */
test.for<readonly [Expectation, Partial<Observed>, string]>([
  [{ status: [200, 202] }, { answers: [answer({ status: 500 })] }, 'the status is 500, not 200 or 202'],
  [{ status: [200] }, { answers: [answer({}), answer({ status: 500 })] }, 'the status is 500'],
  [{ contentType: 'text/xml' }, {}, 'the content type is application/json'],
  [{ bodyIncludes: ['"paused":true'] }, {}, 'is missing in'],
  [{ bodyIncludesAny: ['a', 'b'] }, {}, 'none of'],
  [{ bodyExcludes: ['{'] }, {}, 'must not be in'],
  [{ wellFormedXml: true }, { answers: [twiml('<Response><Say></Response>')] }, 'no well-formed XML'],
  [{ redirectQuery: { FlowEvent: ['return'] } }, { answers: [twiml('<Response/>')] }, 'there is no <Redirect>'],
  [
    { redirectQuery: { FlowEvent: ['return'] } },
    { answers: [redirect('FlowEvent=audio')] },
    'FlowEvent in the redirect is "audio"',
  ],
  [
    { redirectQueryAbsent: ['SessionHistoryKey'] },
    { answers: [redirect('SessionHistoryKey=a')] },
    'must not be in the redirect',
  ],
  [{ redirectQuery: {} }, { answers: [redirect('skill=vip')] }, 'the flow may not read "skill"'],
  [{ redirectQuery: {} }, { answers: [redirect('FlowEvent=a&amp;FlowEvent=a')] }, 'or not twice'],
  [{ twimlExcludes: ['<script'] }, { answers: [twiml('<script/>')] }, 'TwiML holds'],
  [{ twimlExcludes: ['<script'] }, { heard: ['<script/>'] }, 'TwiML holds'],
  [{ twimlExcludes: ['<script'] }, { events: [event({ body: 'Twiml=%3Cscript' })] }, 'Twilio was sent'],
  [{ twilioRequestExcludes: ['http://'] }, { events: [event({ body: 'Url=http%3A%2F%2Fx' })] }, 'Twilio was sent'],
  [{ headersPresent: { 'Cache-Control': 'no-store' } }, {}, 'Cache-Control is missing'],
  [{ headersPresent: { 'Content-Type': 'xml' } }, {}, 'Content-Type is "application/json"'],
  [{ headersAbsent: ['Content-Type'] }, {}, 'Content-Type must not be there'],
  [{ maxMs: 5 }, { answers: [answer({ ms: 6 })] }, 'the answer took 6 ms'],
  [{ maxBytes: 1 }, {}, 'the body has 2 bytes'],
  [{ logLines: 1 }, { logLines: [] }, 'there are 0 log lines'],
  [{ logIncludes: ['a'] }, {}, 'the log lacks "a"'],
  [{ logExcludes: ['{'] }, {}, 'the log holds "{"'],
  [{ sameAnswer: true }, { answers: [answer({}), answer({ body: '[]' })] }, 'the answers differ'],
  [{ sameMembers: ['id'] }, { answers: [answer({ body: '{"id":1}' }), answer({ body: '{"id":2}' })] }, 'id differs'],
  [{ sameMembers: ['id'] }, {}, 'id differs or is missing'],
  [{ effects: { twilioWrites: 0 } }, { events: [event({})] }, 'twilioWrites is 1, not 0'],
  [{ effects: { twilioWritesMax: 1 } }, { events: [event({}), event({})] }, 'more than 1'],
  [{ effects: { dbWrites: 0 } }, { events: [write] }, 'dbWrites is 1, not 0'],
  [{ effects: { dbWrites: 'same as one delivery' } }, { events: [write] }, 'dbWrites is 1, not 0'],
  [{ effects: { deskWrites: 0 } }, { events: [event({ vendor: 'desk' })] }, 'deskWrites is 1, not 0'],
  [
    { effects: { deskWrites: 1 } },
    { function: 'handover-push', events: [event({ vendor: 'desk' })] },
    'deskWrites is 0, not 1',
  ],
  [{ effects: { outboundHttp: 0 } }, { events: [event({ method: 'GET' })] }, 'outboundHttp is 1, not 0'],
  [{ jwt }, {}, 'there is no token'],
  [{ jwt }, { answers: [token({ ...sound, exp: 3601 })] }, 'the token lives 3601 s'],
  [
    { jwt },
    { answers: [token({ ...sound, grants: { ...sound.grants, identity: 'admin' } })] },
    'the token is for "admin"',
  ],
  [{ jwt }, { answers: [token({ ...sound, grants: { ...sound.grants, voice: {} } })] }, 'the token also grants voice'],
  [{ jwt }, { answers: [token({ ...sound, grants: { identity: 'a', chat: {} } })] }, 'another service'],
  [{}, { answers: [answer({ body: 'at run (a.ts:1:2)' })] }, 'tells of our insides'],
  [{}, { answers: [answer({ body: 'desk-api-key-0123456789abcdef' })] }, 'tells of our insides'],
])('what must not be is seen: %j', ([expected, change, says]) => {
  expect(faultsOf(expected, observed(change), 'IS1').join('\n')).toContain(says);
});

test('what is as it must be is no fault', () => {
  expect(
    faultsOf({ status: [200], jwt, effects: { twilioWrites: 0 } }, observed({ answers: [token(sound)] }), 'IS1'),
  ).toEqual([]);
});

test('what is private in a call is known: secrets, numbers, ids and what was said, but no word of the contract', () => {
  const spec = {
    method: 'POST',
    url: '/handover-push?query=1',
    headers: { Authorization: 'Bearer {{DESK_KEY}}' },
    contentType: 'application/json',
    json: { eventType: 'channel_update', userId: 'user-1', text: 'hello there', phone: '+15005550006' },
  };
  const texts = privateTexts(callOf(spec));
  expect(texts).toEqual(
    expect.arrayContaining(['desk-api-key-0123456789abcdef', 'query=1', 'user-1', 'hello there', '+15005550006']),
  );
  expect(texts).not.toContain('channel_update');
});

test('a call is written out: constants, repeats, counters', () => {
  const spec = {
    method: 'POST',
    url: '/x',
    headers: { 'X-N': '{{n}}' },
    json: { a: '{{repeat:ab:3}}', phone: '+1500555{{n4}}' },
  };
  const call = callOf(spec, 7);
  expect(Buffer.from(call.body).toString()).toBe('{"a":"ababab","phone":"+15005550007"}');
  expect(call.headers).toEqual({ 'X-N': '7' });
});
