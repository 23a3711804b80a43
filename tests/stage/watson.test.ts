import { expect, test } from 'vitest';
import { plannedFaults } from '../../stage/faults.ts';
import { assistantParty } from '../../stage/twins/watson/assistant.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

const say = (text: string) =>
  stage.ask<{ answers: string; status: number }>('POST', '/_stage/watson/say', { sessionId: 's-1', text });

test('before a message the assistant asks, and goes on when nobody else has the conversation', async () => {
  expect(await say('Hello')).toMatchObject({ answers: 'assistant', status: 200 });
  const [asked] = (await stage.events()).filter(({ vendor }) => vendor === 'watson');
  expect(asked?.headers.authorization).toMatch(/^eyJ/);
});

test('while a person has the conversation the assistant is skipped and the desk hears it', async () => {
  await stage.ask('POST', '/_stage/state', {
    conversationId: 's-1',
    bot: 'watson',
    mode: 'human',
    pausedForMs: 60_000,
  });
  expect(await say('Hello?')).toMatchObject({ answers: 'person' });
  const [ticket] = await stage.ask<{ lines: { text: string }[] }[]>('GET', '/_stage/desk');
  expect(ticket?.lines.map(({ text }) => text)).toEqual(['Hello?']);
});

/** The REFER of an assistant that was asked for a person. */
async function referOf(script: Parameters<typeof assistantParty>[1]): Promise<string> {
  const uri = 'sip:+15005550006@sip.example.com;secure=true?X-Handover-Id=h1';
  const party = assistantParty(uri, script, plannedFaults(), () => {});
  await party.turn(undefined);
  const { next } = await party.turn('a person, please');
  return typeof next === 'object' ? next.referTo : '';
}

test.for([
  [{}, /^<sip:queue@flex\.twilio\.com\?User-to-User=dev%3A%3A.*%3Bencoding%3Dascii>$/],
  [{ encoding: 'hex' }, /\?User-to-User=[0-9a-f]+%3Bencoding%3Dhex>$/],
  [{ encoding: 'plain' }, /\?User-to-User=dev%3A%3A[^;]*>$/],
  [{ header: 'X-Watson-Assistant-Session-History-Key' }, /\?X-Watson-Assistant-Session-History-Key=dev%3A%3A/],
  [{ header: 'none' }, /^<sip:queue@flex\.twilio\.com>$/],
  [{ referTo: 'tel:+15005550009' }, /^tel:\+15005550009$/],
] as const)('a REFER is written as Watson writes it: %o', async ([script, form]) => {
  expect(await referOf(script)).toMatch(form);
});

test('the default REFER stays within the 256 characters that Twilio takes', async () => {
  expect((await referOf({})).length).toBeLessThanOrEqual(256);
});
