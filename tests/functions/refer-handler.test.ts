import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import receiveCall from '../../functions/receive-call.ts';
import referHandler from '../../functions/refer-handler.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { Table } from '../../shared/core/table.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { failingAt } from '../support/failing-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { onlyVerb, redirectQuery } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';
import { stopwatch } from '../support/steady-clock.ts';

const sids = {
  AccountSid: 'AC00000000000000000000000000000001',
  CallSid: 'CA00000000000000000000000000000001',
};

const key =
  'dev::latest::893499::dff9c274-adc4-4f63-93de-781166760bf8::978f1fd7-4e24-47d8-adb0-24a8a6eff69e::b5ffd6c2-902f-4658-b586-e3fc170a6cf3::7ad616a350cc48078f17e3ee3df551de';

const refer = (ReferTransferTarget: string, fields: Readonly<Record<string, string>> = {}, query = '') =>
  twilioCall('refer-handler', { ...sids, From: '+15005550001', ReferTransferTarget, ...fields }, query);

function started(env: Env = {}, table: Table = memoryTable()) {
  return { table, ...startFunction({ ...referHandler, ports: { table: () => table } }, env) };
}

/** A table of which nothing is heard any more. */
const hung = new Proxy({} as Table, {
  get: () => new Proxy({}, { get: () => () => new Promise(() => {}) }),
});

