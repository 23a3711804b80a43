import fc from 'fast-check';
import { expect, test } from 'vitest';
import { understanding } from '../../../shared/bots/helpdesk/understand/index.ts';
import { readProjectFile } from '../../repo/tree.ts';

const { emailCandidates, spelledOut } = understanding;

/** What was said, as a recogniser writes it, and the address that was meant. */
const vectors: readonly (readonly [string, string])[] = JSON.parse(
  readProjectFile('tests/fixtures/helpdesk/spoken-emails.json'),
);

test.for(vectors)('row 45: %j may mean %s', ([said, meant]) => {
  // Two are read back before the caller is asked to spell.
  expect(emailCandidates(said).slice(0, 2)).toContain(meant);
});

test('row 45: of what is said, the first candidate is mostly the one that was meant', () => {
  const missed = vectors.filter(([said, meant]) => emailCandidates(said)[0] !== meant);
  expect(1 - missed.length / vectors.length, missed.join('\n')).toBeGreaterThan(0.92);
});

test.for([
  ['jpk@bespoken.io', 'J, P, K, at bespoken, dot I, O'],
  ['w.huang@example.com', 'W, dot huang, at example, dot com'],
  ['anna_smith72@my-company.de', 'anna, underscore S, M, I, T, H, 7, 2, at M, Y, dash company, dot D, E'],
] as const)('row 45: %s is read back as %s', ([email, spelled]) => {
  expect(spelledOut(email)).toBe(spelled);
});

test.for([
  'I want to talk to an agent',
  'look at this',
  'skip',
  'I do not have one',
  'no',
  '',
  'my printer is at home',
  'the website example dot com does not work on my laptop',
  'I have seen today that nobody in my whole team can open example dot com',
  `${'a'.repeat(65)} at example dot com`,
  `peter at ${'a'.repeat(40)} dot ${'b'.repeat(40)} dot ${'c'.repeat(20)} dot com`,
])('row 45: in %j is no address', (said) => {
  expect(emailCandidates(said)).toEqual([]);
});

test.for([
  ['jane dot dough at example dot com', 'jane.doe@example.com'],
  ['sue dot wight at example dot com', 'sue.white@example.com'],
  ['mike underscore oh at example dot net', 'mike_o@example.net'],
  ['anna at at example dot com', 'anna@example.com'],
  ['anna at mail. example. com', 'anna@mail.example.com'],
  ['anna add example dot calm', 'anna@example.com'],
] as const)('row 45: %j may mean %s, which sounds the same', ([said, meant]) => {
  expect(emailCandidates(said).slice(0, 2)).toContain(meant);
});

test('row 45: what sounds like something else is spelled when it is read back', () => {
  expect(spelledOut('jane.dough@example.com')).toBe('jane, dot D, O, U, G, H, at example, dot com');
  expect(spelledOut('jane.lincoln@example.com')).toBe('jane, dot lincoln, at example, dot com');
});

test('two addresses in one breath are both candidates, a correction comes first', () => {
  expect(emailCandidates('jane@example.com or jan@example.com')).toEqual(['jane@example.com', 'jan@example.com']);
  expect(emailCandidates('jane@example.com no wait joan@example.com')[0]).toBe('joan@example.com');
});

const letter = fc.constantFrom(...'bcdfghjklmnpqrstvwxyz');
const spelled = fc.array(letter, { minLength: 2, maxLength: 12 });

test('row 45: what is spelled letter by letter is that address, as letters or with examples', () => {
  fc.assert(
    fc.property(spelled, spelled, fc.constantFrom('com', 'org', 'net'), (name, domain, end) => {
      const meant = `${name.join('')}@${domain.join('')}.${end}`;
      expect(emailCandidates(`${name.join(' ')} at ${domain.join(' ')} dot ${end}`)[0]).toBe(meant);
      const explained = name.map((one) => `${one} as in ${one}aaa`).join(' ');
      expect(emailCandidates(`um ${explained} at ${domain.join(' ')} dot ${end} thank you`)[0]).toBe(meant);
      expect(emailCandidates(meant.toUpperCase())[0]).toBe(meant);
    }),
    { numRuns: 500 },
  );
});
