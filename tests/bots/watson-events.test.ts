import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { botTold } from '../../shared/bots/index.ts';
import { decode } from '../../shared/core/decode.ts';
import cdr from '../fixtures/watson/cdr.json' with { type: 'json' };
import phone from '../fixtures/watson/phone-turns.json' with { type: 'json' };
import post from '../fixtures/watson/post-message.json' with { type: 'json' };

const told = (body: unknown) => decode(botTold, body);
const session = '7874ec3a-1330-4180-afe1-46bfb220af5b';
const [, asking, silent, transfer] = phone.logged;
const processed = phone.processed[3];

/** A turn in which the assistant answers with these items. */
const answering = (...generic: readonly unknown[]) => ({
  event: { name: 'message_processed' },
  payload: { output: { generic }, context: { global: { session_id: 's-1', system: { turn_count: 2 } } } },
});

describe('a turn', () => {
  test('of the log is what both said, with the times at which they said it', () => {
    expect(told(asking)).toMatchObject({
      bot: 'watson',
      event: 'turn',
      conversations: [session],
      lines: [
        { by: 'customer', text: 'Where is my order?', atMs: Date.parse('2026-11-21T10:00:05.621Z') },
        { by: 'bot', text: 'I found two orders.', atMs: Date.parse('2026-11-21T10:00:05.779Z') },
        { by: 'bot', text: 'Which one?\n- The lamp\n- The table' },
      ],
    });
  });

  test('has the same ids in the log and in the webhook after the message', () => {
    for (const [at, logged] of phone.logged.entries()) {
      const ids = new Set(told(logged).lines.map(({ id }) => id));
      const answers = told(phone.processed[at]).lines;
      expect(answers.length).toBeGreaterThan(0);
      for (const line of answers) expect(ids).toContain(line.id);
    }
  });

  test('of IBM’s sample is understood', () => {
    expect(told(post.request)).toMatchObject({
      event: 'answer',
      conversations: ['sxxx'],
      lines: [
        { by: 'bot', text: 'Hello. Good evening', atMs: undefined, id: expect.stringMatching(/^turn-0011-b-000-/) },
      ],
      wish: undefined,
    });
  });

  test('in which the caller was silent has no words of theirs', () => {
    expect(told(silent).lines).toMatchObject([{ by: 'bot', text: 'Are you still there?' }]);
  });

  test('without a session is the user’s, and is known by its log id', () => {
    const body = {
      event: { name: 'message_logged' },
      payload: { log_id: 'l1', request: { input: { text: 'Hi' } }, response: { user_id: 'u7', output: {} } },
    };
    expect(told(body)).toMatchObject({ conversations: ['u7'], lines: [{ by: 'customer', id: 'log-l1-a-customer' }] });
  });

  test('that names nobody whom we could name belongs to no conversation', () => {
    for (const session_id of [undefined, 7, '', 'a b', '../x', 'x'.repeat(201)])
      expect(told({ event: { name: 'message_logged' }, payload: { session_id } }).conversations).toEqual([]);
  });

  test.for([
    [{ response_type: 'text', text: 'Hello' }, 'Hello'],
    [
      { response_type: 'image', source: 'https://x.example.com/a.png', title: 'A lamp', alt_text: 'lit' },
      'A lamp\nlit',
    ],
    [{ response_type: 'video', source: 'https://x.example.com/a.mp4' }, '[video]'],
    [{ response_type: 'suggestion', title: 'Did you mean', suggestions: [{ label: 'A' }] }, 'Did you mean\n- A'],
    [{ response_type: 'search', header: 'I found this', primary_results: [{ title: 'Lamps' }] }, 'I found this\nLamps'],
    [{ response_type: 'something_new' }, '[something new]'],
    [{ response_type: 'text', text: 7 }, undefined],
    [{ response_type: 'pause', time: 500 }, undefined],
    [{ response_type: 'end_session' }, undefined],
    [{ response_type: 'user_defined', user_defined: { a: 1 } }, undefined],
    ['Hello', undefined],
    [null, undefined],
  ] as const)('shows of %j what somebody saw or heard', ([item, text]) => {
    expect(told(answering(item)).lines.map((line) => line.text)).toEqual(text === undefined ? [] : [text]);
  });
});

