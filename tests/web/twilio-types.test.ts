import { expect, test } from 'vitest';
import { root, typeFaults } from './type-faults.ts';

test('what is declared of the client of Twilio fits the one that is published', () => {
  // The declarations of ours are not part of this program: it is compiled against the package.
  expect(typeFaults(`${root}/web/service-desk/index.ts`, 'es2023')).toBe('');
});
