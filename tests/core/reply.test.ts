import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem, type ProblemCode, problemKinds } from '../../shared/core/problems.ts';
import { json, noContent, problemReply, xml } from '../../shared/core/reply.ts';

test('a problem says its code, a sentence and the id, and nothing of our insides', () => {
  const secret = 'AC0123-secret-value';
  const problem = new Problem('state_unavailable', { reason: secret, cause: new Error(secret), retryAfterSec: 2 });
  const reply = problemReply(problem, 'id-1');
  expect(JSON.parse(reply.body)).toEqual({
    error: { code: 'state_unavailable', message: 'State cannot be read now.', id: 'id-1' },
  });
  expect(reply.status).toBe(503);
  expect(reply.headers).toEqual({ 'content-type': 'application/json; charset=utf-8', 'retry-after': '2' });
  expect(reply.body).not.toContain(secret);
});

test('further members stand beside the error', () => {
  const { body } = problemReply(new Problem('unauthorized', { extra: { paused: false } }), 'id-1');
  expect(JSON.parse(body)).toMatchObject({ paused: false, error: { code: 'unauthorized' } });
});

test('every kind of problem has a status of an error and words for both readers', () => {
  for (const [code, { status, says, advice }] of Object.entries(problemKinds)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(says).not.toBe('');
    expect(advice).not.toBe('');
    expect(problemReply(new Problem(code as ProblemCode), 'x').status).toBe(status);
  }
});

test('JSON is JSON, TwiML is text/xml, nothing is nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(json(200, value).body)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(json(202, {}, { 'retry-after': '1' }).headers).toMatchObject({ 'retry-after': '1' });
  expect(xml('<Response/>')).toEqual({
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: '<Response/>',
  });
  expect(noContent()).toEqual({ status: 204, headers: {}, body: '' });
});
