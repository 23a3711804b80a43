import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { PlayedConversation } from '../../web/carbon-ai-chat/played-conversation.ts';
import { answered, builtDesks, connectMessage, shapes } from './desk-scene.ts';

const open = builtDesks();

/** Longer than a customer is left without a word after the last agent has gone. */
const SETTLED_MS = 2_000;

type Step = ((people: PlayedConversation) => void) | 'time passes';

const joins =
  (id: string): Step =>
  (people) =>
    people.joins(id);
const leaves =
  (id: string): Step =>
  (people) =>
    people.leaves(id);
const says =
  (id: string, text = 'Hello'): Step =>
  (people) =>
    people.says(id, text);
const closes: Step = (people) => people.closes();

/** What happens after Ada has joined, and what the customer is shown. */
const sequences: Readonly<Record<string, readonly [steps: readonly Step[], lines: readonly string[]]>> = {
  'Flex, one agent after the other': [
    [leaves('Ada'), joins('Bo'), says('Bo')],
    ['transferring', 'joined Bo', 'Bo: Hello'],
  ],
  'Flex, with a wait between them': [
    [leaves('Ada'), 'time passes', joins('Bo'), says('Bo')],
    ['left', 'joined Bo', 'Bo: Hello'],
  ],
  'Flex, both at once for a moment': [
    [joins('Bo'), leaves('Ada'), says('Bo')],
    ['joined Bo', 'transferring to Bo', 'Bo: Hello'],
  ],
  'Flex, back to the first agent': [
    [joins('Bo'), leaves('Ada'), joins('Ada'), leaves('Bo'), says('Ada')],
    ['joined Bo', 'transferring to Bo', 'joined Ada', 'transferring to Ada', 'Ada: Hello'],
  ],
  'Flex, a supervisor looks in': [
    [joins('Cleo'), says('Cleo', 'May I?'), leaves('Cleo'), says('Ada')],
    ['joined Cleo', 'Cleo: May I?', 'left', 'Ada: Hello'],
  ],
  'Flex, the agent wraps up: out first, then closed': [[leaves('Ada'), closes], ['ended']],
  'Flex, closed with the agent in it': [[closes, leaves('Ada')], ['ended']],
  'Flex, the agent has gone and the chat is closed later': [
    [leaves('Ada'), 'time passes', closes],
    ['left', 'ended'],
  ],
  'Flex, the agent is back before anybody noticed': [[leaves('Ada'), joins('Ada'), says('Ada')], ['Ada: Hello']],
  'Flex, three agents, each leaves': [
    [joins('Bo'), joins('Cleo'), leaves('Ada'), leaves('Bo'), leaves('Cleo'), 'time passes'],
    ['joined Bo', 'joined Cleo', 'transferring to Cleo', 'transferring to Cleo', 'left'],
  ],
  'Genesys, the second is connected before the first is out': [
    [joins('Bo'), says('Bo', 'I have read everything.'), leaves('Ada'), says('Bo')],
    ['joined Bo', 'Bo: I have read everything.', 'transferring to Bo', 'Bo: Hello'],
  ],
  'Genesys, the first is out before the second is connected': [
    [says('Ada', 'I put you through.'), leaves('Ada'), joins('Bo'), says('Bo')],
    ['Ada: I put you through.', 'transferring', 'joined Bo', 'Bo: Hello'],
  ],
  'Genesys, everybody is out and the customer with them': [[leaves('Ada'), closes], ['ended']],
  'events that come twice': [
    [joins('Ada'), joins('Bo'), joins('Bo'), leaves('Ada'), leaves('Ada'), closes, closes],
    ['joined Bo', 'transferring to Bo', 'ended'],
  ],
  'somebody leaves who never came': [[leaves('Cleo'), says('Ada')], ['Ada: Hello']],
};

describe.for(shapes)('row 15: %s', (shape) => {
  test.for(Object.entries(sequences))('%s', async ([, [steps, lines]]) => {
    const { chat, people, clock, flexToken } = await answered(await open(shape));
    for (const step of steps) {
      if (step !== 'time passes') step(people);
      else {
        // Nothing here waits for anything but promises.
        await setImmediate();
        clock.advance(SETTLED_MS);
      }
    }
    await expect.poll(() => chat.lines).toEqual(lines);
    await expect.poll(() => flexToken.isOpen).toBe(!lines.includes('ended'));
    clock.advance(SETTLED_MS);
    await setImmediate();
    expect(chat.lines).toEqual(lines);
  });

  test('somebody who comes while the customer is about to be told that nobody is left', async () => {
    const { chat, people, clock } = await answered(await open(shape));
    people.leaves('Ada');
    await setImmediate();
    // What is shown next takes longer than the last agent may be gone without a word.
    people.says(undefined, '', [{ name: 'terms.pdf', isSilent: true }]);
    people.joins('Bo');
    await setImmediate();
    clock.advance(SETTLED_MS);
    await setImmediate();
    clock.advance(10_000);
    await expect.poll(() => chat.lines.at(-1)).toBe('joined Bo');
    await setImmediate();
    expect(chat.lines).toEqual(['nobody: terms.pdf: The file is no longer available.', 'transferring', 'joined Bo']);
  });

  test('a chat that is closed before anybody came is not ended by an agent', async () => {
    const { desk, chat, people, flexToken } = await open(shape);
    await desk.startChat(connectMessage());
    people.closes();
    await expect
      .poll(() => chat.lines)
      .toEqual(['could not connect: Nobody could take your chat. Please try again later.']);
    await expect.poll(() => flexToken.isOpen).toBe(false);
  });

  test('an agent has a name also when it cannot be found out, and a picture only from a public place', async () => {
    const { desk, chat, people, clock } = await open(shape);
    await desk.startChat(connectMessage());
    const pictures = [
      'http://cdn.example.com/a.png',
      'https://10.0.0.1/a.png',
      'https://localhost/a.png',
      'https://user:password@cdn.example.com/a.png',
      'javascript:alert(1)',
      'data:image/png;base64,AA==',
    ];
    for (const [at, avatarUrl] of pictures.entries()) people.joins(`a${at}`, { name: `a${at}`, avatarUrl });
    people.joins('a6', { name: '<b>Bo</b>\u202e\u0000', avatarUrl: 'https://cdn.example.com/b.png' });
    people.joins('a7', { name: '   ' });
    people.joins('a8', { name: undefined });
    await expect.poll(() => chat.lines).toHaveLength(9);
    people.joins('a9', { isSilent: true });
    await expect
      .poll(() => {
        clock.advance(1_000);
        return chat.lines.slice(6);
      })
      .toEqual([
        'joined a6 as bBo/b https://cdn.example.com/b.png',
        'joined a7 as Agent',
        'joined a8 as Agent',
        'joined a9 as Agent',
      ]);
    expect(chat.lines.slice(0, 6)).toEqual(pictures.map((_, at) => `joined a${at}`));
  });
});
