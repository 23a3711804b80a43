import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { watsonTold } from '../../shared/bots/watson/events.ts';
import { decode } from '../../shared/core/decode.ts';
import type { Standing } from '../../shared/core/handover/bot.ts';
import connect from '../fixtures/watson/post-message-connect.json' with { type: 'json' };

const parts = { proof: 'proof', hours: undefined };
const taken: Standing = { paused: true, untilMs: 1, handoverId: 'h-1' };
const standings: readonly Standing[] = [
  taken,
  { paused: true, untilMs: 1 },
  { paused: false, ended: false, reason: 'desk_unavailable' },
  { paused: false, ended: false, reason: 'nobody_online' },
  { paused: false, ended: false, reason: 'outside_hours', opensAt: '2026-11-30T08:00:00Z' },
  { paused: false, ended: false, reason: 'in_progress' },
  { paused: false, ended: false, reason: 'state_unavailable' },
];

const asksOf = (payload: unknown) =>
  decode(watsonTold, { event: { name: 'message_processed' }, options: {}, payload }).asks;

/** IBM's sample with another item that asks for a person. */
function withItem(item: object, context: object = connect.request.payload.context) {
  const { output, ...payload } = connect.request.payload;
  return { ...payload, context, output: { ...output, generic: [{ response_type: 'connect_to_agent', ...item }] } };
}

/** The item as it is answered. */
function answered(payload: unknown, standing: Standing) {
  const reply = asksOf(payload)?.answer(standing, parts);
  return JSON.parse(reply?.body ?? '{}').payload.output.generic[0];
}

describe('row 29: the answer', () => {
  test('is valid and keeps everything else, whatever the item and the standing', () => {
    const inside = fc.dictionary(
      fc.string().filter((name) => name !== '__proto__' && name !== 'response_type'),
      fc.jsonValue(),
    );
    const known = fc.record(
      {
        topic: fc.jsonValue(),
        message_to_human_agent: fc.jsonValue(),
        agent_unavailable: fc.jsonValue(),
        transfer_info: fc.oneof(fc.jsonValue(), fc.record({ additional_data: fc.jsonValue() })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(inside, known, fc.constantFrom(...standings), (more, item, standing) => {
        const payload = withItem({ ...more, ...item });
        const reply = asksOf(payload)?.answer(standing, parts);
        expect(reply?.status).toBe(200);
        const body = JSON.parse(reply?.body ?? '');
        expect(Object.keys(body)).toEqual(['payload']);
        const { output, ...others } = body.payload;
        const { output: before, ...othersBefore } = JSON.parse(JSON.stringify(payload));
        expect(others).toEqual(othersBefore);
        expect({ ...output, generic: [] }).toEqual({ ...before, generic: [] });
        const [answer] = output.generic;
        if (answer.response_type === 'text') expect(answer.text.trim()).not.toBe('');
        else expect({ ...answer, transfer_info: 0 }).toEqual({ ...before.generic[0], transfer_info: 0 });
        if (standing === taken)
          expect(answer.transfer_info.additional_data).toMatchObject({ handover_id: 'h-1', handover_proof: 'proof' });
      }),
    );
  });

  test('leaves the item as it is while somebody else is asking, and where the handover has no name', () => {
    const item = { topic: 'billing' };
    for (const standing of standings.filter(
      ({ paused, ...how }) => paused || ('reason' in how && how.reason === 'in_progress'),
    ))
      if (standing !== taken)
        expect(answered(withItem(item), standing)).toEqual({ response_type: 'connect_to_agent', ...item });
  });

  test('says only what is known when nobody knows whether somebody comes', () => {
    const text = (reason: 'state_unavailable' | 'nobody_online') =>
      answered(withItem({}), { paused: false, ended: false, reason }).text;
    expect(text('state_unavailable')).toContain('cannot say');
    expect(text('nobody_online')).toContain('nobody can take over');
  });
});

describe('row 29: the wish', () => {
  test('has the summary of a web chat where there is no message, and what the assistant adds before its variables', () => {
    const payload = withItem(
      {
        transfer_info: {
          summary_message_to_agent: [
            { response_type: 'text', text: 'Lamp' },
            { response_type: 'text', text: 'broken' },
          ],
          additional_data: { order: '4711', nested: {}, handover_id: 'h-0', session_history_key: 'a::b' },
        },
      },
      {
        global: { session_id: 's-1' },
        skills: { 'actions skill': { skill_variables: { order: '1', plan: 'gold', handover_ended: 'agent' } } },
      },
    );
    expect(asksOf(payload)?.wish).toMatchObject({ reason: 'Lamp\nbroken', fields: { order: '4711', plan: 'gold' } });
    expect(Object.keys(asksOf(payload)?.wish.fields ?? {})).toEqual(['order', 'plan']);
  });

  const sip = { transfer_info: { target: { service_desk: { sip: { uri: 'tel:+15005550006' } } } } };
  test.for([
    ['a chat', {}, { chat: {} }, true],
    ['texts', {}, { text_messaging: {} }, true],
    ['a chat, with a target on the phone', sip, { chat: {} }, true],
    ['no channel', {}, undefined, true],
    ['no channel, with a target on the phone', sip, undefined, false],
    ['the phone', {}, { voice_telephony: {} }, false],
    ['nonsense for channels', {}, 'chat', true],
  ] as const)('of %s is asked in a chat: %s', ([, item, integrations, isChat]) => {
    const asks = asksOf(withItem(item, { global: { session_id: 's-1' }, integrations }));
    expect(asks !== undefined).toBe(isChat);
  });
});
