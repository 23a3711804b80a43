import * as v from 'valibot';
import { defineFunction } from '../../../shared/core/function.ts';
import { noContent } from '../../../shared/core/reply.ts';
import { settings } from '../../../shared/core/settings.ts';

/** A function whose caller can only be checked over the raw bytes. */
export default defineFunction({
  name: 'needs-bytes',
  purpose: 'Takes what only the raw bytes prove',
  calledBy: 'tests',
  methods: ['POST'],
  caller: { kind: 'webhook', settings: settings({}), needsRawBody: true, check: async () => 'anybody' },
  input: { media: 'json', schema: v.unknown(), names: [] },
  settings: settings({}),
  ports: {},
  deadlineMs: 1_000,
  answer: () => noContent(),
});
