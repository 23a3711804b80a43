import { expect, test } from 'vitest';
import { engineOf, tableSettings } from '../../shared/store/table.ts';

function read(env: Readonly<Record<string, string>>) {
  const faults: string[] = [];
  return { settings: tableSettings.read(env, faults), faults };
}

const least = { HANDOVER_TABLE: 'handover', AWS_REGION: 'us-east-1' };

test('a table and a region are enough: AWS, its own roles, 30 days', () => {
  const { settings, faults } = read(least);
  expect(faults).toEqual([]);
  expect(settings.TRANSCRIPT_DAYS).toBe(30);
  expect(engineOf(settings)).toEqual({ region: 'us-east-1', endpoint: undefined, credentials: undefined });
});

test('an engine elsewhere and keys of its own are taken from the settings', () => {
  const { settings, faults } = read({
    ...least,
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  expect(faults).toEqual([]);
  expect(engineOf(settings)).toEqual({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:8000',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' },
  });
});

test('an id without its key is nobody: the platform is asked', () => {
  expect(engineOf(read({ ...least, AWS_ACCESS_KEY_ID: 'id' }).settings).credentials).toBeUndefined();
});

test('all faults are named at once, without their values', () => {
  const { faults } = read({ HANDOVER_TABLE: 'a b', AWS_ENDPOINT_URL_DYNAMODB: 'ftp://x', TRANSCRIPT_DAYS: '0' });
  expect(faults.map((fault) => fault.split(' ').slice(0, 3).join(' '))).toEqual([
    'HANDOVER_TABLE is malformed',
    'AWS_REGION is missing',
    'AWS_ENDPOINT_URL_DYNAMODB is malformed',
    'TRANSCRIPT_DAYS is malformed',
  ]);
  expect(faults.join()).not.toContain('ftp');
});
