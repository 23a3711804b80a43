import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileFaults, usualFiles } from '../../web/service-desk/outgoing-files.ts';
import { englishTexts } from '../../web/service-desk/texts.ts';
import { answered, builtDesks, shapes, upload } from './desk-scene.ts';

const open = builtDesks();

describe.for(shapes)('row 16: %s', (shape) => {
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

  test('a file without a chat is shown not to be sent', async () => {
    const { desk, chat, people } = await open(shape);
    const filesToUpload = [upload('f-1', 'a.png', 'image/png')];
    await expect(desk.sendMessageToAgent({ input: { text: '' } }, 'm-1', { filesToUpload })).rejects.toThrow();
    expect(chat.lines[0]).toBe('file f-1: The file could not be sent.');
    expect(people.sent).toEqual([]);
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
