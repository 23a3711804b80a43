import { adminCaller } from '../shared/core/callers/admin.ts';
import { elsewhere } from '../shared/core/erase/elsewhere.ts';
import { eraseConversation } from '../shared/core/erase/erase.ts';
import { eraseRequest } from '../shared/core/erase/erase-request.ts';
import { defineFunction } from '../shared/core/function.ts';
import { json } from '../shared/core/reply.ts';
import { optional, settings, text, together } from '../shared/core/settings.ts';
import { openErasing, tableSettings } from '../shared/store/table.ts';

const deskName = settings({
  DESK: optional(text(), undefined, { is: 'where people answer', example: 'webhook' }),
});

/** Everything of a customer goes from the table, and who asked is told what is left at others. */
export default defineFunction({
  name: 'erase',
  purpose: 'Removes everything of a customer from the table, and tells what partners hold and how to erase it there',
  calledBy: 'whoever holds `ADMIN_KEY`',
  methods: ['POST'],
  caller: adminCaller,
  input: { media: 'json', schema: eraseRequest, names: 'ours' },
  settings: together(tableSettings, deskName),
  ports: { erasures: openErasing },
  // Below the 10 s that Twilio Functions may run; half of it is waiting for what was under way.
  deadlineMs: 9_000,

  async answer({ input: conversationId, settings: { DESK }, ports, deadline, clock, note }) {
    const { deleted, traces } = await eraseConversation({ ...ports, clock, deadline }, conversationId);
    note({ deleted, handovers: traces.handoverIds.length });
    return json(200, { deleted, elsewhere: elsewhere(conversationId, traces, DESK) });
  },
});