describe('row 18: a wish for a person', () => {
  test('says why, about what, where to and with which key, and what is known', () => {
    expect(told(processed).wish).toEqual({
      reason: "The caller's lamp arrived broken",
      topic: 'Broken goods',
      fields: { order: '4711', policy: 'A-7 "gold"' },
      sessionHistoryKey: expect.stringMatching(/^dev::latest::893499::[\w:-]+$/),
      transferTarget: 'sip:claims@desk.example.com',
      customerPhone: '+15005550001',
    });
    expect(told(transfer).wish).toMatchObject({ reason: "The caller's lamp arrived broken", language: 'en' });
    expect(told(transfer).wish).not.toHaveProperty('customerPhone');
  });

  test('finds the key of the history in a variable, and never shows it as one', () => {
    for (const name of ['session_history_key', 'sessionHistoryKey']) {
      const body = structuredClone(processed);
      const { output, context } = Object(body?.payload);
      delete output.generic[1].transfer_info;
      context.skills['actions skill'].skill_variables[name] = 'dev::latest::1';
      expect(told(body).wish).toMatchObject({ sessionHistoryKey: 'dev::latest::1' });
      expect(JSON.stringify(told(body).wish?.fields)).not.toContain('dev::latest');
    }
  });

  test('is told of the handover whose id the call brought along', () => {
    expect(told(processed)).toMatchObject({
      handoverId: 'habcdefghijklmnop',
      legSid: 'CA00000000000000000000000000000002',
    });
  });

  test('without any of it has no member that says undefined', () => {
    const { wish } = told(answering({ response_type: 'connect_to_agent' }));
    expect(wish).toEqual({});
    expect(Object.keys(wish ?? {})).toEqual([]);
  });

  test.for([
    ['reason', { message_to_human_agent: ' Broken ' }, { reason: 'Broken' }],
    ['reason', { transfer_info: { message_to_human_agent: 'Broken' } }, { reason: 'Broken' }],
    ['topic', { topic: 'Orders' }, { topic: 'Orders' }],
    ['topic', { topic: 7, message_to_human_agent: '' }, {}],
    [
      'target',
      { transfer_info: { target: { service_desk: { sip: { uri: 'tel:+15005550009' } } } } },
      { transferTarget: 'tel:+15005550009' },
    ],
    ['target', { transfer_info: { target: { service_desk: { sip: { uri: 'javascript:alert(1)' } } } } }, {}],
    ['key', { transfer_info: { session_history_key: 'dev::1' } }, { sessionHistoryKey: 'dev::1' }],
    ['key', { transfer_info: { session_history_key: 'undefined' } }, {}],
    ['key', { transfer_info: { session_history_key: 'a"b' } }, {}],
  ] as const)('its %s is taken where it stands: %j', ([, item, wish]) => {
    expect(told(answering({ response_type: 'connect_to_agent', ...item })).wish).toEqual(wish);
  });

  test('is none where the answer asks for nobody', () => {
    expect(told(asking).wish).toBeUndefined();
  });

  test('finds the header of the INVITE whatever its case', () => {
    const body = structuredClone(processed);
    const voice = Object(body?.payload.context.integrations.voice_telephony);
    voice.sip_custom_invite_headers = { 'x-HANDOVER-id': 'h-7' };
    expect(told(body).handoverId).toBe('h-7');
    voice.sip_custom_invite_headers = { 'X-Handover-Id': 'h 7' };
    expect(told(body).handoverId).toBeUndefined();
  });
});

describe('the record of a call', () => {
  test('tells how it ended, and of which sessions and leg', () => {
    expect(told(cdr.request)).toMatchObject({
      event: 'call-ended',
      conversations: [session],
      legSid: 'CA00000000000000000000000000000002',
      endReason: 'assistant_hangup',
      lines: [{ by: 'system', text: 'The call with the assistant has ended: assistant_hangup' }],
    });
  });

  test('names the handover where the assistant was told to', () => {
    const body = structuredClone(cdr.request);
    Object(body.payload).injected_custom_data = { x_handover_id: 'h-9' };
    expect(told(body).handoverId).toBe('h-9');
  });

  test.for([undefined, 7, '', '<b>', 'x'.repeat(99)])('with the end %j says that nobody knows', (end_reason) => {
    expect(told({ event: { name: 'cdr_logged' }, payload: { call: { end_reason } } })).toMatchObject({
      endReason: 'unknown',
      conversations: [],
    });
  });
});

test('a body of nothing but items or sessions tells no more than can be stored in time', () => {
  const items = Array.from({ length: 15_000 }, (_, n) => ({ response_type: 'text', text: `${n}` }));
  const turn = told(answering(...items, { response_type: 'connect_to_agent', topic: 'lamps' }));
  expect([turn.lines.length, turn.wish?.topic]).toEqual([500, 'lamps']);
  const sessions = Array.from({ length: 15_000 }, (_, n) => ({ session_id: `s-${n}` }));
  const payload = { assistant_interaction_summaries: sessions, call: {} };
  const { conversations } = told({ event: { name: 'cdr_logged' }, payload });
  expect([conversations.length, conversations.at(-1)]).toEqual([50, 's-14999']);
});

test('other events tell nothing', () => {
  for (const name of ['message_received', 'session_ended', ''])
    expect(
      told({ event: { name }, payload: { session_id: 's-1', output: { generic: [{ text: 'x' }] } } }),
    ).toMatchObject({
      event: 'other',
      conversations: [],
      lines: [],
    });
});

test('whatever stands in a payload, it is read without a fault', () => {
  const names = fc.constantFrom('message_logged', 'message_processed', 'cdr_logged');
  const members = ['request', 'response', 'output', 'generic', 'context', 'global', 'system', 'skills', 'call', 'text'];
  const anything = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.array(tie('value')), tie('object')),
    object: fc.dictionary(fc.constantFrom(...members, 'integrations', 'response_type', 'options'), tie('value')),
  })).object;
  fc.assert(
    fc.property(names, anything, (name, payload) => {
      const { lines } = told({ event: { name }, payload });
      for (const { text } of lines) expect(text.trim()).not.toBe('');
    }),
  );
});
