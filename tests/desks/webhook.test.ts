import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { startDeadline } from '../../shared/core/deadline.ts';
import { webhookDesk } from '../../shared/desks/webhook/index.ts';
import { requested, told } from '../../shared/desks/webhook/translate.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { deskContract, sampleHandover, sampleLine, sampleRef, toldEvents } from '../contracts/desk.ts';
import golden from '../fixtures/webhook-desk/events.json' with { type: 'json' };
import { startStandIn } from '../support/stand-in.ts';

const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=';

const deskAt = (url: string) => webhookDesk({ url, secrets: [secret], send: sendHttp, clock: systemClock });

deskContract({ name: 'webhook', opens: { ticket: 'T-1' }, ticket: 'T-1', secrets: [secret], make: deskAt });

describe('its events', () => {
  test('are those of the golden file', () => {
    const events = [requested(sampleHandover, [sampleLine]), ...toldEvents.map((event) => told(sampleRef, event))];
    expect(events).toEqual(golden.events);
  });

  test('are signed in the Standard Webhooks form, under an id that stays the same over all tries', async () => {
    const standIn = await startStandIn();
    const deadline = startDeadline(systemClock, 3_500);
    const desk = deskAt(standIn.url);
    for (let n = 0; n < 2; n++) await desk.tell(sampleRef, { kind: 'said', line: sampleLine }, 'c-1', deadline);
    for (const { headers, body } of standIn.seen) {
      expect(headers['webhook-id']).toBe('c-1');
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'handover.message' });
      expect(JSON.parse(body).timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }
    deadline.close();
    await standIn.close();
  });

  test('hold no dot in their id, whatever the handover is called', async () => {
    const standIn = await startStandIn();
    const deadline = startDeadline(systemClock, 3_500);
    await deskAt(standIn.url).open({ ...sampleHandover, handoverId: 'ticket.7' }, [], deadline);
    expect(standIn.seen[0]?.headers['webhook-id']).toBe('ticket_7-requested');
    deadline.close();
    await standIn.close();
  });

  test('name user and bot only where these lead back to the conversation', () => {
    const namesOf = (conversationId: string) => told({ ...sampleRef, conversationId }, { kind: 'typing' }).data;
    expect(namesOf('b+3A1:u:2')).toMatchObject({ botId: 'b:1', userId: 'u:2' });
    expect(namesOf('session-1')).not.toHaveProperty('userId');
    expect(namesOf('a+b:c')).not.toHaveProperty('userId');
  });

  test('stay below 20 kB: the newest lines that fit, and how many there are', () => {
    const lines = Array.from({ length: 200 }, (_, n) => ({
      ...sampleLine,
      id: `c-${n}`,
      text: `${n} ${'ü'.repeat(100)}`,
    }));
    const { data } = requested(sampleHandover, lines);
    expect(JSON.stringify(data).length).toBeLessThan(20_000);
    expect(data.linesTotal).toBe(200);
    expect((data.lines as { text: string }[]).at(-1)?.text).toMatch(/^199 /);
  });

  test('hold one line even when it alone is too long', () => {
    const { data } = requested(sampleHandover, [{ ...sampleLine, text: 'ü'.repeat(15_000) }]);
    expect(data.lines).toHaveLength(1);
    expect(JSON.stringify(data).length).toBeLessThan(20_000);
  });
});

test.for([
  undefined,
  {},
  { ticket: '' },
  { ticket: 5 },
  { ticket: 'a b' },
  { ticket: 'x'.repeat(201) },
  [],
  'ok',
  null,
])('an answer of %j names no ticket: the handover stands for it', async (answer) => {
  const standIn = await startStandIn(answer);
  const deadline = startDeadline(systemClock, 3_500);
  expect(await deskAt(standIn.url).open(sampleHandover, [], deadline)).toBe(sampleHandover.handoverId);
  deadline.close();
  await standIn.close();
});
