import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { SendHttp } from '../../shared/core/http.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { codeByText, verifySettings } from '../../shared/twilio/verify.ts';
import { FLEX, restApi } from '../stage/rest-api.ts';
import { testSettings } from '../support/calls.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import { openApiAnswerFaults } from '../support/twilio-openapi.ts';

const PHONE = '+15005550021';
const settings = { ...testSettings, VERIFY_SERVICE_SID: FLEX.VERIFY_SERVICE_SID };

let deadline: OwnedDeadline;
beforeEach(() => {
  deadline = startDeadline(systemClock, 2_550);
  return () => deadline.close();
});

/** Verify as the stage plays it, every answer held against what Twilio publishes. */
function onTheStage(language = 'en-US') {
  const api = restApi();
  const paths: string[] = [];
  const send: SendHttp = async ({ method, url, headers, body = '' }) => {
    const { host, pathname } = new URL(url);
    paths.push(pathname.replace(/.*\//, ''));
    const { status, body: shown } = api.post({ method, host, path: pathname, body, headers });
    if (status < 300) expect(openApiAnswerFaults({ method, host, path: pathname }, status, shown)).toEqual([]);
    return { status, headers: {}, body: JSON.stringify(shown) };
  };
  const codes = codeByText({ verify: { ...settings, TWILIO_API_BASE_URL: undefined } }, send, language);
  if (!codes) throw new Error('no service');
  const code = () => /\d{6}/.exec(api.messages.all().at(-1)?.body ?? '')?.[0] ?? '';
  return { ...api, paths, codes, code, wrong: () => (code() === '000000' ? '000001' : '000000') };
}

describe('a code', () => {
  test('is texted to the phone in the language of the call, and is right once', async () => {
    const { codes, code, messages } = onTheStage('de-DE');
    expect(await codes.send(PHONE, deadline)).toBe('sent');
    expect(messages.all()).toMatchObject([{ to: PHONE, body: `Ihr Bestätigungscode lautet: ${code()}` }]);
    expect(await codes.check(PHONE, code(), deadline)).toBe('right');
    expect(await codes.check(PHONE, code(), deadline)).toBe('over');
  });

  test('may be wrong five times, and then another one is of no use either', async () => {
    const { codes, code, wrong } = onTheStage();
    await codes.send(PHONE, deadline);
    for (let n = 0; n < 5; n++) expect(await codes.check(PHONE, wrong(), deadline)).toBe('wrong');
    expect(await codes.check(PHONE, code(), deadline)).toBe('over');
    expect(await codes.send(PHONE, deadline)).toBe('refused');
  });

  test('is good for ten minutes, then there is a new one', async () => {
    const { codes, code, engine } = onTheStage();
    await codes.send(PHONE, deadline);
    engine.clock.moveBy(590_000);
    expect(await codes.check(PHONE, code(), deadline)).toBe('right');
    await codes.send(PHONE, deadline);
    const late = code();
    engine.clock.moveBy(600_000);
    expect(await codes.check(PHONE, late, deadline)).toBe('over');
    expect(await codes.send(PHONE, deadline)).toBe('sent');
    expect(await codes.check(PHONE, code(), deadline)).toBe('right');
  });

  test('that is sent again is the same one, five times at most', async () => {
    const { codes, messages } = onTheStage();
    for (let n = 0; n < 5; n++) expect(await codes.send(PHONE, deadline)).toBe('sent');
    expect(await codes.send(PHONE, deadline)).toBe('refused');
    expect(new Set(messages.all().map(({ body }) => body)).size).toBe(1);
  });

  test('of one phone is wrong for another', async () => {
    const { codes, code } = onTheStage();
    await codes.send('+15005550022', deadline);
    const theirs = code();
    expect(await codes.check(PHONE, theirs, deadline)).toBe('over');
  });

  test.for(['', '12', '12345678901', 'abcdef', '12 34', '１２３４５６'])(
    '%j is wrong and is not asked about',
    async (code) => {
      const { codes, paths } = onTheStage();
      await codes.send(PHONE, deadline);
      expect(await codes.check(PHONE, code, deadline)).toBe('wrong');
      expect(paths).toEqual(['Verifications']);
    },
  );

  test('goes to no phone that is none', async () => {
    const { codes, paths } = onTheStage();
    for (const phone of ['', 'ada@example.com', '15005550021', '+1 500 555 0021'])
      expect(await codes.send(phone, deadline)).toBe('refused');
    expect(paths).toEqual([]);
  });
});

/** Codes by a server that answers like this, and what it was asked. */
async function answeredWith(status: number, json: unknown) {
  const server = await startRecordingServer(() => [status, json]);
  onTestFinished(() => server.close());
  const codes = codeByText({ verify: { ...settings, TWILIO_API_BASE_URL: server.url } }, sendHttp, 'en-US');
  if (!codes) throw new Error('no service');
  return { server, codes };
}

const refused = (code: number, status: number) => ({ code, message: 'no', more_info: '', status });
const sid = `VE${'1'.repeat(32)}`;

describe('what Twilio answers', () => {
  test.for([
    [200, { sid, status: 'approved', valid: true }, 'right'],
    [201, { sid, status: 'approved', valid: true }, 'right'],
    [201, { sid, status: 'approved' }, 'right'],
    [201, { sid, status: 'approved', valid: false }, 'over'],
    [201, { sid, status: 'pending', valid: false }, 'wrong'],
    [201, { sid, status: 'max_attempts_reached' }, 'over'],
    [201, { sid, status: 'expired' }, 'over'],
    [201, { sid, status: 'canceled' }, 'over'],
    [404, refused(20404, 404), 'over'],
    [429, refused(60202, 429), 'over'],
    [400, refused(60200, 400), 'unavailable'],
    [401, refused(20003, 401), 'unavailable'],
    [500, refused(20500, 500), 'unavailable'],
    [200, '<html>', 'unavailable'],
    [200, {}, 'unavailable'],
  ] as const)('to a check with %s %j is %s, and it is checked once', async ([status, json, outcome]) => {
    const { server, codes } = await answeredWith(status, json);
    expect(await codes.check(PHONE, '123456', deadline)).toBe(outcome);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: `/v2/Services/${FLEX.VERIFY_SERVICE_SID}/VerificationCheck`,
      body: 'To=%2B15005550021&Code=123456',
    });
  });

  test.for([
    [201, { sid, status: 'pending' }, 'sent'],
    [400, refused(60200, 400), 'refused'],
    [403, refused(60410, 403), 'refused'],
    [404, refused(20404, 404), 'refused'],
    [429, refused(60203, 429), 'refused'],
    [500, refused(20500, 500), 'unavailable'],
    [201, {}, 'unavailable'],
  ] as const)('to a code that is to be sent with %s %j is %s, and it is sent once', async ([status, json, outcome]) => {
    const { server, codes } = await answeredWith(status, json);
    expect(await codes.send(PHONE, deadline)).toBe(outcome);
    expect(server.requests.map(({ body }) => body)).toEqual(['To=%2B15005550021&Channel=sms&Locale=en']);
  });

  test('when it is too busy is asked again while there is time, and then is unavailable', async () => {
    const { server, codes } = await answeredWith(429, refused(20429, 429));
    expect(await codes.check(PHONE, '123456', deadline)).toBe('unavailable');
    expect(server.requests.length).toBeGreaterThan(1);
  });
});

function read(env: Record<string, string | undefined>) {
  const faults: string[] = [];
  return { codes: codeByText(verifySettings.read(env, faults), sendHttp, 'en-US'), faults };
}

test('without a service there are no codes, and no account is asked for', () => {
  expect(read({})).toEqual({ codes: undefined, faults: [] });
});

test('a service needs an account, and one that is none is a fault', () => {
  const VERIFY_SERVICE_SID = settings.VERIFY_SERVICE_SID;
  expect(read({ ...testSettings, VERIFY_SERVICE_SID }).faults).toEqual([]);
  expect(read({ VERIFY_SERVICE_SID }).faults.map((fault) => fault.split(' ')[0])).toContain('TWILIO_API_KEY');
  expect(read({ ...testSettings, VERIFY_SERVICE_SID: 'VA1' }).faults).toHaveLength(1);
});
