import { describe, expect, test } from 'vitest';
import { readProjectFile } from '../repo/tree.ts';
import { type DialogPlayer, type DialogSkill, dialogPlayer } from '../support/watson-dialog.ts';
import { watsonJwt } from '../support/watson-jwt.ts';
import { stageOfFile } from './stage-of-file.ts';

const secret = 'watson-webhook-secret-0123456789abcdef';
const stage = stageOfFile({ WATSON_WEBHOOK_SECRET: secret });

const english: DialogSkill = JSON.parse(readProjectFile('watson/skill-claim-en.json'));
const german: DialogSkill = JSON.parse(readProjectFile('watson/skill-claim-de.json'));
/** As long as the twins may take to play a call. */
const SOON = { timeout: 10_000 };

const PHONE = '+15005550006';

/** What Watson does with the webhook of the skill: its parameters are the body; whatever is not 2xx leaves nothing. */
async function webhook(parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
  const answer = await stage.send('/click-to-call', {
    method: 'POST',
    headers: { authorization: watsonJwt(secret), 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });
  return answer.ok ? JSON.parse(await answer.text()) : undefined;
}

/** Begins a conversation and says these things, one after the other. Resolves to what was answered to the last. */
async function talk(skill: DialogSkill, ...says: readonly string[]) {
  const player = dialogPlayer(skill, webhook);
  await player.turn();
  const answers = [];
  for (const text of says) answers.push((await player.turn(text)).join(' '));
  return { player, last: answers.at(-1) ?? '', answers };
}

const goOn = async (player: DialogPlayer, text: string) => (await player.turn(text)).join(' ');

interface Call {
  readonly to: string;
  readonly heard: readonly { readonly text: string }[];
}

const calls = () => stage.ask<Call[]>('GET', '/_stage/calls');
const called = async () => (await calls()).map(({ to }) => to);

const toOffer = ['I want to report a damage', 'yes', 'yes', 'AB 123', 'Rome'];

describe('the claim skill, played', () => {
  test('takes up a damage, offers a call, and the person who takes it knows what was said', async () => {
    const { answers } = await talk(english, ...toOffer, 'yes please do', '+1 500 555-0006');
    expect(answers).toEqual([
      'You want to report a damage, is that right?',
      'Is it hail damage?',
      "What's the license plate?",
      'Your license plate is AB 123. Where did it happen?',
      'I have noted hail damage to AB 123 in Rome. Shall a colleague call you about it?',
      expect.stringMatching(/^Which number shall we call\?/),
      'Your call has been started. Please answer your phone.',
    ]);
    expect(await called()).toContain(PHONE);
    const agentHeard = async () =>
      (await calls()).filter(({ to }) => to === '+15005550008').flatMap(({ heard }) => heard.map(({ text }) => text));
    await expect
      .poll(async () => (await agentHeard()).join(' '), SOON)
      .toMatch(/plate: AB 123, place: Rome, damage: hail/);
  });

  test('in German says the same in German', async () => {
    const { answers } = await talk(
      german,
      ...['Ich möchte einen Schaden melden', 'ja', 'genau', 'B AB 123', 'Berlin', 'nein', 'Rufen Sie mich an', PHONE],
    );
    expect(answers.slice(-4)).toEqual([
      'Ich habe einen Hagelschaden an B AB 123 in Berlin notiert. Soll Sie jemand dazu anrufen?',
      expect.stringMatching(/^Gut, niemand ruft Sie an\./),
      expect.stringMatching(/^Welche Nummer sollen wir anrufen\?/),
      'Ihr Anruf ist gestartet. Bitte gehen Sie ans Telefon.',
    ]);
    expect(await called()).toContain(PHONE);
  });

  test.for([
    ['at once', []],
    ['in the middle of the claim', ['I want to report a damage']],
    ['instead of the license plate', ['I want to report a damage', 'yes', 'yes']],
    ['instead of the place', ['I want to report a damage', 'yes', 'yes', 'AB 123']],
    ['instead of yes or no', toOffer],
  ] as const)('who asks for a person is asked for a number: %s', async ([, before]) => {
    const { player, last } = await talk(english, ...before, 'I want to talk to a person');
    expect(last).toMatch(/^Which number shall we call\?/);
    expect(await goOn(player, PHONE)).toMatch(/^Your call has been started/);
    expect(await called()).toContain(PHONE);
  });

  test('who gives the number right away is called right away', async () => {
    expect((await talk(english, `please call me at ${PHONE}`)).last).toMatch(/^Your call has been started/);
  });

  test('no is taken for no, wherever it is said', async () => {
    expect((await talk(english, 'I want to report a damage', 'no')).last).toBe(
      'All right. What else can I do for you?',
    );
    expect((await talk(english, 'I want to report a damage', 'yes', 'no')).last).toMatch(
      /^A colleague takes up any other/,
    );
    expect((await talk(english, ...toOffer, 'no')).last).toMatch(/^I see, nobody will call you/);
    expect((await talk(english, 'call an agent', 'never mind')).last).toMatch(/^I see, nobody will call you/);
    expect(await called()).toEqual([]);
  });

  test('what was not understood is asked again, in its place', async () => {
    const { player, last } = await talk(english, 'I want to report a damage', 'perhaps');
    expect(last).toMatch(/yes or no/);
    expect(await goOn(player, 'yes')).toBe('Is it hail damage?');
    expect(await goOn(player, 'hm')).toMatch(/yes or no/);
    expect(await goOn(player, 'no')).toMatch(/^A colleague takes up any other/);
    expect(await goOn(player, 'hm')).toMatch(/yes or no/);
    expect(await goOn(player, 'yes')).toMatch(/^Which number/);
    expect(await goOn(player, 'my number')).toMatch(/does not look like a phone number/);
    expect(await goOn(player, '555 1234')).toMatch(/^I cannot call that number\. Please give it with the country code/);
    expect(await goOn(player, PHONE)).toMatch(/^Your call has been started/);
    expect((await talk(english, 'lorem ipsum')).last).toMatch(/^I didn't understand/);
  });

  test('a number that may not be called is said to be one', async () => {
    expect((await talk(english, 'call an agent', '+49 30 123456')).last).toMatch(/^I am not allowed to call numbers/);
    expect(await called()).toEqual([]);
  });

  test('how the call stands is told when it is asked for', async () => {
    expect((await talk(english, 'where is my call')).last).toBe(
      'You have not asked me for a call yet. Do you want one?',
    );
    await stage.ask('POST', '/_stage/people', { [PHONE]: { answers: 'busy' } });
    const { player } = await talk(english, 'call an agent', PHONE);
    await expect.poll(() => goOn(player, 'where is my call'), SOON).toBe('We called you, but your line was busy.');
  });

  test('a call of which nobody knows is said to be one, and can be asked about', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: 'reset-after-send' });
    const { player, last } = await talk(english, 'call an agent', PHONE);
    expect(last).toMatch(/^I do not know whether the call was started/);
    await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: 'ok' });
    await expect.poll(() => goOn(player, 'did you call me'), SOON).not.toMatch(/^I (do not know|cannot say)/);
  });

  test('a webhook that fails is no promise', async () => {
    const player = dialogPlayer(english, async () => undefined);
    await player.turn();
    await player.turn('call an agent');
    expect(await goOn(player, PHONE)).toMatch(/^Something went wrong, and I cannot say whether you will be called/);
    expect(await goOn(player, 'What time is it')).toBe('I cannot tell you the time at the moment.');
  });

  test('the time, and what it can do', async () => {
    expect((await talk(english, 'What time is it')).last).toMatch(/^It's \d\d:\d\d UTC now\.$/);
    expect((await talk(english, 'What can you do?')).last).toMatch(/have a colleague call you/);
  });

  test('row 25: a license plate that is more than one changes nothing', async () => {
    const plate = 'AB&salesNumber=+1900&phone=%2B19005550199","phone":"+19005550199';
    await talk(english, 'I want to report a damage', 'yes', 'yes', plate, 'Rome', 'yes', PHONE);
    expect(await called()).toContain(PHONE);
    expect((await called()).filter((to) => to.includes('900'))).toEqual([]);
  });
});
