import { describe, expect, test } from 'vitest';
import type { PlayedConversation } from '../../web/carbon-ai-chat/played-conversation.ts';
import { answered, builtDesks, says, shapes } from './desk-scene.ts';

const open = builtDesks();

type Deed = (people: PlayedConversation) => void;

/** What agents do, and what the customer is shown of it. */
const deeds: Readonly<Record<string, readonly [deeds: readonly Deed[], lines: readonly string[]]>> = {
  'an agent types and stops': [
    [(people) => people.types('Ada', true), (people) => people.types('Ada', false)],
    ['typing', 'not typing'],
  ],
  'an agent who types for long is told once': [
    [(people) => people.types('Ada', true), (people) => people.types('Ada', true)],
    ['typing'],
  ],
  'two agents type': [
    [
      (people) => people.joins('Bo'),
      (people) => people.types('Ada', true),
      (people) => people.types('Bo', true),
      (people) => people.types('Ada', false),
      (people) => people.types('Bo', false),
    ],
    ['joined Bo', 'typing', 'not typing'],
  ],
  'words end the typing': [
    [
      (people) => people.types('Ada', true),
      (people) => people.says('Ada', 'Yes'),
      (people) => people.types('Ada', false),
    ],
    ['typing', 'not typing', 'Ada: Yes'],
  ],
  'who leaves types no more': [
    [
      (people) => people.joins('Bo'),
      (people) => people.types('Bo', true),
      (people) => people.leaves('Bo'),
      (people) => people.types('Bo', true),
    ],
    ['joined Bo', 'typing', 'not typing', 'left'],
  ],
  'somebody types who is not there': [
    [(people) => people.types('Cleo', true), (people) => people.says('Ada', 'Hi')],
    ['Ada: Hi'],
  ],
  'a flow speaks that is nobody': [[(people) => people.says(undefined, 'You are next.')], ['nobody: You are next.']],
  'words come twice': [
    [
      (people) => people.says('Ada', 'Once'),
      (people) =>
        people.tells({
          kind: 'said',
          said: { index: 0, agentId: 'Ada', isMine: false, text: 'Once', files: [] },
        }),
      (people) => people.says('Ada', 'Twice'),
    ],
    ['Ada: Once', 'Ada: Twice'],
  ],
  'an agent sends a file without words': [
    [(people) => people.says('Ada', '', [{ name: 'offer (1).pdf', url: 'https://media.example.com/a_(b)?c=<d>' }])],
    ['Ada: [offer \\(1\\).pdf](https://media.example.com/a_%28b%29?c=%3Cd%3E)'],
  ],
  'an agent sends words and files': [
    [
      (people) =>
        people.says('Ada', 'Both', [
          { url: 'https://media.example.com/1' },
          { name: 'b.pdf', url: 'http://media.example.com/2' },
        ]),
    ],
    ['Ada: Both', 'Ada: [file](https://media.example.com/1)', 'Ada: b.pdf: The file is no longer available.'],
  ],
  'a file that is gone': [
    [(people) => people.says('Ada', '', [{ name: 'a.pdf' }])],
    ['Ada: a.pdf: The file is no longer available.'],
  ],
  'words that would be markup': [
    [
      (people) =>
        people.says('Ada', '<img src=x onerror=alert(1)> a < b && &lt; **bold** ![x](https://t.example.com/p.png)'),
      (people) =>
        people.says('Ada', '', [{ name: '](javascript:alert(1))<b>.pdf', url: 'https://media.example.com/3' }]),
      (people) => people.says('Ada', '', [{ name: 'x.pdf', url: 'javascript:alert(1)' }]),
    ],
    [
      'Ada: &lt;img src=x onerror=alert(1)> a < b && &amp;lt; **bold** !\\[x](https://t.example.com/p.png)',
      'Ada: [\\]\\(javascript:alert\\(1\\)\\)&lt;b>.pdf](https://media.example.com/3)',
      'Ada: x.pdf: The file is no longer available.',
    ],
  ],
};

describe.for(shapes)('row 16: %s', (shape) => {
  test.for(Object.entries(deeds))('%s', async ([, [given, lines]]) => {
    const { chat, people } = await answered(await open(shape));
    for (const deed of given) deed(people);
    await expect.poll(() => chat.lines).toEqual(lines);
  });

  test('people see that the customer types, and never that they do not', async () => {
    const { desk, people } = await answered(await open(shape));
    people.deeds.splice(0);
    await desk.userTyping(false);
    expect(people.deeds).toEqual([]);
    await desk.userTyping(true);
    await desk.userTyping(false);
    expect(people.deeds).toEqual(['typing']);
    await desk.endChat({});
    await desk.userTyping(true);
    expect(people.deeds.filter((deed) => deed === 'typing')).toHaveLength(1);
  });

  test('a message is read when an agent has read it, not when one answers', async () => {
    const { desk, chat, people } = await answered(await open(shape));
    await says(desk, 'One');
    people.says('Ada', 'An answer');
    await expect.poll(() => chat.lines).toEqual(['Ada: An answer']);
    people.reads('Ada');
    people.reads('Ada');
    await expect.poll(() => chat.lines).toEqual(['Ada: An answer', 'read']);
    await says(desk, 'Two');
    people.tells({ kind: 'read', agentId: 'Ada', index: 0 });
    people.says('Ada', 'Another');
    await expect.poll(() => chat.lines.at(-1)).toBe('Ada: Another');
    expect(chat.lines.filter((line) => line === 'read')).toHaveLength(1);
    people.reads('Ada');
    await expect.poll(() => chat.lines.filter((line) => line === 'read')).toHaveLength(2);
  });

  test('what the customer has read is told', async () => {
    const { desk, chat, people } = await answered(await open(shape));
    people.deeds.splice(0);
    await desk.userReadMessages();
    expect(people.deeds).toEqual([]);
    people.says('Ada', 'Read this');
    await expect.poll(() => chat.lines).toEqual(['Ada: Read this']);
    await desk.userReadMessages();
    expect(people.deeds).toEqual(['read 0']);
    await says(desk, 'I have read it');
    await expect.poll(() => people.deeds).toHaveLength(2);
    expect(people.deeds[1]).toMatch(/^read [01]$/);
  });
});
