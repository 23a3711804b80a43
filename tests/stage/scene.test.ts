import { expect, test } from 'vitest';
import { NotSeen, playScene, type Report, seen } from '../../stage/scenes/scene.ts';
import { stageOfFile } from './stage-of-file.ts';

const step = (title: string, fails = false) => ({
  title,
  see: async () => [{ by: 'customer', text: seen(!fails && title, `nothing of ${title}`) }],
});

test('a scene tells of each step and of its end', async () => {
  const told: Report[] = [];
  expect(
    await playScene({ name: 's', title: 'S', steps: [step('one'), step('two')] }, (report) => told.push(report)),
  ).toBe(true);
  expect(told).toMatchObject([{ steps: 2 }, { step: 1, ok: true }, { step: 2, ok: true }, { done: true, ok: true }]);
});

test('a step that is not seen ends the scene with what is missing', async () => {
  const told: Report[] = [];
  const scene = { name: 's', title: 'S', steps: [step('one', true), step('two')] };
  expect(await playScene(scene, (report) => told.push(report))).toBe(false);
  expect(told).toMatchObject([
    { steps: 2 },
    { step: 1, ok: false, missing: 'nothing of one' },
    { done: true, ok: false },
  ]);
});

test('what is not there is not seen', () => {
  expect(() => seen(undefined, 'the ticket')).toThrow(new NotSeen('the ticket'));
  expect(seen('x', 'x')).toBe('x');
});

const stage = stageOfFile();

const play = async (scene: string) => {
  const answer = await stage.send('/_stage/play', { method: 'POST', body: JSON.stringify({ scene }) });
  const text = await answer.text();
  return { status: answer.status, last: text.trim().split('\n').at(-1) ?? '' };
};

test.for([
  ['phone', 'desk', '500', true],
  ['phone', 'dynamodb', '500', false],
  ['nobody-there', 'dynamodb', '500', false],
  ['botcopy', 'dynamodb', '500', false],
  ['watson-chat', 'desk', '503', false],
  ['phone', 'watson', '503', false],
  ['botcopy', 'botcopy', '500', false],
  ['assistant-down', 'watson', 'hang', false],
  ['click-to-call', 'twilio', '503', false],
  ['call-back', 'dynamodb', '500', false],
  ['webchat', 'twilio', '503', false],
  ['transfer', 'dynamodb', '500', false],
  ['nobody-online', 'twilio', '500', false],
  ['desk-down', 'bot', '500', false],
  ['helpdesk', 'servicenow', '503', false],
  ['helpdesk-status', 'dynamodb', '500', false],
  ['helpdesk-agent', 'dynamodb', '500', false],
  ['helpdesk-offline', 'servicenow', '500', false],
] as const)('%s while %s answers %s: seen to the end %s', async ([scene, vendor, mode, ok]) => {
  await stage.ask('POST', '/_stage/faults', { vendor, mode });
  expect(JSON.parse((await play(scene)).last)).toEqual({ scene, done: true, ok });
});

test('a scene that there is not is refused with those that there are', async () => {
  const { status, last } = await play('fax');
  expect(status).toBe(400);
  expect(JSON.parse(last)).toMatchObject({
    scenes: [
      ...['phone', 'assistant-down', 'click-to-call', 'nobody-there', 'call-back', 'botcopy', 'watson-chat'],
      ...['webchat', 'transfer', 'nobody-online', 'desk-down'],
      ...['helpdesk', 'helpdesk-status', 'helpdesk-agent', 'helpdesk-offline'],
    ],
  });
});
