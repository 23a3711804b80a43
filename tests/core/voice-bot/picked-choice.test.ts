import { expect, test } from 'vitest';
import { keyOfChoice, pickedByKey, pickedByWords } from '../../../shared/core/voice-bot/picked-choice.ts';
import { channelIn } from '../../../shared/core/voice-bot/words/index.ts';

const choices = (...titles: string[]) => titles.map((title) => ({ title, value: `/${title}` }));
const priorities = choices('low', 'medium', 'high');
const twelve = choices('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l');

const said = (
  text: string,
  offered = priorities,
  listens: 'words' | 'key' | 'keys' = 'words',
  language: 'en' | 'de' = 'en',
) => pickedByWords(text, offered, { listens: { for: listens }, phrases: channelIn(language).phrases })?.title;

test('the key of a choice is its place, up to nine', () => {
  expect(pickedByKey('3', priorities, undefined)?.title).toBe('high');
  for (const keys of ['4', '0', '*', '#', '11', '']) expect(pickedByKey(keys, priorities, undefined)).toBeUndefined();
  expect(twelve.map((_, place) => keyOfChoice(place, undefined)).slice(8)).toEqual([
    9,
    undefined,
    undefined,
    undefined,
  ]);
  expect(pickedByKey('10', twelve, undefined)).toBeUndefined();
});

test.for([
  ['High.', 'high'],
  ['um, medium please', 'medium'],
  ['one', 'low'],
  ['number two', 'medium'],
  ['Option three!', 'high'],
  ['3', 'high'],
  ['to', 'medium'],
  ['won', 'low'],
  ['the second one', 'medium'],
  ['the first one please', 'low'],
] as const)('"%s" picks %s', ([text, title]) => {
  expect(said(text)).toBe(title);
});

test.for(['it is high time', 'four', 'one two', 'not low', 'number', 'press', ''])('"%s" picks nothing', (text) => {
  expect(said(text)).toBeUndefined();
});

test('a title that sounds like a number is the title', () => {
  expect(said('two', choices('two', 'one'))).toBe('two');
  expect(said('to', choices('from', 'to', 'for'))).toBe('to');
});

test('titles are compared without accents, marks and case, also where they are only such words', () => {
  expect(said('größe', choices('Größe!', 'Farbe'), 'words', 'de')).toBe('Größe!');
  expect(said('please', choices('Please', 'Well'))).toBe('Please');
  expect(said('...', choices('!?', 'x'))).toBeUndefined();
  expect(said('die zweite bitte', priorities, 'words', 'de')).toBe('medium');
});

test('where several keys are asked for, a number is one of them and a title still picks', () => {
  expect(pickedByKey('1', choices('skip'), { for: 'keys' })).toBeUndefined();
  expect(said('one', choices('skip'), 'keys')).toBeUndefined();
  expect(said('skip', choices('skip'), 'keys')).toBe('skip');
});
