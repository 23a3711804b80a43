import { expect, test } from 'vitest';
// @ts-expect-error: plain JavaScript for browsers
import { described } from '../../stage/page/words.js';

const asked = { vendor: 'botcopy', direction: 'in', method: 'POST', url: 'http://localhost/pause-check', headers: {} };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

test.for([
  [{ body: '{"queryInput":{"text":{"text":"Hi"}},"eventType":"message"}' }, 'Botcopy → pause-check', '“Hi”'],
  [{ vendor: 'desk', direction: 'out', body: '{"type":"handover.typing","data":{}}' }, '→ Desk', 'typing'],
  [{ vendor: 'desk', body: '{"eventType":"channel_update","paused":false}' }, 'Desk → pause-check', 'back to the bot'],
  [{ vendor: 'watson', body: '{"event":{"name":"message_logged"}}' }, 'Watson → pause-check', 'its log'],
  [
    { vendor: 'twilio', headers: form, body: 'Digits=12%23&CallStatus=in-progress' },
    'Twilio → pause-check',
    'presses 12#',
  ],
  [{ vendor: 'twilio', headers: form, body: 'EventType=onMessageAdded&Body=Hello' }, 'Twilio → pause-check', '“Hello”'],
  [
    {
      vendor: 'twilio',
      direction: 'out',
      url: 'https://api.twilio.com/2010/Calls.json',
      headers: form,
      body: 'To=%2B1',
    },
    '→ Twilio',
    'call +1',
  ],
  [
    { vendor: 'servicenow', direction: 'out', method: 'GET', url: 'http://x/api/now/table/sys_user?a=1', body: '' },
    '→ ServiceNow',
    'look into sys_user',
  ],
  [
    { vendor: 'twilio', direction: 'out', url: 'https://verify.twilio.com/v2/Services/VA1/Verifications', body: '' },
    '→ Twilio',
    'text a code',
  ],
  [{ vendor: 'genesys', body: 'no JSON', url: 'http://localhost/desk-events?x=1' }, 'Genesys → desk-events', 'POST'],
  [{ vendor: 'new', direction: 'out', body: '[null]' }, '→ new', 'POST'],
  [{ body: '{"type":"constructor","eventType":"toString","text":{}}' }, 'Botcopy → pause-check', 'POST'],
] as const)('%j is said as %s %s', ([event, who, says]) => {
  expect(described({ ...asked, status: 200, ...event })).toMatchObject({ who, says });
});

test.for([
  [{ status: 0 }, '…', 'open'],
  [{ status: 0, fault: 'hang' }, 'hangs', 'open'],
  [{ status: 0, isOver: true }, 'no answer', 'bad'],
  [{ status: 204 }, '204', 'good'],
  [{ status: 200, answer: '{"paused":true,"minutesPaused":10}' }, 'paused for 10 min', 'good'],
  [{ status: 409, answer: '{"error":{"code":"not_paused"}}' }, 'not paused · 409', 'bad'],
  [{ status: 200, answer: '<?xml version="1.0"?><Response><Say/><Say/><Dial/></Response>' }, 'Say, Dial', 'good'],
  [{ status: 200, answer: '{"error":' }, '200', 'good'],
] as const)('an answer like %j is %s', ([event, outcome, tone]) => {
  expect(described({ ...asked, body: '', ...event })).toMatchObject({ outcome, tone });
});
