import { describe, expect, test } from 'vitest';
import { phrasesOf } from '../../../scripts/generate/intents/phrases.ts';
import { understanding } from '../../../shared/bots/helpdesk/understand/index.ts';
import { isOutright } from '../../../shared/bots/helpdesk/understand/outright.ts';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { channelIn } from '../../../shared/core/voice-bot/words/index.ts';
import { readProjectFile } from '../../repo/tree.ts';
import { helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { memoryIncidents, user } from '../../support/helpdesk-ports.ts';

/** An incident that is read back. */
async function readBack() {
  const { incidents, opened } = memoryIncidents([user('jane@example.com')]);
  const call = helpdeskCall(helpdeskParts({ understanding, incidents }));
  const answers = ['open an incident', 'jane at example dot com', 'yes', 'high', 'the printer is on fire', 'fire'];
  for (const said of answers) await call.say(said);
  expect(call.answers.at(-1)?.says[0]).toEqual({ text: words.shouldIOpen });
  return { call, opened };
}

describe('when an incident is read back', () => {
  test.for([
    ...['later', 'perhaps later', 'yes later', 'right now', 'will it help', 'let me ask'],
    ...['the first one', 'does it matter', "I'm thinking", 'I am confused', "I'd hate to", 'what happens if I say yes'],
    ...['is it right to do that', 'okay but what', "I'm not saying no", "don't cancel", 'please do not cancel it'],
    ...["I'm locked out", 'I am stuck', "I'd like to order a pizza", 'so you are a bot, right', 'my password is wrong'],
    ...['I did not get what you just said', 'hello, I am Sarah', "I'm not getting any emails"],
    ...["I don't want to cancel", 'I did not say cancel', "no, I don't want it cancelled"],
  ])('what only resembles an answer or an end opens, cancels and ends nothing: %s', async (said) => {
    const { call, opened } = await readBack();
    expect((await call.say(said)).at(-1)).toBe('priority: high.');
    expect(call.last?.next).toBe('listen');
    await call.say('yes');
    expect(opened).toHaveLength(1);
  });

  test.for([
    ...[
      'yes',
      'yes, thank you',
      'yes please, open the ticket',
      'okay, thanks a lot',
      'I would like that',
      'yes, I am sure',
    ],
    ...['I do', 'I am happy with that', 'that is correct, please open it', 'yeah, go ahead and open an incident'],
    ...['yes, my password is gone', "yes, I'd like to", 'I did, yes'],
  ])('a yes opens it, whatever is said with it: %s', async (said) => {
    const { call, opened } = await readBack();
    await call.say(said);
    expect(opened).toHaveLength(1);
  });

  test.for([
    ['go ahead and cancel', words.cancelled],
    ['yes, cancel it', words.cancelled],
    ["no, don't open it, cancel", words.cancelled],
    ['why not cancel it', words.cancelled],
    ['scratch that', words.cancelled],
    ['I changed my mind', words.cancelled],
    ['let us start over', words.again],
    ['I have to go now', words.goodbye],
    ['have a nice day', words.goodbye],
    ['yes, agent', words.person],
    ['I would prefer to speak to a human', words.person],
    ["I don't want to talk to a computer, give me a person", words.person],
    ['okay, start over', words.again],
    ["I'd like to redo this from step one", words.again],
    ['okay, cancel the whole thing', words.cancelled],
    ["I'd like to quit this", words.cancelled],
    ["I'm done, thanks, bye", words.goodbye],
    ['it does not sound right', words.cancelled],
    ['I would disagree', words.cancelled],
  ] as const)('what is said outright is done: %s', async ([said, heard]) => {
    const { call, opened } = await readBack();
    expect((await call.say(said))[0]).toBe(heard);
    expect(opened).toEqual([]);
  });

  test.for([
    ['no, the title', words.askTitle],
    ['no, description', words.askDescription],
    ['it is not high', words.askPriority],
  ] as const)('a no to a detail asks for that anew: %s', async ([said, question]) => {
    const { call } = await readBack();
    expect(await call.say(said)).toEqual([question]);
  });

  test('what is not so important has a low priority', async () => {
    const { call } = await readBack();
    expect((await call.say("it's not that important")).at(-1)).toBe('priority: low.');
  });
});

test('nobody is hung up on who only says when', async () => {
  const call = helpdeskCall(helpdeskParts({ understanding }));
  await call.start();
  await call.say('right now');
  expect(call.last?.next).toBe('listen');
});

test('the words of an end are there in nearly all ways to say it', () => {
  const { goodbye } = channelIn('en').phrases;
  expect(goodbye.filter((said) => !isOutright('goodbye', said))).toEqual([]);
  for (const file of ['held-back', 'development']) {
    const phrases = JSON.parse(readProjectFile(`tests/fixtures/helpdesk/${file}.json`));
    for (const intent of ['restart', 'goodbye', 'cancel'] as const) {
      const lost = phrases[intent].filter((said: string) => !isOutright(intent, said) && !/\bskip\b/.test(said));
      expect(lost, `${intent} of ${file}`).toEqual([]);
    }
  }
  for (const intent of ['restart', 'goodbye', 'cancel'] as const) {
    const lines = readProjectFile(`shared/bots/helpdesk/understand/phrases/${intent}.txt`).split('\n');
    const all = lines.filter((line) => line !== '').flatMap((line) => [...phrasesOf(line)]);
    const lost = all.filter((said) => !isOutright(intent, said));
    expect(lost.length / all.length, lost.join('\n')).toBeLessThan(0.05);
  }
});
