import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { watsonCall } from '../../shared/bots/watson/index.ts';
import { decode } from '../../shared/core/decode.ts';
import preMessage from '../fixtures/watson/pre-message.json' with { type: 'json' };
import inSession from '../fixtures/watson/pre-message-in-session.json' with { type: 'json' };

const paused = { paused: true, untilMs: 600_000 } as const;
const notPaused = { paused: false, ended: true } as const;

describe('a pre-message webhook', () => {
  test('belongs to the session, else to the user', () => {
    expect(decode(watsonCall, inSession.request)).toMatchObject({
      bot: 'watson',
      conversationId: 's-42',
      inDoubt: 'bot',
    });
    expect(decode(watsonCall, preMessage.request)).toMatchObject({ conversationId: 'u42' });
    const request = { event: preMessage.request.event, payload: { user_id: 'u7', input: {} } };
    expect(decode(watsonCall, request)).toMatchObject({ conversationId: 'u7' });
  });

  test('that names nobody, or nobody whom we could name, is the assistant’s', () => {
    for (const user_id of [undefined, 5, '', 'a b', 'x'.repeat(201)])
      expect(
        decode(watsonCall, { event: preMessage.request.event, payload: { user_id } }).conversationId,
      ).toBeUndefined();
  });

  test('says what the customer said', () => {
    expect(decode(watsonCall, inSession.request).asked).toEqual({ kind: 'said', text: 'Is somebody there?' });
  });

  test.for([
    ['what the phone integration says for the caller', { text: 'vgwPostResponseTimeout' }],
    ['a search', { message_type: 'search', text: 'lamp' }],
    ['no text', { text: 5 }],
    ['nothing', undefined],
    ['blanks', { text: '  ' }],
  ] as const)('with %s says nothing', ([, input]) => {
    const request = { event: { name: 'message_received' }, payload: { user_id: 'u7', input } };
    expect(decode(watsonCall, request).asked).toEqual({ kind: 'said', text: '' });
  });

  test('with more words than a line holds says what fits', () => {
    const request = {
      event: { name: 'message_received' },
      payload: { user_id: 'u7', input: { text: 'x'.repeat(40_000) } },
    };
    const { asked } = decode(watsonCall, request);
    expect(asked.kind === 'said' && asked.text.length).toBeGreaterThan(32_000);
    expect(asked.kind === 'said' && asked.text.endsWith(' …')).toBe(true);
  });

  test('of another event is the assistant’s', () => {
    const request = { ...inSession.request, event: { name: 'message_processed' } };
    expect(decode(watsonCall, request).conversationId).toBeUndefined();
  });

  test('is answered by its own payload while the bot has the conversation', () => {
    for (const { request } of [preMessage, inSession]) {
      const reply = decode(watsonCall, request).answer(notPaused, 0, 'A colleague is answering you.');
      expect(reply).toMatchObject({ status: 200 });
      expect(reply.headers).not.toHaveProperty('x-watson-assistant-webhook-return');
      expect(JSON.parse(reply.body)).toEqual({ payload: request.payload });
    }
  });

  test('is answered instead of the assistant while a person has it', () => {
    const { answer } = decode(watsonCall, inSession.request);
    const reply = answer(paused, 0, 'A colleague is answering you.');
    expect(reply.headers).toMatchObject(inSession.skipped.headers);
    expect(JSON.parse(reply.body)).toEqual(inSession.skipped.body);
    expect(JSON.parse(answer(paused, 0, undefined).body)).toEqual({ output: { generic: [] } });
  });

  test('comes back unchanged, whatever is in it', () => {
    const payload = fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(payload, (given) => {
        const { answer } = decode(watsonCall, { event: { name: 'message_received' }, payload: given });
        expect(answer(notPaused, 0, undefined).body).toBe(JSON.stringify({ payload: given }));
      }),
    );
  });

  test('after a handover tells every skill that it names why it is over, and leaves all else as it came', () => {
    const { payload } = inSession.request;
    const reply = decode(watsonCall, inSession.request).answer(
      { ...notPaused, returned: { reason: 'agent', botEvent: 'SURVEY' } },
      0,
      undefined,
    );
    expect(reply.headers).not.toHaveProperty('x-watson-assistant-webhook-return');
    const told = JSON.parse(reply.body).payload;
    expect(told.context.skills['actions skill'].skill_variables).toEqual({
      handover_ended: 'agent',
      handover_event: 'SURVEY',
    });
    delete told.context.skills['actions skill'].skill_variables;
    expect(told).toEqual(payload);
  });

  test.for([
    [{}, ['actions skill', 'main skill']],
    [{ skills: { 'main skill': { user_defined: { plate: 'W 1' } } } }, ['main skill']],
    [
      { skills: { 'actions skill': { skill_variables: 'nonsense' }, 'main skill': null } },
      ['actions skill', 'main skill'],
    ],
    [{ skills: [] }, ['actions skill', 'main skill']],
    ['nonsense', ['actions skill', 'main skill']],
  ] as const)('with the context %j tells it to %j', ([context, skills]) => {
    const request = { event: { name: 'message_received' }, payload: { input: { text: 'Hi' }, context } };
    const reply = decode(watsonCall, request).answer({ ...notPaused, returned: { reason: 'expired' } }, 0, undefined);
    const told = JSON.parse(reply.body).payload.context.skills;
    expect(Object.keys(told)).toEqual(skills);
    const values = { 'actions skill': 'skill_variables', 'main skill': 'user_defined' } as const;
    for (const skill of skills) expect(told[skill][values[skill]]).toMatchObject({ handover_ended: 'expired' });
    expect(told['main skill']?.user_defined.plate).toBe(Object(context).skills?.['main skill']?.user_defined.plate);
  });
});