describe('refer-handler', () => {
  it('returns the call to the flow with the key and the handover', async () => {
    const { call } = started();
    const reply = await call(refer('<sip:q@h?User-to-User=dev%3A%3Alatest%3Bencoding%3Dascii>'));
    expect(onlyVerb(reply).attributes).toEqual({ method: 'POST' });
    expect(onlyVerb(reply).text.startsWith(`${testSettings.STUDIO_WEBHOOK_URL}?FlowEvent=return&`)).toBe(true);
    expect(redirectQuery(reply)).toEqual({
      FlowEvent: 'return',
      SessionHistoryKey: 'dev::latest',
      HandoverId: expect.stringMatching(/^h[a-z2-7]{16}$/),
    });
  });

  it('names the handover that the assistant was given for the same call', async () => {
    const incoming = twilioCall('receive-call', { ...sids, Called: '+15005550006' });
    const sip = onlyVerb(await startFunction(receiveCall).call(incoming)).verbs[0]?.text ?? '';
    const given = /X-Handover-Id=(\w+)$/.exec(sip)?.[1];
    const { call } = started();
    expect(redirectQuery(await call(refer('<sip:q@h>'))).HandoverId).toBe(given);
    expect(redirectQuery(await call(refer('<sip:q@h?X-Handover-Id=hother>'))).HandoverId).toBe('hother');
  });

  it('never dials the target, and never says undefined', async () => {
    const { call } = started();
    const reply = await call(refer('<sip:+19005551234@evil.example.com>'));
    expect(reply.body).not.toMatch(/1900|evil|<Dial|undefined|SessionHistoryKey/);
    const without = await call(twilioCall('refer-handler', {}));
    expect(redirectQuery(without)).toEqual({ FlowEvent: 'return' });
  });

  it('row 4: answers 10,000 random targets with one redirect that carries nothing but what a flow may read', async () => {
    const { call } = started({}, memoryTable());
    const piece = fc.constantFrom(
      '<',
      '>',
      '?',
      '&',
      '=',
      '%',
      '%3B',
      ';',
      'encoding=hex',
      '"',
      '\\',
      'User-to-User',
      'X-Handover-Id',
      'sip:',
      'a',
      '\0',
    );
    const target = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
      fc.string().map((value) => `<sip:q@h?User-to-User=${value}>`),
    );
    await fc.assert(
      fc.asyncProperty(target, async (text) => {
        const { FlowEvent, SessionHistoryKey = 'k', HandoverId, ...others } = redirectQuery(await call(refer(text)));
        expect(FlowEvent).toBe('return');
        expect(SessionHistoryKey).toMatch(/^[A-Za-z0-9:_-]{1,512}$/);
        expect(HandoverId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(others).toEqual({});
      }),
      { numRuns: 10_000 },
    );
  });

  it('takes a call without a flow to a person, with the key', async () => {
    const { call } = started({ STUDIO_WEBHOOK_URL: undefined });
    expect(onlyVerb(await call(refer('<sip:q@h?User-to-User=k>'))).text).toMatch(
      /^https:\/\/handover\.example\.com\/call-leg\?step=person&handover=h[a-z2-7]{16}&key=k$/,
    );
  });

  it('logs that there was a key and that the target was too long, and neither of them', async () => {
    const { call, lines } = started();
    await call(refer(`<sip:q@h?User-to-User=${'secret-key-'.repeat(30)}>`));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ key: true, tooLong: true });
    expect(lines[0]).not.toContain('secret-key');
  });

  it.each([
    ['ascii', encodeURIComponent(`${key};encoding=ascii`)],
    ['hex', encodeURIComponent(`${Buffer.from(key).toString('hex')};encoding=hex`)],
    ['no encoding', encodeURIComponent(key)],
    ['ascii, parameters as they are', `${key};encoding=ascii`],
  ])('row 5: takes the key from User-to-User in %s', async (_, value) => {
    const { call } = started();
    const { SessionHistoryKey } = redirectQuery(await call(refer(`<sip:queue@flex.twilio.com?User-to-User=${value}>`)));
    expect(SessionHistoryKey).toBe(key);
  });

  it('row 5: a key of its own name wins, and one that is none is not there at all', async () => {
    const { call } = started();
    const both = `<sip:q@h?User-to-User=637573746f6d2d757365722d746f2d75736572;encoding=hex&X-Watson-Assistant-Session-History-Key=${key}>`;
    expect(redirectQuery(await call(refer(both))).SessionHistoryKey).toBe(key);
    const own = '<sip:q@h?User-to-User=637573746f6d2d757365722d746f2d75736572;encoding=hex>';
    expect(redirectQuery(await call(refer(own))).SessionHistoryKey).toBe('custom-user-to-user');
    for (const unusable of ['undefined', 'null', 'a%20b', 'a%22b', '%E0%A4%A', ''])
      expect(redirectQuery(await call(refer(`<sip:q@h?User-to-User=${unusable}>`)))).not.toHaveProperty(
        'SessionHistoryKey',
      );
  });

  it('row 6: a target that Twilio would not take is said without the secret, and the handover goes on by its short id', async () => {
    const { call, lines } = started();
    const target = `<sip:queue@flex.twilio.com?User-to-User=${Buffer.from(key).toString('hex')}%3Bencoding%3Dhex>`;
    const { HandoverId, SessionHistoryKey } = redirectQuery(await call(refer(target)));
    expect(SessionHistoryKey).toBe(key);
    expect(HandoverId).toMatch(/^h[a-z2-7]{16}$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ tooLong: true, key: true });
    expect(lines[0]).not.toMatch(/dev::latest|6465763a3a/);
    const { call: shorter, lines: others } = started();
    await shorter(refer(`<sip:queue@flex.twilio.com?User-to-User=${encodeURIComponent(`${key};encoding=ascii`)}>`));
    expect(JSON.parse(others[0] ?? '')).not.toHaveProperty('tooLong');
  });

  it('row 7: goes back to the flow by one POST whose values stay values', async () => {
    const { call } = started();
    const reply = await call(refer(`<sip:q@h?User-to-User=${encodeURIComponent(`${key};encoding=ascii`)}>`));
    expect(reply.body).toContain('?FlowEvent=return&amp;SessionHistoryKey=dev%3A%3Alatest');
    const verb = onlyVerb(reply);
    expect([verb.name, verb.attributes]).toEqual(['Redirect', { method: 'POST' }]);
    expect(new URL(verb.text).host).toBe('webhooks.twilio.com');
    const injected = redirectQuery(await call(refer('<sip:q@h?User-to-User=abc%26FlowEvent%3Daudio>')));
    expect(injected).toEqual({ FlowEvent: 'return', HandoverId: expect.stringMatching(/^h/) });
  });

  it('stores what is known of the call under the handover before it answers, and puts it on the list', async () => {
    const { call, table } = started();
    const { HandoverId = '' } = redirectQuery(await call(refer(`<sip:q@h?User-to-User=${key}>`)));
    const known = await table.contexts.read(HandoverId);
    expect(known?.facts).toEqual({
      callSid: sids.CallSid,
      customerPhone: '+15005550001',
      sessionHistoryKey: key,
    });
    expect(known?.record).toMatchObject({ handoverId: HandoverId, conversationId: HandoverId });
    expect(await table.openings.newest(Date.now(), 9)).toMatchObject([{ handoverId: HandoverId, kind: 'call' }]);
  });

  it('gives the same answer in time when the table fails at any point, or never answers', async () => {
    const target = refer(`<sip:q@h?User-to-User=${key}>`);
    const expected = (await started().call(target)).body;
    for (const when of ['before', 'after'] as const) {
      for (let use = 0; use < 3; use++)
        expect((await started({}, failingAt(memoryTable(), use, when)).call(target)).body).toBe(expected);
    }
    const took = stopwatch();
    const { call, lines } = started({}, hung);
    expect((await call(target)).body).toBe(expected);
    expect(took()).toBeLessThan(1_500);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ stored: false });
  });
});

