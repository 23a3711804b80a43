import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { publicUrls } from '../../shared/core/public-urls.ts';
import {
  chosen,
  type Env,
  jsonOf,
  optional,
  required,
  settings,
  text,
  together,
  wholeNumber,
  words,
} from '../../shared/core/settings.ts';

const read = <T>(group: { read(env: Env, faults: string[]): T }, env: Env) => {
  const faults: string[] = [];
  const values = group.read(env, faults);
  return { values, faults };
};

const group = settings({
  NAME: required(text(10), { is: 'what it is called' }),
  COUNT: optional(wholeNumber(1, 60), 10, { is: 'how many' }),
  LIST: optional(words, [], { is: 'which ones' }),
  SHAPE: optional(jsonOf(v.strictObject({ a: v.number() })), { a: 1 }, { is: 'its shape' }),
});

describe('settings', () => {
  test('are read as they are meant, and have their defaults', () => {
    expect(read(group, { NAME: 'x' })).toEqual({
      values: { NAME: 'x', COUNT: 10, LIST: [], SHAPE: { a: 1 } },
      faults: [],
    });
    const full = { NAME: 'a b', COUNT: '60', LIST: ' a  b\tc ', SHAPE: '{"a":2}' };
    expect(read(group, full).values).toEqual({ NAME: 'a b', COUNT: 60, LIST: ['a', 'b', 'c'], SHAPE: { a: 2 } });
  });

  test('that are empty count as missing', () => {
    expect(read(group, { NAME: '', COUNT: '', LIST: '', SHAPE: '' }).faults).toEqual([
      'NAME is missing (what it is called)',
    ]);
  });

  test('name every fault at once', () => {
    const { faults } = read(group, { COUNT: '61', LIST: ' ', SHAPE: '{"a":"x"}' });
    expect(faults).toEqual([
      'NAME is missing (what it is called)',
      'COUNT is malformed (how many)',
      'LIST is malformed (which ones)',
      'SHAPE is malformed (its shape)',
    ]);
  });

  test.for([
    ['NAME', 'line\nbreak'],
    ['NAME', 'x'.repeat(11)],
    ['NAME', ' '],
    ['NAME', 'nul\u0000'],
    ['COUNT', '0'],
    ['COUNT', '61'],
    ['COUNT', '1.5'],
    ['COUNT', '1e1'],
    ['COUNT', '0x10'],
    ['COUNT', ' 5'],
    ['COUNT', '-5'],
    ['COUNT', '99999999999999999999'],
    ['SHAPE', '{'],
    ['SHAPE', '{"a":1,"b":2}'],
  ] as const)('%s cannot be %j', ([name, value]) => {
    expect(read(group, { NAME: 'x', [name]: value }).faults).toHaveLength(1);
  });

  test('never tell a value, however malformed', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 });
    const all = together(group, publicUrls);
    fc.assert(
      fc.property(
        fc.record({
          NAME: value,
          COUNT: value,
          LIST: value,
          SHAPE: value,
          STAGE: value,
          PUBLIC_BASE_URL: value,
          FUNCTION_URLS: value,
        }),
        (env) => {
          const told = read(all, env).faults.join('\n');
          const usual = read(all, {
            COUNT: 'x',
            STAGE: 'x',
            SHAPE: 'x',
            NAME: '\n',
            LIST: ' ',
            PUBLIC_BASE_URL: 'x',
            FUNCTION_URLS: 'x',
          }).faults.join('\n');
          for (const one of Object.values(env)) expect(told.includes(one) && !usual.includes(one)).toBe(false);
        },
      ),
    );
    const secret = 'f00dcafe';
    const { faults } = read(publicUrls, {
      PUBLIC_BASE_URL: `http://${secret}`,
      FUNCTION_URLS: JSON.stringify({ [secret]: `http://${secret}` }),
    });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain(secret);
  });
});

describe('a choice between providers', () => {
  const desk = chosen(
    'DESK',
    { webhook: settings({ DESK_WEBHOOK_URL: required(text(), { is: 'where it is' }) }), phone: settings({}) },
    'phone',
    { is: 'where people answer' },
  );

  test('asks for the settings of the chosen one only', () => {
    expect(read(desk, {})).toEqual({ values: { DESK: 'phone' }, faults: [] });
    expect(read(desk, { DESK: 'webhook', DESK_WEBHOOK_URL: 'x' }).values).toEqual({
      DESK: 'webhook',
      DESK_WEBHOOK_URL: 'x',
    });
    expect(read(desk, { DESK: 'webhook' }).faults).toEqual(['DESK_WEBHOOK_URL is missing (where it is)']);
    for (const DESK of ['fax', 'constructor', '__proto__'])
      expect(read(desk, { DESK }).faults).toEqual(['DESK is malformed (where people answer: webhook, phone)']);
  });

  test('says in its list what is asked for when', () => {
    expect(desk.infos.map(({ name, onlyIf }) => [name, onlyIf])).toEqual([
      ['DESK', undefined],
      ['DESK_WEBHOOK_URL', 'DESK=webhook'],
    ]);
  });
});

test('a name that two groups share is listed once and read by both', () => {
  const both = together(group, settings({ NAME: required(text(), { is: 'what it is called' }) }));
  expect(both.infos.filter(({ name }) => name === 'NAME')).toHaveLength(1);
  expect(read(both, { NAME: 'x' }).values.NAME).toBe('x');
});
