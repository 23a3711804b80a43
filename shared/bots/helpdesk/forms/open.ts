import { confirmSlot, detailsOf } from '../slots/confirm.ts';
import { emailSlot } from '../slots/email.ts';
import { foundSlot } from '../slots/found.ts';
import { freeText } from '../slots/free-text.ts';
import { prioritySlot } from '../slots/priority.ts';
import { type FormKind, goingOn } from '../step.ts';
import { words } from '../words-en.ts';
import { ended } from './ended.ts';

/** Opens an incident. */
export const openForm: FormKind = {
  is: 'open',
  slots: ({ parts }) => [
    emailSlot,
    ...(parts.incidents ? [foundSlot] : []),
    prioritySlot,
    freeText('description', words.askDescription, 1_000),
    freeText('title', words.askTitle, 160),
    confirmSlot,
  ],
  done(visit) {
    const { parts, state, form } = visit;
    if (form.values.confirm !== 'yes') return ended(visit, words.cancelled);
    if (parts.incidents) return goingOn(state, 'open', words.oneMoment);
    return ended(visit, words.wouldOpen, ...detailsOf(visit));
  },
};