describe('refer-handler, to a target that may be dialled', () => {
  const REFER_TARGETS = 'tel:+15005550008 sip:Desk@PBX.example.com;transport=tls sip:+15005550009@pbx.example.com:5061';

  it.each([
    ['<tel:+15005550008>', 'Number', '+15005550008'],
    ['tel:+1-500-555-0008;ext=9', 'Number', '+15005550008'],
    ['TEL:+1(500)555.0008?User-to-User=k', 'Number', '+15005550008'],
    ['"Desk" <sip:Desk@pbx.EXAMPLE.com?User-to-User=k>;tag=1', 'Sip', 'sip:Desk@PBX.example.com;transport=tls'],
    ['<sip:+15005550009@pbx.example.com:5061>', 'Sip', 'sip:+15005550009@pbx.example.com:5061'],
  ])('dials %s', async (target, noun, text) => {
    const { call, table } = started({ REFER_TARGETS });
    const dial = onlyVerb(await call(refer(target)));
    expect(dial.name).toBe('Dial');
    expect(dial.attributes).toEqual({
      callerId: '+15005550010',
      timeout: '30',
      timeLimit: '3600',
      action: expect.stringMatching(
        /^https:\/\/handover\.example\.com\/call-leg\?step=transferred&handover=h[a-z2-7]{16}$/,
      ),
    });
    expect(dial.verbs).toEqual([{ name: noun, attributes: {}, text, verbs: [] }]);
    const handoverId = new URL(dial.attributes.action ?? '').searchParams.get('handover') ?? '';
    expect((await table.contexts.read(handoverId))?.facts.transferTarget).toMatch(/^(tel|sip):/);
  });

  it.each([
    '<tel:+19005551234>',
    '<tel:+150055500081>',
    '<tel:15005550008>',
    '<sip:desk@pbx.example.com>',
    '<sip:Desk@pbx.example.com.evil.example>',
    '<sip:Desk@evil.example?x=sip:Desk@pbx.example.com>',
    '<sip:Desk@pbx.example.com@evil.example>',
    '<sip:Desk:x@pbx.example.com>',
    '<sip:Desk@pbx.example.com:5060>',
    '<sip:+15005550009@pbx.example.com>',
    '<sips:Desk@pbx.example.com>',
    '"<sip:Desk@pbx.example.com>" <sip:q@h>',
    '<http://pbx.example.com>',
  ])('does not dial %s', async (target) => {
    const { call } = started({ REFER_TARGETS });
    const reply = await call(refer(target));
    expect(redirectQuery(reply).FlowEvent).toBe('return');
    expect(reply.body).not.toMatch(/evil|1900|pbx/);
  });

  it('dials nothing but what is listed, whatever is asked', async () => {
    const { call } = started({ REFER_TARGETS });
    const known = ['+15005550008', 'sip:Desk@PBX.example.com;transport=tls', 'sip:+15005550009@pbx.example.com:5061'];
    const piece = fc.constantFrom(
      '<',
      '>',
      'sip:',
      'tel:',
      'Desk',
      '@',
      'pbx.example.com',
      '+15005550008',
      ';',
      '?',
      ':5061',
      '"',
      ' ',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const { name, verbs } = onlyVerb(await call(refer(pieces.join(''))));
        if (name === 'Dial') expect(known).toContain(verbs[0]?.text);
        else expect(name).toBe('Redirect');
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not start with a target that is none', async () => {
    for (const REFER_TARGETS of [
      '+15005550008',
      'tel:500',
      'sip:pbx.example.com',
      'sips:a@b',
      'http://a',
      '<sip:a@b>',
      ' ',
    ])
      expect((await started({ REFER_TARGETS }).call(refer('<sip:q@h>'))).status).toBe(500);
  });

  it('keeps a call out of the flow that its URL keeps out', async () => {
    const { call } = started({ REFER_TARGETS });
    expect(onlyVerb(await call(refer('<sip:q@h>', {}, 'flow=off'))).text).toMatch(
      /call-leg\?step=person&handover=h[a-z2-7]{16}&flow=off$/,
    );
    expect(onlyVerb(await call(refer('<tel:+15005550008>', {}, 'flow=off'))).attributes.action).toMatch(/&flow=off$/);
  });
});
