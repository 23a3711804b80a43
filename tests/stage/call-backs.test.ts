import { describe, expect, test } from 'vitest';
import { hears, phoneStage } from './phone-stage.ts';

const CUSTOMER = '+15005550006';
const AGENT = '+15005550008';
const later = (stage: ReturnType<typeof phoneStage>, minutes: number) =>
  stage.ask('POST', '/_stage/clock', { advanceMs: minutes * 60_000 });

describe('a call-back from the line of Flex', () => {
  const stage = phoneStage({ DESK: 'flex' });

  test('keeps the place of the caller: an agent gets it before the calls that came later', async () => {
    const first = await stage.callIn({ says: ['I want a person'], presses: ['1'], from: '+15005550021' });
    const { virtualStartTimeMs: sinceMs } = await stage.taskOf(first);
    await expect.poll(async () => (await stage.leg(first)).heard.at(-1)?.text).toMatch(/plays/);
    await later(stage, 6);
    const leg = await stage.over(first);
    expect(leg.heard.at(-1)?.text).toMatch(/call you back/);
    const second = await stage.callIn({ says: ['I want a person'], from: '+15005550022' });
    await stage.taskOf(second);
    await later(stage, 1);
    const waiting = (await stage.tasks()).filter(({ state }) => state === 'pending');
    expect(waiting.map(({ attributes }) => attributes.type).sort()).toEqual(['callback', 'inbound']);
    const callBack = waiting.find(({ attributes }) => attributes.type === 'callback');
    expect(Math.abs((callBack?.virtualStartTimeMs ?? 0) - sinceMs)).toBeLessThan(2_000);
    const taken = await stage.ask<{ attributes: Record<string, string> }>('POST', '/_stage/flex/accept', {});
    expect(taken.attributes).toMatchObject({
      ...{ type: 'callback', from: '+15005550021', handoverReason: 'call_back' },
      handoverUrl: expect.stringContaining('/agent-view?handoverId=h'),
    });
    await stage.nobodyWasLeftAlone();
  });
});

describe('a call-back to a customer', () => {
  const stage = phoneStage();
  const fault = (mode: string | readonly string[]) => stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode });
  const calls = async () => (await stage.legs()).filter(({ to }) => to === CUSTOMER);

  /** A customer whom no agent answered and who asked to be called back, with the agents there again. */
  async function promised() {
    await stage.people({ [CUSTOMER]: { presses: ['1'] }, [AGENT]: { answers: 'busy' } });
    const { status } = await stage.wish(CUSTOMER);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'ended', reason: 'call_back' });
    await stage.over((await stage.legTo(CUSTOMER)).callSid);
    await stage.people({ [CUSTOMER]: {}, [AGENT]: { presses: ['1'], says: ['Hello, I am Ada'], ends: 'hang-up' } });
  }
  const secondCall = async () => {
    await expect.poll(async () => (await calls()).length, { timeout: 10_000 }).toBe(2);
    return stage.over((await calls())[1]?.callSid ?? '');
  };

  test.for([
    ['refuses nothing', 'ok'],
    ['is busy at first', '429'],
  ] as const)('is placed when it is due, also where Twilio %s', async ([, mode]) => {
    await promised();
    await fault(mode);
    await later(stage, 16);
    if (mode !== 'ok') {
      expect(await calls()).toHaveLength(1);
      await fault('ok');
      await later(stage, 1);
    }
    hears(await secondCall(), [/asked for a call/, '(ringing)', 'Hello, I am Ada']);
    await later(stage, 60);
    expect(await calls()).toHaveLength(2);
    await stage.nobodyWasLeftAlone();
  });

  test.for([['reset-after-send'], ['truncated-201']] as const)(
    'is placed once where the answer is lost: %s',
    async ([mode]) => {
      await promised();
      await fault([mode]);
      await later(stage, 16);
      hears(await secondCall(), [/asked for a call/, '(ringing)', 'Hello, I am Ada']);
      await later(stage, 60);
      expect(await calls()).toHaveLength(2);
    },
  );

  test.for([['503'], ['hang']] as const)('is not tried again where it may have been placed: %s', async ([mode]) => {
    await promised();
    await fault([mode]);
    await later(stage, 16);
    await later(stage, 60);
    expect(await calls()).toHaveLength(1);
  });
});

describe('what an agent gets besides the call', () => {
  const stage = phoneStage({ AGENT_TEXTS: 'on', CALL_RECORDING: 'on' });
  const texts = () => stage.ask<{ to: string; body: string }[]>('GET', '/_stage/texts');

  test('a text with the link, when their phone is answered', async () => {
    const { status } = await stage.wish(CUSTOMER, { name: 'Grace', topic: 'claims' });
    await expect.poll(texts, { timeout: 10_000 }).toHaveLength(1);
    const [text] = await texts();
    expect(text).toMatchObject({ to: AGENT, body: expect.stringMatching(/Grace.*claims.*\/agent-view\?handoverId=h/) });
    const link = /http\S+/.exec(text?.body ?? '')?.[0] ?? '';
    expect((await fetch(link, { headers: { accept: 'text/html' } })).status).toBe(200);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'connected' });
  });

  test.for([['500'], ['hang'], ['429']] as const)('no text where Twilio fails by %s, but the call', async ([mode]) => {
    await stage.people({ [AGENT]: { presses: ['1'], says: ['Hello, I am Ada'], ends: 'hang-up' } });
    await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: ['ok', mode, mode, mode] });
    const { status } = await stage.wish(CUSTOMER);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'ended' });
    const leg = await stage.over((await stage.legTo(CUSTOMER)).callSid);
    expect(leg.heard.at(-1)?.text).toBe('Hello, I am Ada');
    await stage.nobodyWasLeftAlone();
  });

  test('both are told that they are recorded before they can say anything', async () => {
    await stage.people({ [AGENT]: { presses: ['1'], says: ['Hello, I am Ada'], ends: 'hang-up' } });
    await stage.wish(CUSTOMER);
    const agent = await stage.over((await stage.legTo(AGENT)).callSid);
    const customer = await stage.over((await stage.legTo(CUSTOMER)).callSid);
    expect(agent.heard[0]?.text).toContain('recorded');
    const told = customer.heard.findIndex(({ text }) => text.includes('recorded'));
    const talks = customer.heard.findIndex(({ text }) => text.includes('I am Ada'));
    expect(told).toBeGreaterThanOrEqual(0);
    expect(told).toBeLessThan(talks);
    expect(stage.lines.join('\n')).not.toMatch(/Recordings|RE[0-9a-f]{32}/);
  });
});
