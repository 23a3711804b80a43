import { expect, test } from 'vitest';
import { answerTo, NotTaken, takenAnswer } from '../../../shared/core/handover/not-taken.ts';
import { type HttpRequest, NoAnswer } from '../../../shared/core/http.ts';

const answer = (status: number, body = '', headers = {}) => ({ status, headers, body });

function whyNot(status: number, body = '', headers = {}): NotTaken {
  try {
    takenAnswer(answer(status, body, headers));
  } catch (error) {
    if (error instanceof NotTaken) return error;
  }
  throw new Error('it was taken');
}

test.for([
  [200, '', undefined],
  [204, '', undefined],
  [200, '{"ticket":"T-1"}', { ticket: 'T-1' }],
  [202, 'OK', undefined],
  [200, '{"success":true}', { success: true }],
] as const)('%d with %j is taken', ([status, body, value]) => {
  expect(takenAnswer(answer(status, body))).toEqual(value);
});

test.for([
  [200, '{"success":false}', 'unreachable'],
  [200, '<!doctype html><title>Sign in</title>', 'unreachable'],
  [301, '', 'refused'],
  [307, '', 'refused'],
  [400, '', 'refused'],
  [401, '', 'refused'],
  [404, '', 'refused'],
  [410, '', 'refused'],
  [408, '', 'unknown'],
  [429, '', 'unreachable'],
  [500, '', 'unknown'],
  [502, '', 'unknown'],
  [503, '', 'unreachable'],
] as const)('%d with %j is %s', ([status, body, kind]) => {
  expect(whyNot(status, body).kind).toBe(kind);
});

test('a side that asks for time is given at most a minute', () => {
  expect(whyNot(429, '', { 'retry-after': '2' }).retryAfterMs).toBe(2_000);
  expect(whyNot(503, '', { 'retry-after': '999999' }).retryAfterMs).toBe(60_000);
  expect(whyNot(500).retryAfterMs).toBeUndefined();
});

test('an answer that was cut off may stand for one that was taken; a connection that failed does not', async () => {
  const asking = (error: Error) => answerTo(() => Promise.reject(error), {} as HttpRequest);
  await expect(asking(new NoAnswer(true, 'answer cut off'))).rejects.toMatchObject({ kind: 'unknown' });
  await expect(asking(new NoAnswer(false, 'connection failed'))).rejects.toMatchObject({ kind: 'unreachable' });
  await expect(asking(new TypeError('a fault of ours'))).rejects.toThrow(TypeError);
});
