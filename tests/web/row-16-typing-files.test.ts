import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileFaults, usualFiles } from '../../web/service-desk/outgoing-files.ts';
import { englishTexts } from '../../web/service-desk/texts.ts';
import { answered, builtDesks, says, shapes, upload } from './desk-scene.ts';
import type { PlayedConversation } from './played-conversation.ts';

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
    await expect.poll(() => people.deeds.at(-1)).toMatch(/^read [01]$/);
  });

  test('files go with words and without', async () => {
    const { desk, chat, people } = await answered(await open(shape));
    const files = [upload('f-1', 'receipt.PDF', 'application/pdf'), upload('f-2', 'photo.jpeg', 'image/jpeg')];
    await desk.sendMessageToAgent({ input: { text: '' } }, 'm-1', { filesToUpload: files });
    await expect.poll(() => chat.lines).toEqual(['file f-1 arrived', 'file f-2 arrived']);
    expect(people.sent).toEqual(['receipt.PDF', 'photo.jpeg']);
    await desk.sendMessageToAgent({ input: { text: 'And this' } }, 'm-2', {
      filesToUpload: [upload('f-3', 'c.png', 'image/png')],
    });
    await expect.poll(() => chat.lines).toContain('file f-3 arrived');
    expect(people.sent.slice(2)).toEqual(['And this', 'c.png']);
  });

  test('a file at fault is shown and not sent, the others go', async () => {
    const { desk, chat, people } = await answered(await open(shape));
    const files = [upload('f-1', 'virus.exe', 'application/pdf'), upload('f-2', 'photo.jpeg', 'image/jpeg')];
    desk.filesSelectedForUpload(files);
    expect(chat.lines).toEqual(['file f-1: Files of this type cannot be sent.']);
    expect(people.sent).toEqual([]);
    await desk.sendMessageToAgent({ input: { text: '' } }, 'm-1', { filesToUpload: files });
    await expect.poll(() => chat.lines).toContain('file f-2 arrived');
    expect(people.sent).toEqual(['photo.jpeg']);
  });

  test('a file that does not arrive is shown', async () => {
    const { desk, chat, people } = await answered(await open(shape));
    people.trouble.file = 'fails';
    await desk.sendMessageToAgent({ input: { text: 'See' } }, 'm-1', {
      filesToUpload: [upload('f-1', 'a.png', 'image/png')],
    });
    await expect.poll(() => chat.lines).toEqual(['file f-1: The file could not be sent.']);
    expect(people.sent).toEqual(['See']);
  });

  test('where files are off, none is offered and none is sent', async () => {
    const { desk, chat, people } = await open(shape, { files: false });
    await desk.startChat({});
    expect(chat.calls[0]).toEqual([
      'updateCapabilities',
      { allowFileUploads: false, allowMultipleFileUploads: false, allowedFileUploadTypes: '' },
    ]);
    await desk.sendMessageToAgent({ input: {} }, 'm-1', { filesToUpload: [upload('f-1', 'a.png', 'image/png')] });
    expect(chat.lines).toEqual(['file f-1: Files of this type cannot be sent.']);
    expect(people.sent).toEqual([]);
  });
});

test.for([
  ['a.png', 'image/png', 10, undefined],
  ['A.B.Jpg', 'image/jpeg', 10_000_000, undefined],
  ['a.png', 'image/png', 10_000_001, englishTexts.fileTooLarge],
  ['a.png', 'image/png', 0, englishTexts.fileEmpty],
  ['a.png', 'image/jpeg', 10, englishTexts.fileType],
  ['a.png.exe', 'image/png', 10, englishTexts.fileType],
  ['a', 'image/png', 10, englishTexts.fileType],
  ['a.svg', 'image/svg+xml', 10, englishTexts.fileType],
  ['a.html', 'text/html', 10, englishTexts.fileType],
  ['a.png', '', 10, englishTexts.fileType],
  ['constructor', 'constructor', 10, englishTexts.fileType],
  ['a\u202egnp.exe.png', 'image/png', 10, englishTexts.fileName],
  ['..png', 'image/png', 10, englishTexts.fileName],
  ['../a.png', 'image/png', 10, englishTexts.fileName],
  ['a\u0000.png', 'image/png', 10, englishTexts.fileName],
  [`${'a'.repeat(200)}.png`, 'image/png', 10, englishTexts.fileName],
] as const)('row 16: the file %j of type %j with %d bytes: %j', ([name, type, size, fault]) => {
  const file = { name, type, size } as File;
  expect(fileFaults([{ id: 'f', file }], usualFiles, englishTexts).get('f')).toBe(fault);
});

test('row 16: of too many files the first are taken', () => {
  const files = Array.from({ length: 7 }, (_, at) => upload(`f-${at}`, 'a.png', 'image/png'));
  expect([...fileFaults(files, usualFiles, englishTexts)]).toEqual([
    ['f-5', englishTexts.tooManyFiles],
    ['f-6', englishTexts.tooManyFiles],
  ]);
});

test('row 16: no file gets through whose ending is not one of its type', () => {
  const type = fc.constantFrom(...Object.keys(usualFiles.types), 'text/html', '');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), type, (name, of) => {
      const file = { name, type: of, size: 1 } as File;
      const isSound = !fileFaults([{ id: 'f', file }], usualFiles, englishTexts).has('f');
      const ending = name.split('.').at(-1)?.toLowerCase() ?? '';
      return !isSound || (usualFiles.types[of]?.includes(ending) && !/[\p{C}/\\]/u.test(name)) === true;
    }),
  );
});
