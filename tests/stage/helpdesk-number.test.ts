import { expect, test } from 'vitest';
import { phoneStage } from './phone-stage.ts';

const stage = phoneStage();
const HELPDESK = '+15005550012';

/** The first request of a call: its path, and what it says of the caller. */
async function firstOf(call: object) {
  const { callSid } = await stage.ask<{ callSid: string }>('POST', '/_stage/call-in', call);
  const asked = async () =>
    (await stage.events()).find(({ direction, body }) => direction === 'in' && body.includes(callSid));
  await expect.poll(asked).toBeDefined();
  const first = await asked();
  const form = new URLSearchParams(first?.body);
  const { pathname, search } = new URL(first?.url ?? '', stage.url);
  return { path: `${pathname}${search}`, from: form.get('From'), vouched: form.get('StirVerstat') };
}

test('who calls the number of the helpdesk is asked for by its function, outside any flow', async () => {
  expect((await firstOf({ to: HELPDESK })).path).toBe('/helpdesk-call?flow=off');
  const callSid = await stage.callIn({ hangsUpAt: 'announcement' });
  expect((await stage.leg(callSid)).flow).not.toEqual([]);
});

test.for([
  ['a number of the stage', {}, '+15005550001', 'TN-Validation-Passed-A'],
  ['one that nobody vouches for', { stirVerstat: '' }, '+15005550001', null],
  ['a weaker word', { stirVerstat: 'TN-Validation-Passed-B' }, '+15005550001', 'TN-Validation-Passed-B'],
  ['a number from elsewhere', { from: '+442079460000' }, '+442079460000', null],
  ['a number that is withheld', { from: '+266696687' }, '+266696687', null],
] as const)('the network says of %s what it is told to', async ([, call, from, vouched]) => {
  expect(await firstOf({ to: HELPDESK, ...call })).toMatchObject({ from, vouched });
});

test('who waits at a prompt does what they are told: says it, presses it, or nothing', async () => {
  // The assistant does not answer, and nobody in line: the caller is offered what to press.
  await stage.assistant({ answers: 'busy' });
  const callSid = await stage.callIn({ waits: true });
  const task = await stage.taskOf(callSid);
  expect(task.state).toBe('pending');
  await stage.ask('POST', '/_stage/clock', { advanceMs: 6 * 60_000 });
  const asks = async () => Object(await stage.leg(callSid)).asks;
  await expect.poll(asks).toBe('keys');
  await stage.ask('POST', '/_stage/calls/press', { callSid, keys: '2' });
  await expect.poll(asks).toBe('message');
  await stage.ask('POST', '/_stage/calls/say', { callSid, text: 'Please call me back.' });
  const { heard } = await stage.over(callSid);
  expect(heard.map(({ text }) => text)).toEqual(expect.arrayContaining(['(presses 2)', 'Please call me back.']));
});

test.for([
  ['call-in', { to: HELPDESK, waits: 'yes' }],
  ['calls/press', { callSid: 'CA1', keys: 'A' }],
  ['calls/say', { callSid: 'CA1', text: 'hm', confidence: 2 }],
  ['calls/say', { callSid: 'CA1', text: 'hm', afterSec: -1 }],
] as const)('%s refuses %o', async ([path, body]) => {
  const answer = await stage.send(`/_stage/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(400);
});
