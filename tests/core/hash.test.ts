import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacSha1, hmacSha256, sha256 } from '../../shared/core/hash.ts';

const data = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 500 }));

test('hashes are those of Node, for texts and bytes', () => {
  fc.assert(
    fc.property(data, data, (key, message) => {
      expect(sha256(message)).toEqual(createHash('sha256').update(message).digest());
      expect(hmacSha256(key, message)).toEqual(createHmac('sha256', key).update(message).digest());
      expect(hmacSha1(key, message)).toEqual(createHmac('sha1', key).update(message).digest());
    }),
  );
});
