import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { startDeadline } from '../../shared/core/deadline.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { sidOf, twilioRest } from '../../shared/twilio/rest.ts';
import { testSettings } from '../support/calls.ts';
import { type FakeTwilio, fakeTwilio, type Treatment } from '../support/fake-twilio.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

const expected = v.object({ sid: sidOf('CA') });

function restOf(url: string) {
  return twilioRest({ ...testSettings, TWILIO_API_BASE_URL: url }, sendHttp, () => 0);
}

const create = (twilio: FakeTwilio, limitMs = 6_000) =>
  restOf(twilio.url).create('api.twilio.com', '/x.json', { A: 'b' }, expected, startDeadline(steadyClock, limitMs));

const update = (twilio: FakeTwilio) =>
  restOf(twilio.url).update('api.twilio.com', '/x.json', { A: 'b' }, expected, startDeadline(steadyClock, 6_000));

describe('twilioRest', () => {
  it('sends a form with the API key to the address of the setting, and says which host was meant', async () => {
    const twilio = await fakeTwilio();
    const rest = restOf(twilio.url);
    const deadline = startDeadline(steadyClock, 6_000);
    const answer = await rest.create(
      'api.twilio.com',
      '/p/Calls.json',
      { To: '+1', E: ['a', 'b&c'] },
      expected,
      deadline,
    );
    expect(answer).toEqual({ is: 'done', value: { sid: 'CA00000000000000000000000000000001' } });
    expect(twilio.requests).toEqual([
      { method: 'POST', host: 'api.twilio.com', path: '/p/Calls.json', body: 'To=%2B1&E=a&E=b%26c' },
    ]);
    const { TWILIO_API_KEY, TWILIO_API_SECRET } = testSettings;
    expect(twilio.authorization()).toBe(`Basic ${btoa(`${TWILIO_API_KEY}:${TWILIO_API_SECRET}`)}`);
  });

  it.each([
    'placed, then reset',
    'placed, answer cut off',
    'placed, answer empty',
    'placed, answer html',
    'placed, then 500',
    'reset',
    '500',
    '503',
  ] as const)('never makes something twice: %s', async (treatment) => {
    const twilio = await fakeTwilio();
    twilio.next(treatment);
    expect(await create(twilio)).toEqual({ is: 'unknown' });
    expect(twilio.requests).toHaveLength(1);
  });

  it('waits 3 s for an answer and leaves time to write down that none came', async () => {
    const twilio = await fakeTwilio();
    twilio.next('placed, then hangs', 'hangs');
    const deadlines = [6_000, 2_000].map((limitMs) => startDeadline(steadyClock, limitMs));
    const rest = restOf(twilio.url);
    const took = stopwatch();
    await Promise.all(
      deadlines.map(async (deadline) => {
        const answer = await rest.create('api.twilio.com', '/x.json', {}, expected, deadline);
        expect(answer).toEqual({ is: 'unknown' });
        expect(deadline.remainingMs()).toBeGreaterThan(600);
      }),
    );
    expect(took()).toBeLessThan(3_500);
  });

  it('repeats what Twilio was too busy for, as late as it is asked to', async () => {
    const twilio = await fakeTwilio();
    twilio.next({ busy: '1' }, { busy: undefined });
    const took = stopwatch();
    expect((await create(twilio)).is).toBe('done');
    expect(took()).toBeGreaterThan(990);
    expect([twilio.requests.length, twilio.placed()]).toEqual([3, 1]);
  });

  it('gives up when it would have to wait too long', async () => {
    const twilio = await fakeTwilio();
    twilio.next({ busy: '120' });
    expect(await create(twilio, 2_500)).toEqual({ is: 'unavailable', retryAfterSec: 5 });
    expect(twilio.requests).toHaveLength(1);
  });

  it('connects once more when nobody could have heard it', async () => {
    let tries = 0;
    const rest = twilioRest({ ...testSettings, TWILIO_API_BASE_URL: 'http://127.0.0.1:9' }, async (request) => {
      tries++;
      return sendHttp(request);
    });
    const answer = await rest.create('h', '/', {}, expected, startDeadline(steadyClock, 6_000));
    expect([answer.is, tries]).toEqual(['unavailable', 2]);
  });

  it('says that it was refused, with the code of Twilio, and follows no redirect', async () => {
    const twilio = await fakeTwilio();
    twilio.next('refused', 'redirected');
    expect(await create(twilio)).toEqual({ is: 'refused', status: 400, code: 21211 });
    expect(await create(twilio)).toEqual({ is: 'refused', status: 302, code: undefined });
    expect(twilio.requests).toHaveLength(2);
  });

  it('repeats an update of unknown outcome once', async () => {
    const twilio = await fakeTwilio();
    twilio.next('reset', 'placed', '500', '503', 'placed');
    expect((await update(twilio)).is).toBe('done');
    expect((await update(twilio)).is).toBe('unknown');
    expect(twilio.requests).toHaveLength(4);
  });

  it('looks something up without a form, and once more whatever went wrong', async () => {
    const twilio = await fakeTwilio();
    twilio.next('reset', 'placed', '500', 'placed, answer html', 'refused');
    const read = () => restOf(twilio.url).read('h', '/x?a=1', expected, startDeadline(steadyClock, 6_000));
    expect([(await read()).is, (await read()).is, (await read()).is]).toEqual(['done', 'unknown', 'refused']);
    expect(twilio.requests.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual(
      Array.from({ length: 5 }, () => 'GET /x?a=1 '),
    );
  });

  it('looks something up until the very end of the time: nothing must be written down afterwards', async () => {
    const twilio = await fakeTwilio();
    const answer = await restOf(twilio.url).read('h', '/x', expected, startDeadline(steadyClock, 700));
    expect(answer.is).toBe('done');
  });

  it('has made it at most once, and says unknown whenever it cannot tell, in every order of faults', async () => {
    const twilio = await fakeTwilio();
    const treatment = fc.constantFrom<Treatment>(
      'placed',
      'placed, then reset',
      'placed, answer cut off',
      'placed, answer html',
      'placed, then 500',
      'reset',
      '503',
      'refused',
      { busy: '0' },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(treatment, { maxLength: 4 }), async (treatments) => {
        const before = twilio.placed();
        twilio.next(...treatments);
        const answer = await create(twilio);
        const made = twilio.placed() - before;
        expect(made).toBeLessThanOrEqual(1);
        if (answer.is === 'done') expect(made).toBe(1);
        if (answer.is === 'refused' || answer.is === 'unavailable') expect(made).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
