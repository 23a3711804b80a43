import type { Understanding } from '../understanding.ts';
import { emailCandidates } from './email/candidates.ts';
import { spelledOut } from './email/spelled-out.ts';
import { understood } from './intent.ts';
import { keysIn, numberIn } from './numbers.ts';
import { priorityIn } from './priority.ts';
import { yesOrNo } from './yes-or-no.ts';

/** What the built-in helpdesk understands of English speech. Offline, the same each time, and never a rejection. */
export const understanding = {
  understood,
  yesOrNo,
  priorityIn,
  numberIn,
  keysIn,
  emailCandidates,
  spelledOut,
} satisfies Understanding;
