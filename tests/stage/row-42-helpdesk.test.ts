import { describe, expect, test } from 'vitest';
import { words } from '../../shared/bots/helpdesk/words-en.ts';
import { type LegStory, phoneStage } from './phone-stage.ts';

const stage = phoneStage({ SERVICENOW_PIN_FIELD: 'u_helpdesk_pin' });

const HELPDESK = '+15005550012';
const LINCOLN = '+15005550121';
const STRANGER = '+15005550001';
const lincoln = 'abraham dot lincoln at example dot com';

/** Only what the bot says. */
const said = ({ heard }: LegStory) => heard.filter(({ by }) => by === 'line').map(({ text }) => text);

/** Calls and says this, prompt by prompt; what begins with a digit is pressed. */
async function calls(from: string, ...does: readonly string[]): Promise<LegStory> {
  const left = [...does];
  const callSid = await stage.callIn({ to: HELPDESK, from, waits: true });
  const asks = async () => Object(await stage.leg(callSid)).asks;
  for (const what of left) {
    await expect.poll(asks, { timeout: 15_000 }).toBeDefined();
    const [path, body] = /^\d/.test(what) ? ['press', { keys: what }] : ['say', { text: what }];
    await stage.ask('POST', `/_stage/calls/${path}`, { callSid, ...Object(body) });
  }
  return stage.leg(callSid);
}

async function overAfter(leg: LegStory): Promise<LegStory> {
  return stage.over(leg.callSid);
}

test('row 41: with an instance an incident is opened for a caller who is one of ours', async () => {
  const call = await overAfter(
    await calls(
      LINCOLN,
      'help me reset my password',
      'i don t exist at example dot com',
      'yes',
      lincoln,
      'yes',
      'high',
      'Password stuck in a loop',
      'yes',
      'Can I check the status of my tickets?',
      'Yes please',
      'thanks',
      'goodbye',
    ),
  );
  const heard = said(call);
  expect(heard).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Sorry, ".*@example\.com" isn't in our incident management system\. Please try again\.$/),
    ]),
  );
  const opened = heard.find((text) => text.startsWith('Successfully opened up incident')) ?? '';
  expect(opened).toMatch(/^Successfully opened up incident INC\d+ for you\. Someone will reach out soon\.$/);
  const [number = ''] = /INC\d+/.exec(opened) ?? [];
  expect(heard.filter((text) => text.startsWith('Incident '))).toEqual([
    expect.stringMatching(
      new RegExp(`^Incident ${number}: "Problem resetting password", opened on .* is currently awaiting triage\\.$`),
    ),
    expect.stringMatching(/^Incident INC\d+: "Problem with email", opened on .* is currently awaiting triage\.$/),
    expect.stringMatching(/^Incident INC\d+: "New monitor for the theatre", opened on .* is currently in progress\.$/),
  ]);
  expect(heard).toContain('And 2 more.');
});

describe('row 42: the tickets of somebody else', () => {
  test('row 42: are read out after the code that is texted to the phone on file', async () => {
    const asking = await calls(STRANGER, 'what is the status of my ticket', lincoln, 'yes');
    await expect.poll(async () => said(await stage.leg(asking.callSid))).toContain(words.askCode);
    const texts = await stage.ask<{ to: string; body: string }[]>('GET', '/_stage/texts');
    const text = texts.findLast(({ to }) => to === LINCOLN);
    const [code = ''] = /\d{4,10}/.exec(text?.body ?? '') ?? [];
    await stage.ask('POST', '/_stage/calls/press', { callSid: asking.callSid, keys: code });
    await expect.poll(async () => said(await stage.leg(asking.callSid)).join(' ')).toContain('New monitor');
  });

  test('row 42: sound like those of nobody to who has neither phone nor PIN', async () => {
    const guesses = [
      'what is the status of my ticket',
      'ADDRESS',
      'yes',
      '111111',
      '222222',
      '333333',
      '1111',
      '2222',
      '3333',
    ];
    const heard = await Promise.all(
      [lincoln, 'no body at example dot com'].map(async (address, nth) => {
        const from = `+1500555014${nth}`;
        const leg = await calls(from, ...guesses.map((guess) => guess.replace('ADDRESS', address)));
        await expect
          .poll(async () => said(await stage.leg(leg.callSid)), { timeout: 15_000 })
          .toContain(words.noTickets);
        const all = said(await stage.leg(leg.callSid)).filter((text) => !text.includes('Is that right?'));
        // What follows is the line in which they wait for a person.
        return all.slice(0, all.indexOf(words.noTickets) + 1);
      }),
    );
    expect(heard[0]).toEqual(heard[1]);
    expect(JSON.stringify(heard)).not.toMatch(/INC\d|theatre/);
  });
});
