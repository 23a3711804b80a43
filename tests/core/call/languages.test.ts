import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../shared/core/call/languages/index.ts';
import type { Texts } from '../../../shared/core/call/languages/texts.ts';
import { languageOf } from '../../../shared/core/call/speech.ts';

const nothing = { name: undefined, topic: undefined };
const waiting = { name: 'Ada', topic: 'a parcel' };

/** Every text with everything filled in that it can hold, and with nothing. */
const said = (texts: Texts): readonly (readonly [keyof Texts, readonly string[]])[] =>
  (Object.entries(texts) as [keyof Texts, unknown][]).map(([name, text]) => {
    if (typeof text === 'string') return [name, [text]];
    switch (name) {
      case 'greeting':
        return [name, [texts.greeting(undefined, undefined), texts.greeting('Example', 'a parcel')]];
      case 'offer':
        return [
          name,
          [
            texts.offer({ callBack: true, message: false }),
            texts.offer({ callBack: false, message: true }),
            texts.offer({ callBack: true, message: true }),
          ],
        ];
      case 'waiting':
        return [name, [texts.waiting(nothing), texts.waiting(waiting)]];
      case 'holding':
        return [name, [undefined, 1, 2].map(texts.holding)];
      case 'closed':
        return [name, [texts.closed(undefined), texts.closed({ day: 'Monday', time: '9:00' })]];
      case 'textToAgent':
        return [
          name,
          [texts.textToAgent(nothing, 'https://x.example'), texts.textToAgent(waiting, 'https://x.example')],
        ];
      case 'reasons':
        return [name, Object.values(texts.reasons)];
      default:
        return [name, [(text as (value: string) => string)('a word')]];
    }
  });

describe.each(Object.entries(languages))('what is heard in %s', (tag, { voice, texts }) => {
  it('is spoken by a voice of that language', () => {
    expect(voice.language.split('-')[0]).toBe(tag);
    expect(languageOf(`${tag.toUpperCase()}-XX`, 'en')).toBe(tag);
  });

  it('says everything, and nothing that is missing', () => {
    for (const [name, variants] of said(texts)) {
      expect(new Set(variants).size, name).toBe(variants.length);
      for (const text of variants) {
        expect(text.trim(), name).not.toBe('');
        expect(text, name).not.toMatch(/undefined|null|\$\{| {2}|^ | $/);
      }
    }
    expect(texts.greeting('Example', 'a parcel')).toMatch(/Example.*a parcel/);
    expect(texts.waiting(waiting)).toMatch(/Ada.*a parcel/);
    expect(texts.textToAgent(waiting, 'https://x.example')).toMatch(/Ada.*a parcel.*https:\/\/x\.example$/);
  });

  it('names the keys that are offered, and no other', () => {
    expect(texts.offer({ callBack: true, message: true })).toMatch(/1.*2/);
    expect(texts.offer({ callBack: false, message: true })).not.toContain('1');
    expect(texts.offer({ callBack: true, message: false })).not.toContain('2');
    expect(texts.pressToAccept).toContain('1');
  });
});

it('a language is one file', () => {
  const folder = fileURLToPath(new URL('../../../shared/core/call/languages/', import.meta.url));
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
  expect(Object.keys(languages).sort()).toEqual(files.filter((name) => !['index', 'texts'].includes(name)).sort());
});
